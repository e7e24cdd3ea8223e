import { t } from '@vscode/l10n';

/**
 * Shares with no more digits than the measurement supports. Sampling n times a thing of share p errs by about
 * ±1.96·√(p(1-p)/n) in 95 of 100 cases; everything here follows from that.
 */

/** Below it an error is less than what rounding to a tenth of a point does. */
const HIDDEN_ERROR = 0.0005;
/** As a share: an error below it is worth a decimal. */
const ONE_POINT = 0.01;

/** Half width of the 95 % interval, as a share. With no hit, the rule of three: at most 3/n. */
export function shareUncertainty(share: number, samples: number): number {
  if (samples <= 0) return 1;
  const p = Math.min(Math.max(share, 0), 1);
  if (p * samples < 0.5) return Math.min(1, 3 / samples);
  return Math.min(1, 1.96 * Math.sqrt((p * (1 - p)) / samples));
}

/**
 * `48.2 %`, with fewer digits for fewer samples: a decimal only when the error is below one point, `~` when the error is
 * ten points or half of the number, `<0.3 %` where no sample hit. `samples` are all non-idle samples of the interval;
 * `error` is half the 95 % interval, as a share, where more is known of it than their number.
 */
export function formatShare(share: number, samples: number, error = shareUncertainty(share, samples)): string {
  if (samples <= 0) return t('unknown');
  const points = Math.min(Math.max(share, 0), 1) * 100;
  if (share * samples < 0.5) return below(Math.max(error, shareUncertainty(share, samples)));
  const errorPoints = error * 100;
  const rough = errorPoints >= 10 || errorPoints >= points / 2;
  const digits = points < 1 ? Math.max(points, 0.1).toFixed(1) : points.toFixed(errorPoints < 1 ? 1 : 0);
  return `${rough ? '~' : ''}${digits} %`;
}

/**
 * `31 ± 2 %`, `31.4 ± 0.6 %`, with the half width of its 95 % interval; `<3 %` where that reaches 0, `31.4 %` where it is
 * less than the rounding.
 */
export function formatShareWithin(share: number, samples: number, error: number): string {
  const known = Math.min(Math.max(share, 0), 1);
  if (known * samples < 0.5 || error < HIDDEN_ERROR) return formatShare(known, samples, error);
  if (known <= error) return below(known + error);
  const points = known * 100;
  return `${points.toFixed(error < ONE_POINT ? 1 : 0)} ± ${pointsText(error)} %`;
}

/** An error in points: `2`, `0.6`. */
export function pointsText(error: number): string {
  return error < ONE_POINT ? Math.max(error * 100, 0.1).toFixed(1) : (error * 100).toFixed(0);
}

function below(share: number): string {
  return `<${roundUp(Math.min(Math.max(share * 100, 0.1), 100))} %`;
}

/** Up to the next number of one digit, since it is a bound. */
function roundUp(value: number): string {
  const step = 10 ** Math.floor(Math.log10(value));
  return String(Number((Math.ceil(value / step - 1e-9) * step).toPrecision(1)));
}
