import { t } from '@vscode/l10n';
import type { Accuracy } from '../profile/accuracy';
import { inDecimals } from '../words/numbers';
import { formatShare, formatShareWithin, shareUncertainty } from '../words/sampledShares';
import type { CpuHeat, MethodHeat } from './heatSnapshot';

/** What is said of how a method's numbers were told from those of methods inlined into it: shares, badges, sentences. */

/**
 * `31 ± 2 %` of a calibrated method, by its bound, which has the error of sampling in it; else as many digits as are known.
 * What is approximate has its sign, and what is exact its word: that bound is of another program than the usual one.
 */
export function selfShareText({ cpu, accuracy, bound }: MethodHeat, samples: number): string {
  return accuracy === 'calibrated' && bound !== undefined
    ? formatShareWithin(cpu.selfShare, samples, bound)
    : formatShare(cpu.selfShare, samples, bound);
}

/** `48 %`: a total holds the self time, so it is not told in more digits. */
export function totalShareText(
  { cpu, bound }: { cpu: Pick<CpuHeat, 'totalShare'>; bound?: number },
  samples: number,
): string {
  const error = Math.max(bound ?? 0, shareUncertainty(cpu.totalShare, samples));
  return formatShare(cpu.totalShare, samples, error);
}

/** `≈12 MB` where V8 may have charged bytes of an inlined method to its caller, unless the text says so as a whole. */
export function markedBytes(text: string, heat: MethodHeat): string {
  if (heat.accuracy !== 'calibrated' || bytesAccuracy(heat) !== 'approximate') return text;
  // One sign of what is not sure is enough.
  return `≈${text.startsWith('~') ? text.slice(1) : text}`;
}

/** How bytes were told apart; without an answer of its own, as V8 charges them. */
export function bytesAccuracy({ accuracy, memory }: MethodHeat): Accuracy {
  return memory.accuracy ?? (accuracy === 'exact' ? 'exact' : 'approximate');
}

/** `… ≈` or `… · exact`; of calibrated figures, the bound is the badge. */
export function withAccuracy(text: string, accuracy: Accuracy): string {
  switch (accuracy) {
    case 'exact':
      return `${text} · ${accuracyWord(accuracy)}`;
    case 'approximate':
      return `${text} ≈`;
    case 'calibrated':
      return text;
  }
}

export function accuracyWord(accuracy: Accuracy): string {
  switch (accuracy) {
    case 'exact':
      return t('exact');
    case 'approximate':
      return t('approximate');
    case 'calibrated':
      return t('calibrated');
  }
}

/** What a method's badge means, in a sentence or two. */
export function methodAccuracyText({ accuracy, bound }: Pick<MethodHeat, 'accuracy' | 'bound'>): string {
  const told =
    accuracy === 'calibrated'
      ? t('Calibrated: told apart from the methods that V8 inlines with it.')
      : accuracyText(accuracy);
  if (bound === undefined || accuracy === 'exact') return told;
  return `${told} ${t('The true self share is within ± {0} points, 95 times in 100.', inDecimals(Math.max(bound * 100, 0.1)))}`;
}

/** What the accuracy of all the heat that is shown means. */
export function accuracyText(accuracy: Accuracy): string {
  switch (accuracy) {
    case 'exact':
      return t(
        'Exact: measured while V8 inlined nothing, which makes another program of it: calls cost a call each, numbers are boxed.',
      );
    case 'approximate':
      return t('Approximate: V8 inlines methods into each other, and too few samples told their time apart.');
    case 'calibrated':
      return t('Calibrated: methods that V8 inlined are told apart, within the bounds shown; those with ≈ are not.');
  }
}
