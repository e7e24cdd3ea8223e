import {
  COARSE_HEAP_INTERVAL_BYTES,
  createHeapReadBudget,
  firstLiveReadAt,
  heapIntervalFor,
  nextHeapPlan,
  predictHeapReadMs,
  timedHeapPlan,
  type HeapPlan,
} from './heapSchedule';
import type { CreateInstrument, InstrumentContext, InstrumentOptions } from './instrument';
import type { HeapMeasure } from './samplingBackend';
import type { Interval } from '../../core/interval';
import { profiledBytes } from '../../core/profile/v8/v8Profile';
import type { V8HeapProfile } from '../../core/profile/v8/v8Profile';

/** Live bytes replace those that were read before; allocated bytes add to them. */
export interface HeapWindow extends Interval {
  readonly measure: HeapMeasure;
  readonly profile: V8HeapProfile;
  /** Mean bytes between samples. */
  readonly sampleBytes: number;
}

/** ms to assume of a read that runs no garbage collection. */
const CHEAP_READ_MS = 5;
/** How fast the target allocates is looked at for so long, ms, before samples are taken that would cost too much if it is fast. */
const LOOK_MS = 300;
/** Runs that are shorter, ms, have no time to look. */
const SHORTEST_RUN_WITH_LOOK_MS = 2_000;
/** Bytes between samples that are taken without a look. */
const UNLOOKED_INTERVAL_BYTES = 32 * 1024;
/** A read that may be made now is still not due before this, ms. */
const SHORTEST_WAIT_MS = 50;

/** V8's sampling heap profiler: windows of allocated and of live bytes in turns, reads within a budget. */
export const heapSampling: CreateInstrument<HeapWindow> = (context, deliver) => {
  const { backend } = context;
  const budget = createHeapReadBudget(Date.now(), context.heapReads);
  let options: InstrumentOptions | undefined;
  let open: (HeapPlan & { startMs: number; sampleBytes: number; isLook: boolean }) | undefined;
  let windowsDone = 0;
  /** Of an earlier window, which a young one is not to replace; a turn does not forget them. */
  let hasLive = false;
  let allocatedPerSecond: number | undefined;

  const isTimed = (): boolean => options?.endsAt !== undefined;
  const readTimed = async (read: () => Promise<V8HeapProfile>): Promise<V8HeapProfile> => {
    const start = performance.now();
    const profile = await read();
    budget.record(performance.now() - start, Date.now());
    return profile;
  };

  const begin = async (): Promise<void> => {
    const plan = options && planFor(options, windowsDone);
    if (!options || !plan || !backend.measures[plan.measure]) return;
    const { heapIntervalBytes, heapSamplesPerSecond } = options;
    if (allocatedPerSecond === undefined && backend.measures.allocated && isLookDue(options)) {
      await backend.startHeap('allocated', COARSE_HEAP_INTERVAL_BYTES);
      const startMs = Date.now();
      const sampleBytes = COARSE_HEAP_INTERVAL_BYTES;
      open = { measure: 'allocated', endsAt: startMs + LOOK_MS, sampleBytes, startMs, isLook: true };
      return;
    }
    const keptForMs = plan.measure === 'allocated' ? Math.min(plan.endsAt, options.endsAt ?? Infinity) - Date.now() : 0;
    const sampleBytes = heapIntervalFor(heapIntervalBytes, allocatedPerSecond ?? 0, heapSamplesPerSecond, keptForMs);
    await backend.startHeap(plan.measure, sampleBytes);
    open = { ...plan, sampleBytes, startMs: Date.now(), isLook: false };
  };

  const end = async (): Promise<void> => {
    if (!open) return;
    const { measure, startMs, sampleBytes, isLook } = open;
    open = undefined;
    const endMs = Date.now();
    const profile = await readTimed(() => backend.stopHeap());
    if (measure === 'allocated' && endMs > startMs)
      allocatedPerSecond = profiledBytes(profile) / ((endMs - startMs) / 1000);
    if (isLook) return;
    deliver({ measure, profile, sampleBytes, startMs, endMs });
    hasLive ||= measure === 'live';
    windowsDone++;
  };

  return {
    async start(initial) {
      options = initial;
      windowsDone = 0;
      hasLive = false;
      await begin();
    },
    /** A window that ends before the next refresh is not kept waiting for it, unless its reading would cost too much. */
    dueAt(now) {
      if (!open || open.endsAt === Infinity) return Infinity;
      const waitMs = isTimed() ? 0 : budget.waitMs(expectedReadMs(context), now);
      return Math.max(open.endsAt, now + Math.max(SHORTEST_WAIT_MS, waitMs));
    },
    async tend() {
      if (!open) return;
      const now = Date.now();
      const { measure, startMs, sampleBytes, endsAt } = open;
      if (!isTimed() && budget.waitMs(expectedReadMs(context), now) > 0) return;
      if (now >= endsAt) {
        await end();
        await begin();
      } else if (measure === 'live' && !isTimed() && now >= firstLiveReadAt(hasLive, startMs)) {
        const profile = await readTimed(() => backend.readLive());
        deliver({ measure, profile, sampleBytes, startMs, endMs: Date.now() });
      }
    },
    // Reads are rationed, also for somebody who cannot wait.
    refresh: () => Promise.resolve(),
    async turn(changed) {
      await end();
      options = changed;
      windowsDone = 0;
      await begin();
    },
    stop: end,
    get cost() {
      const now = Date.now();
      return {
        heapReadShare: budget.share(now),
        heapReadMs: budget.lastMs,
        nextHeapReadInMs: open ? budget.waitMs(expectedReadMs(context), now) : undefined,
      };
    },
  };
};

function isLookDue({ heapIntervalBytes, endsAt = Infinity }: InstrumentOptions): boolean {
  return heapIntervalBytes < UNLOOKED_INTERVAL_BYTES && endsAt - Date.now() > SHORTEST_RUN_WITH_LOOK_MS;
}

function planFor({ memory, endsAt }: InstrumentOptions, windowsDone: number): HeapPlan | undefined {
  if (memory === 'off') return undefined;
  const now = Date.now();
  return endsAt === undefined
    ? nextHeapPlan(memory, windowsDone, now)
    : timedHeapPlan(memory, windowsDone, now, endsAt);
}

function expectedReadMs({ backend, memory }: InstrumentContext): number {
  return backend.cheapLiveReads ? CHEAP_READ_MS : predictHeapReadMs(memory.heapUsed ?? 0);
}
