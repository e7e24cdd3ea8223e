import type { V8CpuProfile, V8HeapProfile } from '../../core/profile/v8/v8Profile';
import type { Disposable } from '../../core/disposable';
import { isFinishedProfile, isHeapReply } from '../../core/protocol/targetGuards';
import type { WorkerProfilers } from '../../core/protocol/targetFunctions';
import type { Channel, TargetThread } from '../channel';
import { callTarget, prepareTarget } from '../inspector/callTarget';
import { createLease } from '../inspector/lease';

export type HeapMeasure = 'live' | 'allocated';

/** A call to the target may wait for as long as its event loop is blocked; who waits shows "unresponsive" meanwhile. */
export const PATIENT_MS = 24 * 3600 * 1000;

/** One isolate's profilers. Durations are ms as the target measured them on the thread that is profiled. */
export interface SamplingBackend {
  /** Reading live bytes does not stall like a full garbage collection. */
  readonly cheapLiveReads: boolean;
  readonly measures: { readonly live: boolean; readonly allocated: boolean };
  /** Only while no CPU window is open. */
  setCpuInterval(intervalUs: number): Promise<void>;
  /** Opens `next` and then ends `previous`, so that the profiler never stops in between. Either may be absent. */
  changeCpuWindow(change: { next?: string; previous?: string }): Promise<{ profile?: V8CpuProfile; targetMs: number }>;
  /** Told when the target, as its last act, ended a window by itself. Absent where it does not. */
  onLastWindow?(listener: (title: string, profile: V8CpuProfile) => void): void;
  startHeap(measure: HeapMeasure, intervalBytes: number): Promise<void>;
  /** Live bytes so far, sampling goes on. */
  readLive(): Promise<V8HeapProfile>;
  stopHeap(): Promise<V8HeapProfile>;
  /** ms that were left out of CPU windows because measuring caused them; absent where nothing is. */
  readonly leftOutMs?: number;
  /** Leaves the profiler domains as they were before us. Errors are the caller's to ignore when the target is gone. */
  dispose(): Promise<void>;
}

/**
 * V8's inspector domains. CPU windows are console profiles: they may overlap, while `Profiler.start` and `.stop` would
 * stall the target at every refresh.
 */
export async function inspectorBackend(channel: Channel, kind: TargetThread['kind']): Promise<SamplingBackend> {
  // A worker answers slowly: the functions that its first window needs are on their way meanwhile.
  await Promise.all([channel.send('Profiler.enable'), prepareTarget(channel)]);
  const finished = new Map<string, (profile: V8CpuProfile) => void>();
  let lastWindow: ((title: string, profile: V8CpuProfile) => void) | undefined;
  const listener: Disposable = channel.on('Profiler.consoleProfileFinished', (params) => {
    // What is no profile is as good as one that did not come.
    if (!isFinishedProfile(params)) return;
    const { title = '', profile } = params;
    const asked = finished.get(title);
    if (asked) asked(profile);
    else lastWindow?.(title, profile);
  });
  let heapRunning = false;
  // Node ends the session of the main thread with our connection, but not those of workers: they have to notice by themselves.
  const lease = kind === 'worker' ? createLease(channel) : undefined;
  const held = lease?.hold();
  const note = async (profilers: WorkerProfilers | null): Promise<void> => {
    // In vain where the program has taken what it needs: then the last window is lost, and the profilers go on if we are.
    if (lease) await callTarget(channel, 'noteWorkerProfilers', [lease.owner, profilers]).catch(() => undefined);
  };
  let windows: readonly string[] = [];

  const stopHeap = async (): Promise<V8HeapProfile> => {
    heapRunning = false;
    const { profile } = await channel.send(
      'HeapProfiler.stopSampling',
      {},
      { timeoutMs: PATIENT_MS, answer: isHeapReply },
    );
    return profile;
  };

  return {
    cheapLiveReads: false,
    measures: { live: true, allocated: true },
    setCpuInterval: async (intervalUs) =>
      void (await channel.send('Profiler.setSamplingInterval', { interval: intervalUs })),
    async changeCpuWindow({ next, previous }) {
      const profile = previous ? new Promise<V8CpuProfile>((resolve) => finished.set(previous, resolve)) : undefined;
      try {
        // A worker that is terminated emits no `exit`, and the end of the process does not wait for those that would.
        const endAtExit = kind === 'main';
        windows = [next, previous].filter((title) => title !== undefined);
        void note({ windows, heap: heapRunning });
        const targetMs = await callTarget(channel, 'changeCpuWindow', [next, previous, endAtExit], {
          timeoutMs: PATIENT_MS,
        });
        // The event precedes the reply: V8 sends it from inside profileEnd. If it did not come, the window was lost.
        const unheard = new Promise<undefined>((resolve) => setTimeout(resolve, 1000, undefined).unref());
        return { profile: profile && (await Promise.race([profile, unheard])), targetMs };
      } finally {
        if (previous) finished.delete(previous);
      }
    },
    onLastWindow: (told) => {
      lastWindow = told;
    },
    async startHeap(measure, intervalBytes) {
      const keepCollected = measure === 'allocated';
      // Before it is: what fails may have been done.
      heapRunning = true;
      // Waited for: on its own way it would be overtaken, and what is not noted goes on when the connection is cut in between.
      await note({ windows, heap: true });
      await channel.send('HeapProfiler.startSampling', {
        samplingInterval: intervalBytes,
        includeObjectsCollectedByMajorGC: keepCollected,
        includeObjectsCollectedByMinorGC: keepCollected,
      });
    },
    async readLive() {
      const { profile } = await channel.send(
        'HeapProfiler.getSamplingProfile',
        {},
        { timeoutMs: PATIENT_MS, answer: isHeapReply },
      );
      return profile;
    },
    stopHeap,
    async dispose() {
      listener.dispose();
      held?.dispose();
      if (heapRunning) await stopHeap().catch(() => undefined);
      await note(null);
      await channel.send('Profiler.disable');
    },
  };
}
