import type { Accuracy } from '../profile/accuracy';
import type { MethodSums } from './heatPart';

/** Standard errors on either side of a value that hold the true one with 95 % certainty (normal distribution). */
const WIDTH = 1.96;
/** A method is calibrated while so much of all time, or of its own, is in doubt. */
const MOST_DOUBT = 0.02;
const MOST_OWN_DOUBT = 0.1;

type Sums = Pick<MethodSums, 'selfUs' | 'selfVariance' | 'doubtfulUs'>;

/** `whole` is the accuracy of the snapshot: what could be told of inlining at all. `sampledUs` is the time that shares refer to. */
export function accuracyOf(whole: Accuracy, { selfUs, doubtfulUs }: Sums, sampledUs: number): Accuracy {
  if (whole !== 'calibrated') return whole;
  return doubtfulUs <= Math.max(MOST_DOUBT * sampledUs, MOST_OWN_DOUBT * selfUs) ? 'calibrated' : 'approximate';
}

/**
 * Half the width of the 95 % interval of the self share, 0..1: sampling error (binomial), error of the division of inlined code,
 * and the time that nobody saw whose it is. Undefined where inlining was not looked at.
 */
export function boundOf(
  whole: Accuracy,
  { selfUs, selfVariance, doubtfulUs }: Sums,
  sampledUs: number,
  samples: number,
): number | undefined {
  if (whole === 'approximate' || sampledUs <= 0 || samples <= 0) return undefined;
  const share = Math.min(1, Math.max(0, selfUs / sampledUs));
  const sampling = (share * (1 - share)) / samples;
  const division = selfVariance / sampledUs ** 2;
  const doubt = whole === 'exact' ? 0 : doubtfulUs / sampledUs;
  return Math.min(1, WIDTH * Math.sqrt(sampling + division) + doubt);
}
