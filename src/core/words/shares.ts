import { inDecimals } from './numbers';

/** A share (0 to 1) with a fixed number of decimals: `48 %`. */
export function percentText(share: number, decimals = 0): string {
  return `${(share * 100).toFixed(decimals)} %`;
}

/** A share of what measuring may cost: `<0.1 %`, `1.2 %`, `12 %`. */
export function costPercent(share: number): string {
  if (share > 0 && share * 100 < 0.1) return '<0.1 %';
  return percentText(share, share * 100 < 10 ? 1 : 0);
}

/** A share that was estimated, in two digits: `0.35 %`, `12 %`. */
export function roughPercent(share: number): string {
  return `${Number((share * 100).toPrecision(2))} %`;
}

/** `34.5 %` of a whole, always with one decimal, for columns; `–` where there is no whole. */
export function shareOf(value: number, total: number): string {
  if (!(total > 0)) return '–';
  const points = (value / total) * 100;
  if (points > 0 && points < 0.1) return '<0.1 %';
  return `${points >= 99.95 ? points.toFixed(0) : points.toFixed(1)} %`;
}

/** `48.2 %` of a total, without claims about its error: a drawn box is what it is. */
export function boxShare(value: number, total: number): string {
  const percent = total > 0 ? (value / total) * 100 : 0;
  if (percent > 0 && percent < 0.01) return '<0.01 %';
  return `${inDecimals(percent, percent < 1 ? 2 : 1)} %`;
}
