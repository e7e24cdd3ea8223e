import type { Connection, TargetThread } from '../channel';
import { findThread } from '../processes/threadTimes';
import { callTarget } from './callTarget';

/**
 * Number of the thread of the system that an isolate runs on, as it is known here; undefined where the process is of another machine,
 * and on other systems than Linux.
 */
export async function systemThreadOf(
  { pid, via }: Pick<Connection, 'pid' | 'via'>,
  { channel, kind }: Pick<TargetThread, 'channel' | 'kind'>,
  options: { readonly timeoutMs?: number } = {},
): Promise<number | undefined> {
  // The process behind a forwarded port is not the one that has this id here.
  if (process.platform !== 'linux' || via === 'host-port') return undefined;
  if (kind === 'main') return pid;
  const innerId = await callTarget(channel, 'threadId', [], options).catch(() => null);
  return innerId === null ? undefined : findThread(pid, innerId);
}
