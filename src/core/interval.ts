/** Epoch ms. */
export interface Interval {
  readonly startMs: number;
  readonly endMs: number;
}

/** From the earlier start to the later end; undefined where both are. */
export function spanOf(a: Interval, b: Interval | undefined): Interval;
export function spanOf(a: Interval | undefined, b: Interval | undefined): Interval | undefined;
export function spanOf(a: Interval | undefined, b: Interval | undefined): Interval | undefined {
  if (!a || !b) return a ?? b;
  return { startMs: Math.min(a.startMs, b.startMs), endMs: Math.max(a.endMs, b.endMs) };
}
