import { formatBytes, formatCount, formatDuration } from '../heat/quantities';
import type { MeasureColumn } from '../profile/profileColumns';

/** A value of a measure for people: `340 ms`, `1.2 MB`, `12 000`. Negative ones (a change) have a minus. */
export function measureText(value: number, unit: MeasureColumn['unit']): string {
  const sign = value < 0 ? '-' : '';
  const size = Math.abs(value);
  switch (unit) {
    case 'µs':
      return sign + (size > 0 && size < 100 ? `${Number(size.toPrecision(2))} µs` : formatDuration(size / 1000));
    case 'bytes':
      return sign + formatBytes(size);
    case 'count':
      return sign + (size > 0 && size < 10 ? String(Number(size.toFixed(2))) : formatCount(size));
  }
}

/** `48.2 %` of a total, without claims about its error: a drawn box is what it is. */
export function percentText(value: number, total: number): string {
  const percent = total > 0 ? (value / total) * 100 : 0;
  if (percent > 0 && percent < 0.01) return '<0.01 %';
  return `${Number(percent.toFixed(percent < 1 ? 2 : 1))} %`;
}
