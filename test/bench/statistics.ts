/** 0 for no values. */
export function mean(values: readonly number[]): number {
  return values.length ? values.reduce((sum, value) => sum + value, 0) / values.length : 0;
}

/** NaN for no values. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Linear between the neighbours; `q` is 0..1. NaN for no values. */
export function quantile(values: readonly number[], q: number): number {
  if (!values.length) return NaN;
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * q;
  const low = Math.floor(at);
  return sorted[low] + (sorted[Math.ceil(at)] - sorted[low]) * (at - low);
}

/** How much a statistic scatters with the choice of values: its standard deviation over resampled ones (bootstrap). */
export function standardError<T>(values: readonly T[], statistic: (values: T[]) => number): number {
  const results = Array.from({ length: 200 }, () =>
    statistic(values.map(() => values[Math.floor(Math.random() * values.length)])),
  );
  const centre = mean(results);
  return Math.sqrt(mean(results.map((result) => (result - centre) ** 2)));
}
