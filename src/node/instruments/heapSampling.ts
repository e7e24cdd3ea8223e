import {
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
}

/** ms to assume of a read that runs no garbage collection. */
const CHEAP_READ_MS = 5;
/** A read that may be made now is still not due before this, ms. */
const SHORTEST_WAIT_MS = 50;

/** V8's sampling heap profiler: windows of allocated and of live bytes in turns, reads within a budget. */
export const heapSampling: CreateInstrument<HeapWindow> = (context, deliver) => {
  const { backend } = context;
  const budget = createHeapReadBudget(Date.now());
  let options: InstrumentOptions | undefined;
  let open: (HeapPlan & { startMs: number }) | undefined;
  let windowsDone = 0;
  let allocatedPerSecond = 0;

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
    await backend.startHeap(plan.measure, heapIntervalFor(options.heapIntervalBytes, allocatedPerSecond));
    open = { ...plan, startMs: Date.now() };
  };

  const end = async (): Promise<void> => {
    if (!open) return;
    const { measure, startMs } = open;
    open = undefined;
    const endMs = Date.now();
    const profile = await readTimed(() => backend.stopHeap());
    if (measure === 'allocated' && endMs > startMs)
      allocatedPerSecond = profiledBytes(profile) / ((endMs - startMs) / 1000);
    deliver({ measure, profile, startMs, endMs });
    windowsDone++;
  };

  return {
    async start(initial) {
      options = initial;
      windowsDone = 0;
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
      const { measure, startMs, endsAt } = open;
      if (!isTimed() && budget.waitMs(expectedReadMs(context), now) > 0) return;
      if (now >= endsAt) {
        await end();
        await begin();
      } else if (measure === 'live' && !isTimed() && now >= firstLiveReadAt(windowsDone, startMs)) {
        deliver({ measure, profile: await readTimed(() => backend.readLive()), startMs, endMs: Date.now() });
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
