import { format } from 'd3';
import type { MeasureColumn } from '../../../src/core/profile/profileColumns';

export type Unit = MeasureColumn['unit'];

const threeDigits = format('.3r');
const grouped = format(',.0f');

const timeUnits: readonly (readonly [number, string])[] = [
  [1e6, 's'],
  [1e3, 'ms'],
  [1, 'µs'],
];
const byteUnits: readonly (readonly [number, string])[] = [
  [1e12, 'TB'],
  [1e9, 'GB'],
  [1e6, 'MB'],
  [1e3, 'kB'],
  [1, 'B'],
];

/** `1.23 s`, `45.6 MB`, `1,234`: three digits and a unit; times in µs. */
export function formatValue(value: number, unit: Unit): string {
  if (!Number.isFinite(value)) return '–';
  if (unit === 'count') return grouped(value);
  const units = unit === 'µs' ? timeUnits : byteUnits;
  const size = Math.abs(value);
  if (size >= 100e6 && unit === 'µs') return `${grouped(value / 1e6)} s`;
  // What rounds up to the next unit is written in it.
  const [scale, name] = units.find(([least]) => size >= least * 0.9995) ?? units[units.length - 1];
  const scaled = value / scale;
  return `${Math.abs(scaled) < 0.01 ? (scaled === 0 ? '0' : '<0.01') : plainNumber(scaled, name)} ${name}`;
}

function plainNumber(value: number, unit: string): string {
  if (unit === 'B') return grouped(value);
  return Math.abs(value) >= 999.5 ? grouped(value) : threeDigits(value);
}

/** With a sign: `+1.2 s`, `−3 MB`, `±0`. */
export function formatChange(value: number, unit: Unit): string {
  if (value === 0) return '±0';
  return `${value > 0 ? '+' : '−'}${formatValue(Math.abs(value), unit)}`;
}

/** `34.5 %` of a whole; '–' where there is none. */
export function formatShare(value: number, total: number): string {
  if (!(total > 0)) return '–';
  const points = (value / total) * 100;
  if (points > 0 && points < 0.1) return '<0.1 %';
  return `${points >= 99.95 ? points.toFixed(0) : points.toFixed(1)} %`;
}

export function formatCount(count: number): string {
  return grouped(count);
}

/** A time on an axis: no more decimals than its ticks need. µs. */
export function formatTick(value: number, step: number): string {
  const [scale, name] =
    timeUnits.find(([least]) => step >= least || (value !== 0 && Math.abs(value) >= least)) ?? timeUnits[2];
  const decimals = Math.max(0, Math.min(6, Math.ceil(-Math.log10(step / scale) - 1e-9)));
  return `${(value / scale).toFixed(decimals)} ${name}`;
}
