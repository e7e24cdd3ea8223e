import type { Channel, Connection } from '../channel';
import { callTarget } from '../inspector/callTarget';
import { PATIENT_MS } from './samplingBackend';
import { exactUnderCoverage } from './instrumentErrors';

/** After optimised code was dropped, unoptimised code runs (and boxes doubles) for about this long: discard it. */
export const EXACT_SETTLE_MS = 1_000;

export interface ExactMode {
  /** Gives the process its inlining back. Isolates that have ended meanwhile are passed over. */
  leave(isolates: readonly Channel[]): Promise<void>;
}

/**
 * Turns inlining off in a process and drops the code that was optimised with it, so that every function has a frame of
 * its own again. Flags are those of the whole process; dropping code is done in each of its isolates. If we die, the target
 * takes its flags back by itself.
 */
export async function enterExactMode(connection: Connection, isolates: readonly Channel[]): Promise<ExactMode> {
  const { channel } = connection.main;
  const { lease } = connection;
  if (await callTarget(channel, 'recordsCoverage', [])) throw exactUnderCoverage();
  const held = lease.hold();
  try {
    await callTarget(channel, 'turnInliningOff', [lease.owner], { timeoutMs: PATIENT_MS });
    await dropOptimizedCode(isolates);
  } catch (error) {
    held.dispose();
    throw error;
  }
  return {
    async leave(left) {
      try {
        await callTarget(channel, 'turnInliningOn', [lease.owner]);
        await dropOptimizedCode(left);
      } finally {
        held.dispose();
      }
    },
  };
}

/** Starting precise coverage makes V8 throw away all optimised code of an isolate; stopping it again leaves no trace. */
export async function dropOptimizedCode(isolates: readonly Channel[]): Promise<void> {
  await Promise.allSettled(
    isolates.map(async (isolate) => {
      await isolate.send(
        'Profiler.startPreciseCoverage',
        { callCount: true, detailed: false },
        { timeoutMs: PATIENT_MS },
      );
      await isolate.send('Profiler.stopPreciseCoverage', {}, { timeoutMs: PATIENT_MS });
    }),
  );
}
