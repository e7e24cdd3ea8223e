import { numberInterval } from '../../core/profile/v8/heapNumbers';
import type { HeapMeasure } from './samplingBackend';

/** Heap reads together may take this share of wall time. */
export const HEAP_READ_BUDGET = 0.01;

/** So much time without a read, ms, is as good as more. */
const MOST_SAVED_MS = 60_000;

/** How long the first windows last, ms; live windows double up to the last number. */
const ALLOCATED_WINDOW_MS = 4_000;
const FIRST_LIVE_WINDOW_MS = 26_000;
const LONGEST_LIVE_WINDOW_MS = 600_000;
const LATER_LIVE_READ_MS = 20_000;
/** Live bytes are read no more often than this, ms, however cheap a read is. */
const LIVE_READ_PAUSE_MS = 2_000;

export interface HeapPlan {
  /** What the current window measures. */
  readonly measure: HeapMeasure;
  /** Epoch ms when the window is to be ended; Infinity for one that lasts until the end. */
  readonly endsAt: number;
}

/**
 * Live and allocated bytes cannot be sampled at the same time, so windows alternate: short ones for allocated bytes,
 * whose rate is known quickly, and ever longer ones for live bytes, because a leak shows only over time and ending a
 * live window forgets its samples.
 */
export function nextHeapPlan(mode: 'both' | HeapMeasure, windowsDone: number, now: number): HeapPlan {
  if (mode !== 'both') return { measure: mode, endsAt: mode === 'live' ? Infinity : now + FIRST_LIVE_WINDOW_MS };
  if (windowsDone % 2 === 0) return { measure: 'allocated', endsAt: now + ALLOCATED_WINDOW_MS };
  const doublings = (windowsDone - 1) / 2;
  return { measure: 'live', endsAt: now + Math.min(LONGEST_LIVE_WINDOW_MS, FIRST_LIVE_WINDOW_MS * 2 ** doublings) };
}

/**
 * Epoch ms from which a live window is read. One that has just begun would replace the numbers of the long one before it
 * by those of a moment, so those stay for a while; the very first window has nothing to replace.
 */
export function firstLiveReadAt(hasLive: boolean, windowStart: number): number {
  return hasLive ? windowStart + LATER_LIVE_READ_MS : windowStart;
}

/** A run of known length: allocated bytes first, then live bytes to the very end. */
export function timedHeapPlan(mode: 'both' | HeapMeasure, windowsDone: number, now: number, endMs: number): HeapPlan {
  if (mode !== 'both') return { measure: mode, endsAt: Infinity };
  if (windowsDone > 0) return { measure: 'live', endsAt: Infinity };
  return { measure: 'allocated', endsAt: now + (endMs - now) * 0.4 };
}

/**
 * Rough time of one heap read, ms: a read runs a full garbage collection, about 30-55 ms at 17-38 MB of heap and
 * 260-370 ms at 240 MB on the reference machine.
 */
export function predictHeapReadMs(heapUsedBytes: number): number {
  return 8 + (heapUsedBytes / 1e6) * 1.3;
}

/**
 * Rough time in ms that starting the CPU profiler stalls the target: V8 walks the heap for existing code. Measured on
 * the reference machine: 60-90 ms at 28 MB, 300-420 ms at 230 MB, about 3 s at 1 GB.
 */
export function predictStartStallMs(heapUsedBytes: number): number {
  const mb = heapUsedBytes / 1e6;
  return 30 + mb * (mb < 300 ? 1.5 : 2.8);
}

/**
 * Each heap sample walks a stack (some 5 µs on the reference machine, and memory for it); a thousand a second bound the
 * cost at any rate of allocation, and are plenty to tell methods apart.
 */
const MOST_HEAP_SAMPLES_PER_SECOND = 1_000;

/** Where bytes are what was asked for: some 2 % of a core. A method that allocates a tenth of all is then known within 2 % in 5 s. */
export const CLOSE_HEAP_SAMPLES_PER_SECOND = 4_000;
/** Bytes between samples there, unless the target allocates fast. */
export const CLOSE_HEAP_INTERVAL_BYTES = 8 * 1024;
/** Bytes between samples that cost little at any rate of allocation; closer ones only when the rate is known. */
export const COARSE_HEAP_INTERVAL_BYTES = 512 * 1024;

/** V8 keeps every sample of a window of allocated bytes, some 100 bytes each. */
const MOST_ALLOCATED_SAMPLES = 100_000;

/**
 * Bytes between heap samples: those asked for, or more where the target allocates so fast that they would cost too much
 * time, or memory in a window that keeps them for so many ms; a little more than that where numbers could not be told from
 * other objects.
 */
export function heapIntervalFor(
  askedBytes: number,
  allocatedBytesPerSecond: number,
  mostPerSecond = MOST_HEAP_SAMPLES_PER_SECOND,
  keptForMs = 0,
): number {
  const most = Math.min(mostPerSecond, MOST_ALLOCATED_SAMPLES / (keptForMs / 1000));
  return numberInterval(Math.max(askedBytes, Math.round(allocatedBytesPerSecond / most)));
}

/** What heap reads of isolates that share one budget took together. Times in ms. */
export interface HeapReadSum {
  startedAt: number;
  spentMs: number;
}

/** Keeps heap reads within their share of wall time. Times in ms. */
export interface HeapReadBudget {
  /** Of this isolate alone. */
  readonly spentMs: number;
  readonly lastMs: number | undefined;
  record(durationMs: number, now: number): void;
  /** ms until the next read fits the budget; 0 when it does now. */
  waitMs(expectedMs: number, now: number): number;
  /** Of wall time, of this isolate alone. */
  share(now: number): number;
}

/** `sum`: of the isolates that share the budget; without it this one has a budget of its own. */
export function createHeapReadBudget(startedAt: number, sum: HeapReadSum = { startedAt, spentMs: 0 }): HeapReadBudget {
  let spentMs = 0;
  let lastMs: number | undefined;
  let lastAt = startedAt;
  return {
    get spentMs() {
      return spentMs;
    },
    get lastMs() {
      return lastMs;
    },
    record(durationMs, now) {
      // What was not spent for long is not saved up: it would be spent all at once.
      sum.startedAt = Math.max(sum.startedAt, now - MOST_SAVED_MS - sum.spentMs / HEAP_READ_BUDGET);
      spentMs += durationMs;
      sum.spentMs += durationMs;
      lastMs = durationMs;
      lastAt = now;
    },
    waitMs(expectedMs, now) {
      const affordableAt = sum.startedAt + (sum.spentMs + (lastMs ?? expectedMs)) / HEAP_READ_BUDGET;
      return Math.max(0, affordableAt - now, lastAt + LIVE_READ_PAUSE_MS - now);
    },
    share: (now) => (now > startedAt ? spentMs / (now - startedAt) : 0),
  };
}
