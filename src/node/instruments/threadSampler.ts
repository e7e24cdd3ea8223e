import type { Interval } from '../../core/interval';
import { errorText } from '../../core/errors';
import { profiledBytes, type V8HeapProfile } from '../../core/profile/v8/v8Profile';
import type { Channel } from '../channel';
import { evaluate } from '../inspector/evaluate';
import { createCpuWindows, type CpuWindow } from './cpuWindows';
import {
  createHeapReadBudget,
  firstLiveReadAt,
  heapIntervalFor,
  nextHeapPlan,
  predictHeapReadMs,
  timedHeapPlan,
  type HeapPlan,
} from './heapSchedule';
import { PATIENT_MS, type HeapMeasure, type SamplingBackend } from './samplingBackend';

export interface SamplerOptions {
  readonly cpuIntervalUs: number;
  readonly heapIntervalBytes: number;
  readonly memory: 'both' | HeapMeasure | 'off';
  /** ms between CPU windows. */
  readonly refreshMs: number;
  /** Epoch ms at which a run of known length ends; the heap windows are then planned to fill it. */
  readonly endsAt?: number;
}

/** Receives what one isolate yields, in the order in which it was measured. */
export interface SamplerSink {
  cpu(window: CpuWindow): void;
  /** Live bytes replace those that were read before; allocated bytes add to them. */
  heap(measure: HeapMeasure, profile: V8HeapProfile, interval: Interval): void;
  /** The target has not answered for 10 s, or answers again. */
  responsive(isResponsive: boolean): void;
  /** One window was lost; measuring goes on. */
  problem(text: string): void;
}

export interface SamplerCost {
  readonly startStallMs?: number;
  readonly refreshMs?: number;
  readonly refreshMaxMs?: number;
  readonly heapReadShare: number;
  readonly heapReadMs?: number;
  readonly nextHeapReadInMs?: number;
  readonly heapUsedBytes?: number;
  readonly externalBytes?: number;
}

export interface ThreadSampler {
  readonly cost: SamplerCost;
  /** Ends both profilers, delivers what they have and begins anew by the changed options: costs a start stall. */
  restart(change: Partial<SamplerOptions>): Promise<void>;
  /**
   * Delivers the open windows and begins new ones by the changed options, without stopping the CPU profiler (so its
   * interval cannot change). What comes afterwards was measured wholly after this call.
   */
  turn(change: Partial<Omit<SamplerOptions, 'cpuIntervalUs'>>): Promise<void>;
  /** Ends both profilers and delivers what they have; `restart` begins again. */
  pause(): Promise<void>;
  /** Delivers the open CPU window now instead of at the next refresh. */
  refresh(): Promise<void>;
  /** Ends everything and delivers what is open. Gives up after 5 s on a target that does not answer. */
  stop(): Promise<void>;
}

const UNRESPONSIVE_AFTER_MS = 10_000;
const STOP_PATIENCE_MS = 5_000;
const MEMORY_POLL_MS = 10_000;

