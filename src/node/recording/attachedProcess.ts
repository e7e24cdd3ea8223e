import { basename } from 'node:path';
import type { MethodResolver } from '../../core/heat/methodResolver';
import type { Channel, Connection, TargetThread } from '../channel';
import { evaluate } from '../inspector/evaluate';
import { agentBackend } from '../instruments/agentBackend';
import { enterExactMode, EXACT_SETTLE_MS, leaveExactMode } from '../instruments/exactMode';
import { predictStartStallMs } from '../instruments/heapSchedule';
import { inspectorBackend } from '../instruments/samplingBackend';
import type { SamplerOptions } from '../instruments/threadSampler';
import { createMethodResolver } from '../sources/createMethodResolver';
import { MeasuredThread, type WindowUse } from './measuredThread';
import type { AttachOptions, RecordingOptions } from './recordingTypes';
import { samplingThreadsCpuMs } from './samplingCpu';
import { abortableDelay } from '../../core/abort';
import { attachDeclined } from './recordingErrors';

/** A start that stalls the target longer than this is asked for first, ms. */
export const STALL_TO_CONFIRM_MS = 500;
/** Exact mode counts bytes closely: 32-64 kB between samples is within 4 % of the truth, 512 kB within 13 %. */
const EXACT_HEAP_INTERVAL_BYTES = 32 * 1024;
const RATE_HEAP_INTERVAL_BYTES = 512 * 1024;

/** What a run of known length plans ahead; the editor measures open-ended and leaves it empty. */
export interface RunTiming {
  /** Epoch ms at which a run that starts now will end. */
  readonly endsAt?: () => number;
  /** Bytes are sampled in exact mode only: heap reads before it would be stalls for nothing. */
  readonly exactMemoryOnly?: boolean;
}

export interface AttachedProcess {
  readonly connection: Connection;
  readonly resolver: MethodResolver;
  readonly threads: readonly MeasuredThread[];
  pause(): Promise<void>;
  resume(): Promise<void>;
  restart(options: RecordingOptions): Promise<void>;
  refresh(): Promise<void>;
  measureExactly(
    durationMs: number,
    signal: AbortSignal | undefined,
    onProgress: ((elapsedMs: number) => void) | undefined,
  ): Promise<void>;
  updateCost(): Promise<void>;
  detach(): Promise<void>;
}

