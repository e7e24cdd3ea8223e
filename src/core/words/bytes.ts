const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

/**
 * `12 MB`, decimal units, two or three digits. `meanSampleBytes` is the heap sampler's interval where the number came
 * from it: a number that stands on fewer than about four samples gets one digit and `~`.
 */
export function formatBytes(bytes: number, meanSampleBytes?: number): string {
  const sign = bytes < 0 ? '-' : '';
  let value = Math.abs(bytes);
  const rough = meanSampleBytes !== undefined && value > 0 && value < 4 * meanSampleBytes;
  if (rough) value = Number(value.toPrecision(1));
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  const text =
    unit === 0 || value >= 10 ? value.toFixed(0) : rough ? String(Number(value.toPrecision(1))) : value.toFixed(1);
  return `${rough ? '~' : ''}${sign}${text} ${UNITS[unit]}`;
}

/** In a sentence, of a number that a server counted: `512 bytes`, `12.3 kB`, `104.9 MB`. */
export function inBytes(value: number): string {
  if (value < 1000) return `${Math.round(value)} bytes`;
  return value < 1_000_000 ? `${(value / 1000).toFixed(1)} kB` : `${(value / 1_000_000).toFixed(1)} MB`;
}

/** `1.5 MB`, of 1,048,576 bytes each, as limits on files are set. */
export function inMegabytes(size: number): string {
  return `${(size / 1024 / 1024).toFixed(1)} MB`;
}
