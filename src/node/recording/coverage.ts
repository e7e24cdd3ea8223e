/** How much of what an isolate did was sampled: those of many are in turn. Times are ms of one clock, of its thread's CPU where that can be read. */
export interface Coverage {
  /** What was used up to now, sampled or not. */
  mark(now: number, isSampled: boolean): void;
  /** What was used since the last mark is not meant to be measured. */
  skip(now: number): void;
  /** From now on it counts that it is not always sampled. */
  leaveOut(): void;
  /** 0..1; undefined as long as it was never left out. */
  readonly share: number | undefined;
  /** ms of the clock. */
  readonly totalMs: number;
  /** Forgets what was, and not that it is left out. */
  forget(): void;
}

export function createCoverage(): Coverage {
  let last: number | undefined;
  let totalMs = 0;
  let sampledMs = 0;
  let isPartial = false;
  return {
    mark(now, isSampled) {
      const used = last === undefined ? 0 : Math.max(0, now - last);
      last = now;
      totalMs += used;
      if (isSampled) sampledMs += used;
    },
    skip(now) {
      last = now;
    },
    leaveOut() {
      isPartial = true;
    },
    get share() {
      if (!isPartial) return undefined;
      return totalMs > 0 ? sampledMs / totalMs : 0;
    },
    get totalMs() {
      return totalMs;
    },
    forget() {
      totalMs = 0;
      sampledMs = 0;
    },
  };
}

/** More than that is not made of what was seen: a moment says too little. */
const MOST_SCALED = 50;

/** By what sampled time is to be multiplied to stand for all of it. */
export function scaleOf(coverage: Coverage): number {
  const { share } = coverage;
  return share === undefined || share <= 0 ? 1 : Math.min(MOST_SCALED, 1 / share);
}
