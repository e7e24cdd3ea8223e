import type { Connection, TargetThread } from '../channel';
import { systemThreadOf } from '../inspector/systemThread';
import { PATIENT_MS } from '../instruments/samplingBackend';
import { readThreadTimes } from '../processes/threadTimes';

/**
 * CPU ms that a thread has used so far; undefined where the kernel does not tell us (other systems, machines, containers).
 * A thread that is blocked in native code is waited for: it could not be measured either.
 */
export async function createThreadClock(
  connection: Pick<Connection, 'pid' | 'via'>,
  thread: Pick<TargetThread, 'kind' | 'channel'>,
): Promise<() => number | undefined> {
  const unknown = (): undefined => undefined;
  const threadId = await systemThreadOf(connection, thread, { timeoutMs: PATIENT_MS });
  if (threadId === undefined) return unknown;
  const read = (): number | undefined => {
    const times = readThreadTimes(connection.pid, threadId);
    return times && times.runNs / 1e6;
  };
  let last = read();
  if (last === undefined) return unknown;
  // What has ended does not go on, and has not begun anew.
  return () => (last = read() ?? last);
}
