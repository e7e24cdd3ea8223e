import type { CallTree } from './callTree';
import type { RawHeapNode, RawHeapProfile } from './rawProfile';

/** Bytes that one heap profile adds, by node of the call tree. */
export type HeapSlice = Map<number, number>;

/** Adds a V8 sampling heap profile to the tree; iterative, because foreign files can be thousands of frames deep. */
export function absorbHeapProfile(tree: CallTree, profile: RawHeapProfile): { slice: HeapSlice; problems: string[] } {
  const slice: HeapSlice = new Map();
  const problems: string[] = [];
  if (!profile.head || typeof profile.head !== 'object') {
    problems.push('the profile has no head node');
    return { slice, problems };
  }
  const stack: [RawHeapNode, number][] = [[profile.head, 0]];
  const seen = new Set<RawHeapNode>();
  let invalid = 0;
  while (stack.length) {
    const [raw, parent] = stack.pop()!;
    if (seen.has(raw)) continue;
    seen.add(raw);
    const node = tree.place(parent, raw.callFrame);
    if (isSize(raw.selfSize)) slice.set(node, (slice.get(node) ?? 0) + raw.selfSize);
    else if (raw.selfSize !== 0) invalid++;
    if (Array.isArray(raw.children)) {
      for (const child of raw.children) if (child && typeof child === 'object') stack.push([child, node]);
    }
  }
  if (invalid) problems.push(`${invalid} nodes have no valid size`);
  return { slice, problems };
}

function isSize(bytes: unknown): boolean {
  return typeof bytes === 'number' && bytes > 0 && bytes <= Number.MAX_SAFE_INTEGER;
}

/** All bytes of a profile. */
export function profiledBytes(profile: RawHeapProfile): number {
  let bytes = 0;
  const stack: (RawHeapNode | undefined)[] = [profile.head];
  for (let node = stack.pop(); node; node = stack.pop()) {
    bytes += node.selfSize;
    for (const child of node.children) stack.push(child);
  }
  return bytes;
}

export function addHeapSlice(target: HeapSlice, slice: HeapSlice): void {
  for (const [node, bytes] of slice) target.set(node, (target.get(node) ?? 0) + bytes);
}
