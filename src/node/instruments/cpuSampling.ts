import { createCpuWindows, type CpuWindow } from './cpuWindows';
import type { CreateInstrument } from './instrument';

/** V8's CPU profiler, in overlapping windows of the refresh interval. */
export const cpuSampling: CreateInstrument<CpuWindow> = (context, deliver) => {
  let refreshMs = 0;
  /** Epoch ms at which the open window is to be changed. */
  let changeAt = Infinity;
  let startStallMs: number | undefined;
  let changes = { count: 0, totalMs: 0, maxMs: 0 };

  const windows = createCpuWindows(context.backend, (last) => {
    deliver(last);
    context.exits();
  });
  const plan = (): void => {
    changeAt = Date.now() + refreshMs;
  };
  const change = async (): Promise<void> => count(await windows.change());
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
      startStallMs = await windows.start(options.cpuIntervalUs);
      ({ refreshMs } = options);
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
      count(await windows.stop());
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
