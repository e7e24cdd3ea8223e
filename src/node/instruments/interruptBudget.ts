import type { Channel } from '../channel';
import { callTarget } from '../inspector/callTarget';
import { readThreadState, readThreadTimes } from '../processes/threadTimes';
import type { OsThread } from './instrument';
import { PATIENT_MS } from './samplingBackend';

/**
 * CPU that one message costs the target while a thread is always busy, ms: half of it on the thread itself, half on the
 * inspector's. It costs more the less a thread runs, whose caches are cold and whose core sleeps: some 0.6 at a fifth, 0.8 below. Measured
 * by `npm run bench -- --only=interrupts`. One that comes to an idle thread wakes it up.
 */
const ASK_MS = 0.13;
const WAKE_MS = 0.5;
/** A thread that runs less is asked as if it ran so much. */
const LEAST_BUSY = 0.15;
/** Weight of what the last look saw in how busy a thread is. */
const NEWEST = 0.2;
/** ms of CPU that may be spent before the thread has used any. */
const START_MS = 2;
/** At first three times the share may be spent, until it is so many ms more: a short measurement has few samples to go by. */
const ADVANCE_MS = 20;
const ADVANCE_SHARES = 2;
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
  let before: { readonly totalMs: number; readonly at: number } | undefined;
  /** CPU time per wall time of late. */
  let busyShare = 1;

  const add = (totalMs: number): void => {
    const at = performance.now();
    if (before && at > before.at) {
      const gained = Math.max(0, totalMs - before.totalMs);
      usedMs += gained;
      busyShare += NEWEST * (Math.min(1, gained / (at - before.at)) - busyShare);
    }
    before = { totalMs, at };
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
    allows() {
      const allowedMs = allowedShare * usedMs;
      return spentMs < START_MS + allowedMs + Math.min(ADVANCE_MS, ADVANCE_SHARES * allowedMs);
    },
    spend(interrupted) {
      spentMs += interrupted ? ASK_MS / Math.max(LEAST_BUSY, busyShare) : WAKE_MS;
    },
    async tend(channel) {
      if (!thread || thread.tid) return;
      add((await callTarget(channel, 'usedCpuTime', [], { timeoutMs: PATIENT_MS })) / 1e3);
    },
    share: () => (usedMs > 0 ? spentMs / usedMs : 0),
  };
}
