import type { MeasureColumn } from '../profileColumns';

/** How a number of a foreign format becomes one of ours: `value * times / over`, exact for whole nanoseconds. */
export interface UnitScale {
  readonly unit: MeasureColumn['unit'];
  readonly times: number;
  readonly over: number;
}

const scales = new Map<string, UnitScale>();

function define(unit: MeasureColumn['unit'], times: number, over: number, names: readonly string[]): void {
  for (const name of names) scales.set(name, { unit, times, over });
}

define('µs', 1, 1000, ['nanoseconds', 'nanosecond', 'nanos', 'ns']);
define('µs', 1, 1, ['microseconds', 'microsecond', 'micros', 'us', 'µs']);
define('µs', 1e3, 1, ['milliseconds', 'millisecond', 'millis', 'ms']);
define('µs', 1e6, 1, ['seconds', 'second', 's']);
define('µs', 60e6, 1, ['minutes', 'minute']);
define('bytes', 1, 1, ['bytes', 'byte', 'b']);
define('bytes', 1024, 1, ['kilobytes', 'kilobyte', 'kb', 'kib']);
define('bytes', 1024 ** 2, 1, ['megabytes', 'megabyte', 'mb', 'mib']);
define('bytes', 1024 ** 3, 1, ['gigabytes', 'gigabyte', 'gb', 'gib']);

/** A unit that nobody knows counts things. */
export function unitScale(name: string): UnitScale {
  return scales.get(name.toLowerCase()) ?? { unit: 'count', times: 1, over: 1 };
}

/** No clock reaches it, and sums of times below it stay exact enough. */
const MOST = 1e18;

/** No single value reaches it: three years, a petabyte. */
export const MOST_AMOUNT: Readonly<Record<MeasureColumn['unit'], number>> = { µs: 1e14, bytes: 1e15, count: 1e15 };

/** The value in our unit; undefined for what is no amount: NaN, infinite, negative, absurd, not a number. */
export function amount(value: unknown, scale: UnitScale): number | undefined {
  const number = instant(value, scale);
  return number !== undefined && number >= 0 && number <= MOST_AMOUNT[scale.unit] ? number : undefined;
}

/** As `amount`, but a clock may stand below zero. */
export function instant(value: unknown, { times, over }: UnitScale): number | undefined {
  if (typeof value !== 'number') return undefined;
  const scaled = (value * times) / over;
  return scaled >= -MOST && scaled <= MOST ? scaled : undefined;
}

/** Nanosecond precision is all that a clock has; without it sums of fractions print 17 digits. */
export function roundedUs(us: number): number {
  return Math.round(us * 1000) / 1000;
}
