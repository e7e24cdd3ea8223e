import type { Channel } from '../channel';
import { callTarget } from '../inspector/callTarget';
import { readThreadState, readThreadTimes } from '../processes/threadTimes';
import type { OsThread } from './instrument';
import { PATIENT_MS } from './samplingBackend';

/**
 * CPU that one message costs the target, ms: on the thread itself some 0.02, the rest on the inspector's own thread. One that
 * comes to an idle thread wakes it up.
 */
const ASK_MS = 0.1;
const WAKE_MS = 0.5;
/** ms of CPU that may be spent before the thread has used any. */
const CREDIT_MS = 4;
/** The thread's time is read again after so many looks. */
const LOOKS_PER_READ = 16;

/** How much of a thread's CPU time interrupt samples may take, and when. Shares 0..1. */
export interface InterruptBudget {
  begin(share: number): void;
  /** Whether the thread runs JavaScript or something else now, as far as that can be seen from here. */
  isRunning(): boolean;
  allows(): boolean;
  /** `interrupted`: something was running. */
  spend(interrupted: boolean): void;
  /** Where the system does not tell from outside, the target is asked. */
  tend(channel: Channel): Promise<void>;
  /** Of the thread's CPU time since it began. */
  share(): number;
}

export function createInterruptBudget(thread: OsThread | undefined): InterruptBudget {
  let allowedShare = 0;
  let spentMs = 0;
  let usedMs = 0;
  let looks = 0;
  let before: number | undefined;
  /** Elsewhere: CPU time per wall time since the look before. */
  let busyShare = 1;
  let askedAt = 0;

  const add = (totalMs: number): number => {
    const gained = before === undefined ? 0 : Math.max(0, totalMs - before);
    before = totalMs;
    usedMs += gained;
    return gained;
  };
  const readTimes = (): void => {
    if (!thread?.tid) return;
    const times = readThreadTimes(thread.pid, thread.tid);
    if (times) add(times.runNs / 1e6);
  };

  return {
    begin(share) {
      allowedShare = share;
      before = undefined;
      readTimes();
    },
    isRunning() {
      if (looks++ % LOOKS_PER_READ === 0) readTimes();
      if (!thread?.tid) return Math.random() < busyShare;
      return readThreadState(thread.pid, thread.tid) === 'R';
    },
    allows: () => spentMs < CREDIT_MS + allowedShare * usedMs,
    spend(interrupted) {
      spentMs += interrupted ? ASK_MS : WAKE_MS;
    },
    async tend(channel) {
      if (!thread || thread.tid) return;
      const now = performance.now();
      const gained = add((await callTarget(channel, 'usedCpuTime', [], { timeoutMs: PATIENT_MS })) / 1e3);
      if (now > askedAt) busyShare = Math.min(1, gained / (now - askedAt));
      askedAt = now;
    },
    share: () => (usedMs > 0 ? spentMs / usedMs : 0),
  };
}
