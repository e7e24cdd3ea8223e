import { closeSync, openSync, readSync } from 'node:fs';
import { readThreadState } from '../processes/threadTimes';
import { createReadingLog, type Reading } from './readingLog';
import type { ThreadClock } from './threadClock';

/** Between two readings of each thread; a reading takes some 10 µs of ours and nothing of the target's. */
const PACE_MS = 10;
/** With more threads they are read less often, so that reading them never takes more of ours than that. */
const THREADS_AT_PACE = 16;
/** µs that one reading may take: when we were interrupted in it, nobody knows when it was. */
const MOST_READING_US = 2_000;
/** µs at the end that a thread which runs now is believed to have run without the kernel having booked it. */
const MOST_UNBOOKED_US = 100_000;

/** Threads of one process, all read by one timer, which runs while one of them is measured. */
export interface LocalClocks {
  clockOf(threadId: number): ThreadClock;
}

/**
 * Reads the kernel's own account of each thread (Linux). Time in which it was ready and had no CPU counts as used: what
 * was busy waits for nothing then.
 */
export function createLocalClocks(pid: number): LocalClocks {
  const polls = new Set<() => void>();
  let timer: NodeJS.Timeout | undefined;

  const plan = (): void => {
    if (timer || !polls.size) return;
    const pace = PACE_MS * Math.max(1, polls.size / THREADS_AT_PACE);
    timer = setTimeout(() => {
      timer = undefined;
      for (const poll of polls) poll();
      plan();
    }, pace).unref();
  };

  return {
    clockOf(threadId) {
      const log = createReadingLog();
      const buffer = Buffer.alloc(128);
      let file: number | undefined;
      let last: Reading | undefined;

      const read = (): Reading | undefined => {
        if (file === undefined) return undefined;
        try {
          const before = nowUs();
          const length = readSync(file, buffer, 0, buffer.length, 0);
          const atUs = nowUs();
          if (atUs - before > MOST_READING_US) return undefined;
          const [runNs, delayNs] = buffer.toString('latin1', 0, length).split(' ').map(Number);
          const usedUs = (runNs + delayNs) / 1000;
          return Number.isFinite(usedUs) ? { atUs, usedUs, ranUs: runNs / 1000 } : undefined;
        } catch {
          // The thread has ended.
          return undefined;
        }
      };
      const poll = (): void => {
        const reading = read();
        if (!reading) return;
        if (!last || reading.usedUs > last.usedUs) last = reading;
        log.push(reading);
      };
      const stop = (): void => {
        polls.delete(poll);
        if (file !== undefined) closeSync(file);
        file = undefined;
        if (!polls.size) {
          clearTimeout(timer);
          timer = undefined;
        }
      };

      return {
        async start() {
          stop();
          log.clear();
          last = undefined;
          try {
            file = openSync(`/proc/${pid}/task/${threadId}/schedstat`, 'r');
          } catch {
            return;
          }
          poll();
          polls.add(poll);
          plan();
        },
        async mark() {
          poll();
          // Time of a thread that runs at this moment is booked later, which the next window will see and this one will not.
          if (!last || readThreadState(pid, threadId) !== 'R') return;
          const atUs = nowUs();
          const unbookedUs = Math.min(MOST_UNBOOKED_US, atUs - last.atUs);
          log.push({ atUs, usedUs: last.usedUs + unbookedUs, ranUs: last.ranUs + unbookedUs });
        },
        readings: (startUs, endUs) => log.take(startUs, endUs, false),
        stop,
      };
    },
  };
}

/** Of the monotonic clock, which V8's samples are of too. */
function nowUs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1e6 + nanoseconds / 1e3;
}