/** Starts CPU and heap sampling on one isolate and keeps delivering windows until stopped. */
export async function startThreadSampler(
  channel: Channel,
  backend: SamplingBackend,
  initial: SamplerOptions,
  sink: SamplerSink,
): Promise<ThreadSampler> {
  let options = initial;
  const windows = createCpuWindows(backend, (window) => sink.cpu(window));
  const startedAt = Date.now();
  const budget = createHeapReadBudget(startedAt);
  let heap: (HeapPlan & { startMs: number }) | undefined;
  let heapWindowsDone = 0;
  let allocatedPerSecond = 0;
  let startStallMs: number | undefined;
  let changes = { count: 0, totalMs: 0, maxMs: 0 };
  let memory: { heapUsed: number; external: number } | undefined;
  let memoryAskedAt = 0;
  /** Epoch ms at which the open CPU window is to be changed. */
  let cpuDueAt = 0;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let over = false;
  void channel.closed.then(() => {
    over = true;
    clearTimeout(timer);
  });

  // One conversation at a time: windows must not interleave, and a blocked target must not collect a backlog.
  let queue: Promise<unknown> = Promise.resolve();
  const exclusively = <T>(task: () => Promise<T>): Promise<T> => {
    const run = queue.then(() => watched(task));
    queue = run.catch(() => undefined);
    return run;
  };
  const watched = async <T>(task: () => Promise<T>): Promise<T> => {
    let late = false;
    const watch = setTimeout(() => {
      late = true;
      sink.responsive(false);
    }, UNRESPONSIVE_AFTER_MS);
    try {
      return await task();
    } finally {
      clearTimeout(watch);
      if (late && !over) sink.responsive(true);
    }
  };

  const deliverCpu = (window: CpuWindow | undefined): void => {
    if (!window) return;
    changes = {
      count: changes.count + 1,
      totalMs: changes.totalMs + window.targetMs,
      maxMs: Math.max(changes.maxMs, window.targetMs),
    };
    sink.cpu(window);
  };

  const readTimed = async (read: () => Promise<V8HeapProfile>): Promise<V8HeapProfile> => {
    const start = performance.now();
    const profile = await read();
    budget.record(performance.now() - start, Date.now());
    return profile;
  };

  const startHeap = async (): Promise<void> => {
    if (options.memory === 'off') return;
    const now = Date.now();
    const mode = options.memory;
    const plan = options.endsAt
      ? timedHeapPlan(mode, heapWindowsDone, now, options.endsAt)
      : nextHeapPlan(mode, heapWindowsDone, now);
    if (!backend.measures[plan.measure]) return;
    await backend.startHeap(plan.measure, heapIntervalFor(options.heapIntervalBytes, allocatedPerSecond));
    heap = { ...plan, startMs: Date.now() };
  };

  const stopHeap = async (): Promise<void> => {
    if (!heap) return;
    const { measure, startMs } = heap;
    heap = undefined;
    const endMs = Date.now();
    const profile = await readTimed(() => backend.stopHeap());
    if (measure === 'allocated' && endMs > startMs)
      allocatedPerSecond = profiledBytes(profile) / ((endMs - startMs) / 1000);
    sink.heap(measure, profile, { startMs, endMs });
    heapWindowsDone++;
  };

  const expectedReadMs = (): number => (backend.cheapLiveReads ? 5 : predictHeapReadMs(memory?.heapUsed ?? 0));

  const tendHeap = async (): Promise<void> => {
    if (!heap) return;
    const now = Date.now();
    const affordable = options.endsAt !== undefined || budget.waitMs(expectedReadMs(), now) === 0;
    if (now >= heap.endsAt && affordable) {
      await stopHeap();
      await startHeap();
    } else if (
      heap.measure === 'live' &&
      options.endsAt === undefined &&
      affordable &&
      now >= firstLiveReadAt(heapWindowsDone, heap.startMs)
    ) {
      const { startMs } = heap;
      sink.heap('live', await readTimed(() => backend.readLive()), { startMs, endMs: Date.now() });
    }
  };

  const askMemory = async (): Promise<void> => {
    if (Date.now() - memoryAskedAt < MEMORY_POLL_MS) return;
    memoryAskedAt = Date.now();
    memory = await evaluate(channel, '(({ heapUsed, external }) => ({ heapUsed, external }))(process.memoryUsage())', {
      timeoutMs: PATIENT_MS,
    });
  };

  const schedule = (): void => {
    // A refresh may be under way while somebody else schedules the next one: there is only one chain of them.
    clearTimeout(timer);
    if (stopped || over) return;
    const now = Date.now();
    timer = setTimeout(() => void tick(), Math.max(1, Math.min(cpuDueAt, heapDueAt(now)) - now));
  };

  /** A heap window that ends before the next refresh is not kept waiting for it, unless its reading would cost too much. */
  const heapDueAt = (now: number): number => {
    if (!heap || heap.endsAt === Infinity) return Infinity;
    const waitMs = options.endsAt === undefined ? budget.waitMs(expectedReadMs(), now) : 0;
    return Math.max(heap.endsAt, now + Math.max(50, waitMs));
  };

  const tick = async (): Promise<void> => {
    try {
      await exclusively(async () => {
        if (stopped || !windows.isOpen) return;
        if (Date.now() >= cpuDueAt) {
          cpuDueAt = Date.now() + options.refreshMs;
          deliverCpu(await windows.change());
        }
        await askMemory();
        await tendHeap();
      });
    } catch (error) {
      // The end of the channel is told by `closed`; anything else V8 says concerns this window only.
      if (!over) sink.problem(errorText(error));
    }
    if (windows.isOpen) schedule();
  };

  const begin = async (): Promise<void> => {
    startStallMs = await windows.start(options.cpuIntervalUs);
    cpuDueAt = Date.now() + options.refreshMs;
    await startHeap();
  };
  const end = async (): Promise<void> => {
    deliverCpu(await windows.stop());
    await stopHeap();
  };

  await exclusively(async () => {
    await askMemory();
    await begin();
  });
  schedule();

  return {
    get cost(): SamplerCost {
      const now = Date.now();
      return {
        startStallMs,
        refreshMs: changes.count ? changes.totalMs / changes.count : undefined,
        refreshMaxMs: changes.count ? changes.maxMs : undefined,
        heapReadShare: budget.share(now),
        heapReadMs: budget.lastMs,
        nextHeapReadInMs: heap ? budget.waitMs(expectedReadMs(), now) : undefined,
        heapUsedBytes: memory?.heapUsed,
        externalBytes: memory?.external,
      };
    },
    restart: (change) =>
      exclusively(async () => {
        clearTimeout(timer);
        await end();
        options = { ...options, ...change };
        heapWindowsDone = 0;
        await begin();
        schedule();
      }),
    turn: (change) =>
      exclusively(async () => {
        deliverCpu(await windows.change());
        await stopHeap();
        options = { ...options, ...change };
        cpuDueAt = Date.now() + options.refreshMs;
        heapWindowsDone = 0;
        await startHeap();
        schedule();
      }),
    pause: () =>
      exclusively(async () => {
        clearTimeout(timer);
        await end();
      }),
    refresh: () =>
      exclusively(async () => {
        // Paused: there is nothing to deliver, and nothing to begin.
        if (windows.isOpen) deliverCpu(await windows.change());
      }),
    async stop() {
      stopped = true;
      clearTimeout(timer);
      if (over) return;
      const patience = new Promise<void>((resolve) => setTimeout(resolve, STOP_PATIENCE_MS).unref());
      const ended = exclusively(async () => {
        await end();
        await backend.dispose();
      }).catch(() => undefined);
      await Promise.race([ended, patience, channel.closed]);
    },
  };
}
