import { readdirSync } from 'node:fs';
import { parseProcStatus, readProcText } from './linuxProc';

/** What the kernel says of one thread. Linux only. */
export interface ThreadTimes {
  /** ns on a CPU so far. */
  readonly runNs: number;
  /** ns that it was ready to run and had to wait for a CPU. */
  readonly delayNs: number;
}

/** One letter: R (runs, or would if it had a CPU), S, D, T …; undefined when the thread is gone, and on other systems. */
export function readThreadState(pid: number, threadId: number): string | undefined {
  const text = readProcText(pid, `task/${threadId}/stat`);
  // The name in the second field may hold spaces and parentheses.
  return text?.charAt(text.lastIndexOf(')') + 2);
}

export function readThreadTimes(pid: number, threadId: number): ThreadTimes | undefined {
  const [runNs, delayNs] = (readProcText(pid, `task/${threadId}/schedstat`) ?? '').split(' ').map(Number);
  return Number.isFinite(runNs) && Number.isFinite(delayNs) ? { runNs, delayNs } : undefined;
}

/**
 * The number by which we see a thread that calls itself `innerId`: another one where the process lives in a namespace of its own.
 * Undefined where it is not among the process's threads.
 */
export function findThread(pid: number, innerId: number): number | undefined {
  if (innerIdOf(pid, innerId) === innerId) return innerId;
  try {
    return readdirSync(`/proc/${pid}/task`)
      .map(Number)
      .find((threadId) => innerIdOf(pid, threadId) === innerId);
  } catch {
    return undefined;
  }
}

function innerIdOf(pid: number, threadId: number): number | undefined {
  const text = readProcText(pid, `task/${threadId}/status`);
  return text === undefined ? undefined : parseProcStatus(text, threadId).innerPid;
}