/** Starts measuring a process that we are connected to: its main thread now, workers as they are reported. */
export async function measureProcess(
  connection: Connection,
  initial: RecordingOptions,
  attach: AttachOptions,
  timing: RunTiming,
  onChange: () => void,
): Promise<AttachedProcess> {
  const endsAt = timing.endsAt?.();
  let options = initial;
  const { heapUsed, startedAt } = await evaluate<{ heapUsed: number; startedAt: number }>(
    connection.main.channel,
    '({ heapUsed: process.memoryUsage().heapUsed, startedAt: Date.now() - process.uptime() * 1000 })',
  );
  const predicted = predictStartStallMs(heapUsed);
  if (predicted > STALL_TO_CONFIRM_MS && attach.confirmStall && !(await attach.confirmStall(predicted, heapUsed))) {
    throw attachDeclined();
  }

  const resolver = createMethodResolver({
    channel: connection.main.channel,
    processStartedAt: startedAt,
    pathMappings: options.pathMappings,
    roots: [...new Set([connection.cwd, ...options.roots])],
  });
  const script = connection.argv[1] ? basename(connection.argv[1]) : 'node';
  const threads: MeasuredThread[] = [];
  const channels = new Map<MeasuredThread, Channel>();
  const samplerOptions = (): SamplerOptions => ({
    cpuIntervalUs: options.cpuIntervalUs,
    heapIntervalBytes: options.heapIntervalBytes,
    memory: timing.exactMemoryOnly ? 'off' : options.memory,
    refreshMs: options.refreshMs,
    endsAt,
  });
  let use: WindowUse = 'approximate';
  let detached = false;
  let paused = false;
  let cpuBefore: { ms: number; at: number } | undefined;

  const startThread = async (thread: TargetThread): Promise<void> => {
    const isMain = thread.kind === 'main';
    const measured = new MeasuredThread(
      isMain ? String(connection.pid) : `${connection.pid}/${thread.id}`,
      isMain ? `${script} (${connection.pid})` : `worker ${thread.id} of ${script} (${connection.pid})`,
      { pid: connection.pid, threadId: isMain ? undefined : thread.id, nodeVersion: connection.nodeVersion },
      resolver,
      onChange,
    );
    measured.use = use;
    if (isMain) measured.predictedStartStallMs = predicted;
    threads.push(measured);
    // What a worker compiled in memory only the worker knows.
    const ownMaps = isMain ? undefined : resolver.addChannel(thread.channel);
    channels.set(measured, thread.channel);
    void thread.channel.closed.then(() => {
      channels.delete(measured);
      ownMaps?.dispose();
      // An exiting target is let go by closing our end, which is no detach.
      measured.setState(detached ? 'detached' : 'ended');
    });
    const backend = await (connection.via === 'agent'
      ? agentBackend(thread.channel)
      : inspectorBackend(thread.channel, thread.kind));
    await measured.start(thread, backend, samplerOptions());
    if (detached) await measured.sampler?.stop();
    else if (paused) await measured.sampler?.pause();
  };

  const running = (): MeasuredThread[] => threads.filter((thread) => channels.has(thread) && thread.sampler);
  const each = async (task: (thread: MeasuredThread) => Promise<void>): Promise<void> => {
    const results = await Promise.allSettled(running().map(task));
    const failed = results.find((result) => result.status === 'rejected');
    if (failed && channels.size) throw failed.reason;
  };

  await startThread(connection.main);
  const workers = connection.onWorker((thread) => {
    // A worker may end while it is being attached to; that is its right, and the main thread is measured all the same.
    startThread(thread).catch((error: unknown) => {
      if (channels.size) threads[0].measurement('approximate')?.problems.add(`worker ${thread.id}: ${String(error)}`);
    });
  });

  const turnAll = async (next: WindowUse, change: Partial<SamplerOptions>): Promise<void> => {
    await each(async (thread) => {
      await thread.sampler!.turn(change);
      // At once, and not when the slowest thread has turned: the next window counts as `next` already.
      thread.use = next;
    });
    use = next;
    for (const thread of threads) thread.use = next;
  };

  return {
    connection,
    resolver,
    get threads() {
      return threads;
    },
    async pause() {
      paused = true;
      await each(async (thread) => {
        await thread.sampler!.pause();
        thread.setState('paused');
      });
    },
    async resume() {
      paused = false;
      await each(async (thread) => {
        await thread.sampler!.restart(samplerOptions());
        thread.setState('measuring');
      });
    },
    async restart(changed) {
      options = changed;
      if (!paused) await each((thread) => thread.sampler!.restart(samplerOptions()));
    },
    refresh: () => each((thread) => thread.sampler!.refresh()),
    async measureExactly(durationMs, signal, onProgress) {
      const isolates = (): Channel[] => [...channels.values()];
      // A coarse look at how fast the target allocates bounds what the close one will cost.
      await turnAll('discard', {
        memory: options.memory === 'off' ? 'off' : 'allocated',
        heapIntervalBytes: RATE_HEAP_INTERVAL_BYTES,
        endsAt: undefined,
      });
      try {
        await enterExactMode(connection.main.channel, isolates(), durationMs);
        for (const thread of running()) thread.setState('measuring-exactly');
        await abortableDelay(EXACT_SETTLE_MS, signal);
        if (!signal?.aborted) {
          const start = Date.now();
          await turnAll('exact', {
            memory: options.memory,
            heapIntervalBytes: Math.min(options.heapIntervalBytes, EXACT_HEAP_INTERVAL_BYTES),
            endsAt: start + durationMs,
          });
          const progress = setInterval(() => onProgress?.(Date.now() - start), 250);
          await Promise.race([abortableDelay(durationMs, signal), connection.closed]);
          clearInterval(progress);
          await turnAll('discard', { memory: 'off' });
        }
      } finally {
        if (channels.size) {
          await leaveExactMode(connection.main.channel, isolates()).catch(() => undefined);
          for (const thread of running()) thread.setState('measuring');
          await turnAll('approximate', samplerOptions()).catch(() => undefined);
        }
      }
    },
    async updateCost() {
      if (connection.via === 'host-port') return;
      const ms = await samplingThreadsCpuMs(connection.pid);
      if (ms === undefined) return;
      const now = Date.now();
      if (cpuBefore && now > cpuBefore.at)
        threads[0].samplingShare = Math.max(0, ms - cpuBefore.ms) / (now - cpuBefore.at);
      cpuBefore ??= { ms, at: now };
    },
    async detach() {
      detached = true;
      workers.dispose();
      await Promise.allSettled(running().map((thread) => thread.sampler!.stop()));
      for (const thread of threads) thread.setState('detached');
      await connection.close();
    },
  };
}
