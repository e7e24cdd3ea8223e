import type { Draft } from './draft';

/**
 * Cumulative times to times of the stages themselves. Servers round to whole milliseconds, so that a child may seem to take
 * longer than its parent: 0 then.
 */
export function addSelfTimes(roots: readonly Draft[]): void {
  const order: Draft[] = [];
  const open = [...roots];
  for (let draft = open.pop(); draft; draft = open.pop()) {
    order.push(draft);
    for (const child of draft.children) open.push(child);
  }
  /** Cumulative time, or of one without any the time of what is below it. */
  const covered = new Map<Draft, number>();
  // Children stand after their parents.
  for (let i = order.length - 1; i >= 0; i--) {
    const draft = order[i];
    const below = timeBelow(draft, covered) + (draft.earlierMillis ?? 0);
    covered.set(draft, draft.millis ?? below);
    if (draft.millis !== undefined) draft.selfMillis ??= Math.max(0, rounded(draft.millis - below));
    delete draft.earlierMillis;
  }
}

/** Shards work side by side, and the branches of a `$facet` have their input's time in their own. */
function timeBelow(draft: Draft, covered: ReadonlyMap<Draft, number>): number {
  let sum = 0;
  let longest = 0;
  for (const child of draft.children) {
    const time = covered.get(child) ?? 0;
    sum += time;
    longest = Math.max(longest, time);
  }
  const sideBySide = draft.name === '$facet' || draft.children.some(({ shard }) => shard !== draft.shard);
  return sideBySide ? longest : sum;
}

/** Differences of fractions have digits that mean nothing. */
function rounded(millis: number): number {
  return Math.round(millis * 1e6) / 1e6;
}
