/** How much of its time a thread has run, read now and then by the clock of its samples. */
export interface ThreadReadings {
  /** µs of the target's clock, ascending. */
  readonly atUs: Float64Array;
  /** µs so far that it had a CPU, or was ready and waited for one; never falls. */
  readonly usedUs: Float64Array;
  /** µs of these that it had a CPU; the same where nobody tells them apart. */
  readonly ranUs: Float64Array;
  /**
   * Read from inside the target between two windows, and perhaps of all threads together: no more than a bound, with no
   * telling what waited within the window.
   */
  readonly isCoarse: boolean;
}

/**
 * Puts time where it was used. The kernel books what a running thread has used at its ticks, and what it waited for a CPU
 * when it gets one: late, never early. What is more than the time since the reading before was used before that one.
 */
export function settle(atUs: Float64Array, sumsUs: Float64Array): void {
  for (let n = sumsUs.length - 2; n >= 0; n--) sumsUs[n] = Math.max(sumsUs[n], sumsUs[n + 1] - (atUs[n + 1] - atUs[n]));
}

/** The sum until then, `usedUs` or `ranUs`; as if it had grown evenly between two readings. */
export function sumUntil(atUs: Float64Array, sumsUs: Float64Array, timeUs: number): number {
  let low = 0;
  let high = atUs.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (atUs[middle] < timeUs) low = middle + 1;
    else high = middle;
  }
  if (!low || atUs[low] <= timeUs) return sumsUs[low];
  const before = low - 1;
  const share = (timeUs - atUs[before]) / (atUs[low] - atUs[before]);
  return sumsUs[before] + share * (sumsUs[low] - sumsUs[before]);
}
