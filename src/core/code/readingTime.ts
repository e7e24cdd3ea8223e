/** The time in which a file is to be read: what is not read by then is left out. */
export interface ReadingTime {
  /** Milliseconds that are left; below 0 where it is over. */
  left(): number;
}

export const UNLIMITED: ReadingTime = { left: () => Infinity };

/** Begins anew with each `start`; `now` in milliseconds since whenever. */
export function createReadingTime(
  limitMs: number,
  now: () => number = () => performance.now(),
): ReadingTime & { start(): void } {
  let end = Infinity;
  return {
    start() {
      end = now() + limitMs;
    },
    left: () => end - now(),
  };
}
