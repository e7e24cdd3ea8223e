import { t } from '@vscode/l10n';

/**
 * Numbers as people read them, with no more digits than the measurement supports. Sampling n times a thing of share p
 * errs by about ±1.96·√(p(1-p)/n) in 95 of 100 cases; everything here follows from that.
 */

/** Half width of the 95 % interval, as a share. With no hit, the rule of three: at most 3/n. */
export function shareUncertainty(share: number, samples: number): number {
  if (samples <= 0) return 1;
  const p = Math.min(Math.max(share, 0), 1);
  if (p * samples < 0.5) return Math.min(1, 3 / samples);
  return Math.min(1, 1.96 * Math.sqrt((p * (1 - p)) / samples));
}

/**
 * `48.2 %`, with fewer digits for fewer samples: a decimal only when the error is below one point, `~` when the error is
 * ten points or half of the number, `<0.3 %` where no sample hit. `samples` are all non-idle samples of the interval.
 */
export function formatShare(share: number, samples: number): string {
  if (samples <= 0) return t('unknown');
  const points = Math.min(Math.max(share, 0), 1) * 100;
  const error = shareUncertainty(share, samples) * 100;
  if (share * samples < 0.5) return `<${roundUp(Math.max(error, 0.1))} %`;
  const rough = error >= 10 || error >= points / 2;
  const digits = points < 1 ? Math.max(points, 0.1).toFixed(1) : error < 1 ? points.toFixed(1) : points.toFixed(0);
  return `${rough ? '~' : ''}${digits} %`;
}

/** `48.2 % ± 0.6`, in points. */
export function formatShareWithError(share: number, samples: number): string {
  if (samples <= 0 || share * samples < 0.5) return formatShare(share, samples);
  const error = shareUncertainty(share, samples) * 100;
  return `${formatShare(share, samples)} ± ${error < 1 ? Math.max(error, 0.1).toFixed(1) : error.toFixed(0)}`;
}

const byteUnits = ['B', 'kB', 'MB', 'GB', 'TB'];

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
  while (value >= 999.5 && unit < byteUnits.length - 1) {
    value /= 1000;
    unit++;
  }
  const text =
    unit === 0 || value >= 10 ? value.toFixed(0) : rough ? String(Number(value.toPrecision(1))) : value.toFixed(1);
  return `${rough ? '~' : ''}${sign}${text} ${byteUnits[unit]}`;
}

/** `0.4 ms`, `340 ms`, `3.4 s`, `34 s`, `2 min 5 s`, `1 h 5 min`. */
export function formatDuration(ms: number): string {
  if (ms < 9.95) return `${Number(ms.toFixed(1))} ms`;
  if (ms < 999.5) return `${ms.toFixed(0)} ms`;
  const seconds = ms / 1000;
  if (seconds < 9.95) return `${Number(seconds.toFixed(1))} s`;
  if (seconds < 59.5) return `${seconds.toFixed(0)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return join(`${Math.floor(whole / 60)} min`, whole % 60, 's');
  const minutes = Math.round(seconds / 60);
  return join(`${Math.floor(minutes / 60)} h`, minutes % 60, 'min');
}

/** `1 234 567`, grouped by thin spaces whatever the locale, so that texts compare. */
export function formatCount(count: number): string {
  return Math.round(count)
    .toString()
    .replace(/\B(?=(\d{3})+(?!\d))/g, '\u2009');
}

function join(head: string, rest: number, unit: string): string {
  return rest ? `${head} ${rest} ${unit}` : head;
}

/** Up to the next number of one digit, since it is a bound. */
function roundUp(value: number): string {
  const step = 10 ** Math.floor(Math.log10(value));
  return String(Number((Math.ceil(value / step - 1e-9) * step).toPrecision(1)));
}
