import type { V8CpuProfile } from './v8Profile';

/** µs of the clock of the profile. */
export interface ClockSpan {
  readonly startUs: number;
  readonly endUs: number;
}

export interface LeftOut {
  readonly profile: V8CpuProfile;
  /** µs that are nobody's now. */
  readonly leftOutUs: number;
}

/**
 * The profile with nobody in these spans, and in functions of scripts of this URL with all that they call: what measuring
 * itself causes is not the program's time. What is left out stands on the root, as a gap does. What the profile holds is
 * a target's word: where its samples and their times do not fit, it comes back as it is.
 */
export function leaveOut(profile: V8CpuProfile, spans: readonly ClockSpan[], url: string): LeftOut {
  const { samples, timeDeltas, startTime, endTime } = profile;
  const inside = spans.filter(({ startUs, endUs }) => endUs > startUs && endUs > startTime && startUs < endTime);
  const own = nodesOf(profile, url);
  const root: unknown = (profile.nodes[0] as { id?: unknown } | null | undefined)?.id;
  const fits = Array.isArray(samples) && Array.isArray(timeDeltas) && samples.length === timeDeltas.length;
  if (!fits || typeof root !== 'number' || (!inside.length && !own.size)) return { profile, leftOutUs: 0 };

  const nodes: number[] = [];
  const deltas: number[] = [];
  let last = startTime;
  let now = startTime;
  let next = 0;
  let leftOutUs = 0;
  const put = (node: number, at: number): void => {
    nodes.push(node);
    deltas.push(at - last);
    last = at;
  };
  inside.sort((a, b) => a.startUs - b.startUs);
  for (let n = 0; n < samples.length; n++) {
    const node = samples[n];
    now += timeDeltas[n];
    // A span that began since the last sample ends that sample's time.
    for (; next < inside.length && inside[next].startUs < now; next++) {
      const { startUs, endUs } = inside[next];
      if (nodes.length && startUs > last) put(root, startUs);
      leftOutUs += Math.min(endUs, endTime) - Math.max(startUs, startTime);
    }
    const isInSpan = next > 0 && now <= inside[next - 1].endUs;
    if (!isInSpan && own.has(node)) leftOutUs += n + 1 < samples.length ? Math.max(0, timeDeltas[n + 1]) : 0;
    put(isInSpan || own.has(node) ? root : node, now);
  }
  return { profile: { ...profile, samples: nodes, timeDeltas: deltas }, leftOutUs };
}

/** Ids of the functions of that script and of all that they call. */
function nodesOf({ nodes }: V8CpuProfile, url: string): Set<number> {
  const found = new Set<number>();
  const calls = new Map<number, readonly number[]>();
  const open: number[] = [];
  for (const node of nodes as readonly (Partial<V8CpuProfile['nodes'][number]> | null | undefined)[]) {
    if (typeof node?.id !== 'number') continue;
    if (Array.isArray(node.children)) calls.set(node.id, node.children);
    if ((node.callFrame as { url?: unknown } | null | undefined)?.url === url) open.push(node.id);
  }
  while (open.length) {
    const id = open.pop()!;
    if (found.has(id)) continue;
    found.add(id);
    for (const child of calls.get(id) ?? []) open.push(child);
  }
  return found;
}
