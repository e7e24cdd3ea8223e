import type { V8CpuProfile } from './v8Profile';

/** µs of the profile in which there was something to do. It is a target's word: what does not fit counts as nothing. */
export function busyUs({ nodes, samples, timeDeltas }: V8CpuProfile): number {
  if (!Array.isArray(samples) || !Array.isArray(timeDeltas)) return 0;
  const idle = new Set<unknown>();
  for (const node of nodes as readonly (Partial<V8CpuProfile['nodes'][number]> | null | undefined)[]) {
    const name = (node?.callFrame as { functionName?: unknown } | null | undefined)?.functionName;
    if (name === '(idle)' || name === '(root)') idle.add(node?.id);
  }
  let us = 0;
  for (let n = 1; n < samples.length; n++) {
    const delta: unknown = timeDeltas[n];
    if (typeof delta === 'number' && delta > 0 && !idle.has(samples[n - 1])) us += delta;
  }
  return us;
}
