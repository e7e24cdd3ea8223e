import { setTimeout as delay } from 'node:timers/promises';
import type { ErrorCode } from '../../core/errorCode';
import { isHeatlensError } from '../../core/errors';
import { processGone } from '../inspector/processErrors';
import { isAlive } from '../inspector/checkProcess';

/** An exiting process lets go of its connections first, and is gone a moment later, ms. */
const EXIT_MS = 500;

/** What a connection that breaks off looks like, depending on how far it had come. */
const CUT: readonly ErrorCode[] = [
  'connectionLost',
  'connectionRefused',
  'notAnInspector',
  'targetRefused',
  'wrongAnswer',
];

/**
 * The error to show for a failed attach: a target that ends meanwhile answers with whatever V8 says of its contexts, or
 * not at all, and then its end is the reason.
 */
export async function explainAttach(
  error: unknown,
  pid: number | undefined,
  signal: AbortSignal | undefined,
): Promise<unknown> {
  const mayHaveEnded = !isHeatlensError(error) || isHeatlensError(error, ...CUT);
  if (pid === undefined || !mayHaveEnded || signal?.aborted) return error;
  for (const deadline = performance.now() + EXIT_MS; performance.now() < deadline; await delay(20)) {
    if (!isAlive(pid)) return processGone(pid);
  }
  return error;
}
