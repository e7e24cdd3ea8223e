import { randomBytes } from 'node:crypto';
import type { ThreadReadings } from '../../core/measurement/threadReadings';
import type { V8CpuProfile } from '../../core/profile/v8/v8Profile';
import type { SamplingBackend } from './samplingBackend';

export interface CpuWindow {
  readonly profile: V8CpuProfile;
  /** ms that the change took on the target's thread. */
  readonly targetMs: number;
  /** Epoch ms at which the window was opened and ended. */
  readonly startMs: number;
  readonly endMs: number;
  /** When the thread ran, where that can be told. */
  readonly readings?: ThreadReadings;
}

/** A chain of overlapping CPU windows on one isolate. Calls are not to be interleaved. */
export interface CpuWindows {
  readonly isOpen: boolean;
  /** Opens the first window; resolves to the stall in ms that this cost the target. */
  start(intervalUs: number): Promise<number>;
  /** Ends the open window after opening the next one. Undefined when V8 gave no profile for it. */
  change(): Promise<CpuWindow | undefined>;
  /** Ends the open window; the profiler stops. Undefined when none was open. */
  stop(): Promise<CpuWindow | undefined>;
}

/** `onLast` gets the window that a target ended by itself as it exits. */
export function createCpuWindows(backend: SamplingBackend, onLast?: (window: CpuWindow) => void): CpuWindows {
  const prefix = `heatlens-${randomBytes(4).toString('hex')}`;
  let count = 0;
  let open: { title: string; startMs: number } | undefined;
  /** The target may end it before we hear that it was opened. */
  let opening: { title: string; startMs: number } | undefined;
  /** Of windows that may have been opened by a change that failed. */
  const doubtful: string[] = [];

  const end = async (next: string | undefined): Promise<CpuWindow | undefined> => {
    const previous = open;
    opening = next ? { title: next, startMs: Date.now() } : undefined;
    if (next) doubtful.push(next);
    const { profile, targetMs } = await backend.changeCpuWindow({ next, previous: previous?.title });
    if (next) doubtful.pop();
    const now = Date.now();
    open = next ? { title: next, startMs: now } : undefined;
    return profile && previous ? { profile, targetMs, startMs: previous.startMs, endMs: now } : undefined;
  };

  backend.onLastWindow?.((title, profile) => {
    const last = [open, opening].find((window) => window?.title === title);
    if (!last) return;
    onLast?.({ profile, targetMs: 0, startMs: last.startMs, endMs: Date.now() });
    open = undefined;
  });

  return {
    get isOpen() {
      return open !== undefined;
    },
    async start(intervalUs) {
      await backend.setCpuInterval(intervalUs);
      const title = `${prefix}-${++count}`;
      opening = { title, startMs: Date.now() };
      const { targetMs } = await backend.changeCpuWindow({ next: title });
      open = { title, startMs: Date.now() };
      return targetMs;
    },
    change: () => end(`${prefix}-${++count}`),
    async stop() {
      for (const title of doubtful.splice(0)) await backend.changeCpuWindow({ previous: title }).catch(() => undefined);
      return open ? end(undefined) : undefined;
    },
  };
}
