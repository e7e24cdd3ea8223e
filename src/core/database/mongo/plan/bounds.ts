import type { Stage } from '../../plan';

/** Whether the intervals let every key through. */
export function isUnbounded(intervals: readonly string[] | undefined): boolean {
  return intervals?.length === 1 && /^\[(MinKey, MaxKey|MaxKey, MinKey)\]$/.test(intervals[0]);
}

/** Fields of the index that the query does not bound, in order. */
export function unboundedFields({ bounds }: Pick<Stage, 'bounds'>): string[] {
  return Object.keys(bounds ?? {}).filter((field) => isUnbounded(bounds?.[field]));
}

/** The first of them; null when all are bounded, or bounds are not told. */
export function firstUnbounded(stage: Pick<Stage, 'bounds'>): string | null {
  return unboundedFields(stage)[0] ?? null;
}
