import { createCpuWindows, type CpuWindow } from './cpuWindows';
import type { CreateInstrument } from './instrument';

/** The shortest window of an isolate that may end soon, ms; each is half as long as the isolate was measured by then. */
const SHORTEST_WINDOW_MS = 100;

/** V8's CPU profiler, in overlapping windows of the refresh interval. */
export const cpuSampling: CreateInstrument<CpuWindow> = (context, take) => {
  const { clock } = context;
  let refreshMs = 0;
  /** Epoch ms since when windows become longer; they do not where it is undefined. */
  let shortSince: number | undefined;
  /** Epoch ms at which the open window is to be changed. */
  let changeAt = Infinity;
  let startStallMs: number | undefined;
  let changes = { count: 0, totalMs: 0, maxMs: 0 };

  const deliver = (window: CpuWindow): void => {
    const { startTime, endTime } = window.profile;
    take({ ...window, readings: clock?.readings(startTime, endTime) });
  };
  const windows = createCpuWindows(context.backend, (last) => {
    deliver(last);
    context.exits();
  });
  const plan = (): void => {
    const now = Date.now();
    const most = shortSince === undefined ? Infinity : Math.max(SHORTEST_WINDOW_MS, (now - shortSince) / 2);
    changeAt = now + Math.min(refreshMs, most);
  };
  const change = async (): Promise<void> => {
    const window = await windows.change();
    await clock?.mark();
    count(window);
  };
  const count = (window: CpuWindow | undefined): void => {
    if (!window) return;
    changes = {
      count: changes.count + 1,
      totalMs: changes.totalMs + window.targetMs,
      maxMs: Math.max(changes.maxMs, window.targetMs),
    };
    deliver(window);
  };

  return {
    async start(options) {
      await clock?.start();
      try {
        startStallMs = await windows.start(options.cpuIntervalUs);
      } catch (error) {
        clock?.stop();
        throw error;
      }
      ({ refreshMs } = options);
      shortSince = options.startsShort ? Date.now() : undefined;
      plan();
    },
    dueAt: () => changeAt,
    async tend() {
      if (Date.now() < changeAt) return;
      plan();
      await change();
    },
    async refresh() {
      if (windows.isOpen) await change();
    },
    async turn(options) {
      await change();
      ({ refreshMs } = options);
      plan();
    },
    async stop() {
      try {
        const window = await windows.stop();
        await clock?.mark();
        count(window);
      } finally {
        clock?.stop();
      }
    },
    get cost() {
      const { count: times, totalMs, maxMs } = changes;
      return {
        startStallMs,
        refreshMs: times ? totalMs / times : undefined,
        refreshMaxMs: times ? maxMs : undefined,
      };
    },
  };
};
