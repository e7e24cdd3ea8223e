import type { MeasureColumn } from '../profile/profileColumns';
import { formatBytes } from './bytes';
import { inDecimals, inDigits } from './numbers';
import { formatDuration } from './times';

export type Unit = MeasureColumn['unit'];

/** A value of a measure in a line of text: `340 ms`, `1.2 MB`, `12,000`. Negative ones (a change) have a minus. */
export function measureText(value: number, unit: Unit): string {
  const sign = value < 0 ? '-' : '';
  const size = Math.abs(value);
  switch (unit) {
    case 'µs':
      return sign + (size > 0 && size < 100 ? `${Number(size.toPrecision(2))} µs` : formatDuration(size / 1000));
    case 'bytes':
      return sign + formatBytes(size);
    case 'count':
      return sign + (size > 0 && size < 10 ? inDecimals(size, 2) : inDigits(size));
  }
}

const TIME_UNITS: readonly (readonly [number, string])[] = [
  [1e6, 's'],
  [1e3, 'ms'],
  [1, 'µs'],
];
const BYTE_UNITS: readonly (readonly [number, string])[] = [
  [1e12, 'TB'],
  [1e9, 'GB'],
  [1e6, 'MB'],
  [1e3, 'kB'],
  [1, 'B'],
];

/** The same where values stand in columns: always three digits, `1.23 s`, `45.6 MB`, `1,234`; times in µs. */
export function formatValue(value: number, unit: Unit): string {
  if (!Number.isFinite(value)) return '–';
  if (value < 0) return `−${formatValue(-value, unit)}`;
  if (unit === 'count') return inDigits(value);
  if (value >= 100e6 && unit === 'µs') return `${inDigits(value / 1e6)} s`;
  const units = unit === 'µs' ? TIME_UNITS : BYTE_UNITS;
  // What rounds up to the next unit is written in it.
  const [scale, name] = units.find(([least]) => value >= least * 0.9995) ?? units[units.length - 1];
  const scaled = value / scale;
  return `${scaled < 0.01 ? (scaled === 0 ? '0' : '<0.01') : threeDigits(scaled, name)} ${name}`;
}

function threeDigits(value: number, unit: string): string {
  return unit === 'B' || value >= 999.5 ? inDigits(value) : value.toPrecision(3);
}

/** With a sign: `+1.2 s`, `−3 MB`, `±0`. */
export function formatChange(value: number, unit: Unit): string {
  if (value === 0) return '±0';
  return `${value > 0 ? '+' : '−'}${formatValue(Math.abs(value), unit)}`;
}

/** A time on an axis: no more decimals than its ticks need. µs. */
export function formatTick(value: number, step: number): string {
  const [scale, name] =
    TIME_UNITS.find(([least]) => step >= least || (value !== 0 && Math.abs(value) >= least)) ?? TIME_UNITS[2];
  const decimals = Math.max(0, Math.min(6, Math.ceil(-Math.log10(step / scale) - 1e-9)));
  return `${(value / scale).toFixed(decimals)} ${name}`;
}
