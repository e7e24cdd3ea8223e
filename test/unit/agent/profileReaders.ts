import type { RawCpuProfile, RawHeapNode, RawHeapProfile } from '../../../src/core/profile/rawProfile';

/** Samples whose top frame has that name. */
export function hitsOf(profile: RawCpuProfile, functionName: string): number {
  return profile.nodes
    .filter((node) => node.callFrame.functionName === functionName)
    .reduce((sum, node) => sum + (node.hitCount ?? 0), 0);
}

export function nonIdleHits(profile: RawCpuProfile): number {
  return profile.nodes
    .filter((node) => !['(idle)', '(root)', '(program)'].includes(node.callFrame.functionName))
    .reduce((sum, node) => sum + (node.hitCount ?? 0), 0);
}

/** Bytes of the nodes with that name. */
export function bytesOf(profile: RawHeapProfile, functionName: string): number {
  let bytes = 0;
  const pending: RawHeapNode[] = [profile.head];
  for (let node = pending.pop(); node; node = pending.pop()) {
    if (node.callFrame.functionName === functionName) bytes += node.selfSize;
    pending.push(...node.children);
  }
  return bytes;
}
