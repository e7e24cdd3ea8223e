import { t } from '@vscode/l10n';

/**
 * Shares with no more digits than the measurement supports. Sampling n times a thing of share p errs by about
 * ±1.96·√(p(1-p)/n) in 95 of 100 cases; everything here follows from that.
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

/** Up to the next number of one digit, since it is a bound. */
function roundUp(value: number): string {
  const step = 10 ** Math.floor(Math.log10(value));
  return String(Number((Math.ceil(value / step - 1e-9) * step).toPrecision(1)));
}
