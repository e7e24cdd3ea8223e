import { t } from '@vscode/l10n';
import { formatDuration } from '../../core/words/times';
import { percentText } from '../../core/words/shares';
import type { TurnsState } from './measuringTurns';

/** What it means that there are more threads and processes than are measured at once. */
export function manyIsolates(isolates: number, { cpu, heaps }: Pick<TurnsState, 'cpu' | 'heaps'>): string {
  return t(
    '{0} threads run: at most {1} are sampled at a time, the busiest first and the others in turn, the memory of {2} and nothing of idle ones. Times of those in turn are scaled.',
    isolates,
    cpu,
    heaps,
  );
}

/** What nobody has seen of them. `allMs`: what all have used. */
export function neverSampled(threads: number, usedMs: number, allMs: number): string {
  const used = formatDuration(usedMs);
  const share = percentText(allMs > 0 ? usedMs / allMs : 0, 1);
  return t('{0} threads were never sampled: they used {1} of CPU time ({2}).', threads, used, share);
}
