import { settle, type ThreadReadings } from '../../core/measurement/threadReadings';

/** Readings that are kept: ten minutes at the usual pace, when a target lets a window last that long. */
const MOST_READINGS = 60_000;
/** µs between the end of a window and the readings around it: more, and its times are not of this clock. */
const MOST_APART_US = 5_000_000;

/** µs, as in `ThreadReadings`. */
export interface Reading {
  readonly atUs: number;
  readonly usedUs: number;
  readonly ranUs: number;
}

/** Bounded; when it is full, every other reading is forgotten. */
export interface ReadingLog {
  push(reading: Reading): void;
  /** What covers a window, and forgets what was before its end. */
  take(startUs: number, endUs: number, isCoarse: boolean): ThreadReadings | undefined;
  clear(): void;
}

export function createReadingLog(): ReadingLog {
  let kept: Reading[] = [];

  return {
    push({ atUs, usedUs, ranUs }) {
      const last = kept.at(-1);
      if (last && atUs <= last.atUs) return;
      if (kept.length >= MOST_READINGS) kept = kept.filter((_reading, n) => n % 2 === 0 || n === kept.length - 1);
      kept.push({ atUs, usedUs: Math.max(usedUs, last?.usedUs ?? 0), ranUs: Math.max(ranUs, last?.ranUs ?? 0) });
    },
    take(startUs, endUs, isCoarse) {
      const taken = kept.slice(Math.max(0, lastUpTo(kept, startUs)));
      kept = kept.slice(Math.max(0, lastUpTo(kept, endUs)));
      if (taken.length < 2 || taken[0].atUs > endUs || taken[taken.length - 1].atUs < endUs - MOST_APART_US)
        return undefined;
      const column = (name: keyof Reading): Float64Array => Float64Array.from(taken, (reading) => reading[name]);
      const readings = { atUs: column('atUs'), usedUs: column('usedUs'), ranUs: column('ranUs'), isCoarse };
      settle(readings.atUs, readings.usedUs);
      settle(readings.atUs, readings.ranUs);
      return readings;
    },
    clear() {
      kept = [];
    },
  };
}

/** Index of the last one that is not later; -1 where none is. */
function lastUpTo(readings: readonly Reading[], timeUs: number): number {
  let low = 0;
  let high = readings.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (readings[middle].atUs <= timeUs) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
