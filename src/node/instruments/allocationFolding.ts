import { abortableDelay } from '../../core/abort';
import type { Channel, Connection } from '../channel';
import { callTarget } from '../inspector/callTarget';
import { dropOptimizedCode, EXACT_SETTLE_MS } from './exactMode';
import { exactUnderCoverage } from './instrumentErrors';
import { PATIENT_MS } from './samplingBackend';

/**
 * V8 folds the allocations of one stretch of optimised code into one, and its heap sampler knows only the first object of
 * them: another one that stays alive is not seen among live bytes when the first is dropped. From here until we leave, the
 * process folds none. What is optimised already is not changed.
 */
export async function turnFoldingOff({ main, lease }: Connection): Promise<void> {
  if (await callTarget(main.channel, 'recordsCoverage', [])) throw exactUnderCoverage();
  await callTarget(main.channel, 'turnFoldingOff', [lease.owner], { timeoutMs: PATIENT_MS });
  // Never given back: the connection lets go of it when it ends, and the target when we are lost.
  lease.hold();
}

/**
 * Has an isolate optimise its code anew, and waits until that is done for what is hot. To be called before its instruments
 * start: they leave V8's profiler as they find it.
 */
export async function optimizeAnew(isolate: Channel, signal?: AbortSignal): Promise<void> {
  await isolate.send('Profiler.enable');
  await dropOptimizedCode([isolate]);
  await abortableDelay(EXACT_SETTLE_MS, signal);
}
