import { basename } from 'node:path';
import type { Disposable } from '../../core/disposable';
import type { HeatlensError } from '../../core/errors';
import type { Channel, Connection, TargetThread } from '../channel';
import { callTarget } from '../inspector/callTarget';
import { agentBackend } from '../instruments/agentBackend';
import { predictStartStallMs } from '../instruments/heapSchedule';
import type { InstrumentOptions } from '../instruments/instrument';
import { inspectorBackend } from '../instruments/samplingBackend';
import { createMethodResolver, type SourceMethodResolver } from '../sources/createMethodResolver';
import { measureProcessExactly, type ExactRunOptions } from './exactRun';
import { MeasuredThread, type WindowUse } from './measuredThread';
import type { AttachOptions, RecordingOptions } from './recordingTypes';
import { createSamplingShare } from './samplingCpu';
import { attachDeclined } from './recordingErrors';

/** A start that stalls the target longer than this is asked for first, ms. */
const STALL_TO_CONFIRM_MS = 500;

/** What a run of known length plans ahead; the editor measures open-ended and leaves it empty. */
export interface RunTiming {
  /** Epoch ms at which a run that starts now will end. */
  readonly endsAt?: () => number;
  /** Bytes are sampled in exact mode only: heap reads before it would be stalls for nothing. */
  readonly exactMemoryOnly?: boolean;
}

/** Starts measuring a process that we are connected to: its main thread now, workers as they are reported. */
export async function measureProcess(
  connection: Connection,
  options: RecordingOptions,
  attach: AttachOptions,
  timing: RunTiming,
  onChange: () => void,
): Promise<AttachedProcess> {
  const endsAt = timing.endsAt?.();
  const { channel } = connection.main;
  const [{ heapUsed }, startedAt] = await Promise.all([
    callTarget(channel, 'memoryUse', []),
    callTarget(channel, 'startedAt', []),
  ]);
  const predictedStallMs = predictStartStallMs(heapUsed);
  if (
    predictedStallMs > STALL_TO_CONFIRM_MS &&
    attach.confirmStall &&
    !(await attach.confirmStall(predictedStallMs, heapUsed))
  )
    throw attachDeclined();

  const resolver = createMethodResolver({
    channel,
    processStartedAt: startedAt,
    pathMappings: options.pathMappings,
    roots: [...new Set([connection.cwd, ...options.roots])],
    // Where the process says that it runs is not the user's word.
    given: options.roots,
  });
  const process = new AttachedProcess(connection, resolver, options, {
    endsAt,
    exactMemoryOnly: timing.exactMemoryOnly ?? false,
    predictedStallMs,
    onChange,
  });
  await process.start();
  for (const warning of connection.warnings) process.main.noteProblem(warning);
  return process;
}

interface Plan {
  readonly endsAt: number | undefined;
  readonly exactMemoryOnly: boolean;
  readonly predictedStallMs: number;
  readonly onChange: () => void;
}

/** One process, all of its isolates, and what is done to all of them alike. */
export class AttachedProcess {
  private readonly measured: MeasuredThread[] = [];
  /** Of the isolates that are connected. */
  private readonly channels = new Map<MeasuredThread, Channel>();
  private readonly samplingShare;
  private workers: Disposable | undefined;
  private use: WindowUse = 'approximate';
  private isDetached = false;
  private isPaused = false;

  constructor(
    readonly connection: Connection,
    private readonly resolver: SourceMethodResolver,
    private options: RecordingOptions,
    private readonly plan: Plan,
  ) {
    this.samplingShare = createSamplingShare(connection.pid);
  }

  /** Every isolate seen, the main thread first. */
  get threads(): readonly MeasuredThread[] {
    return this.measured;
  }

  get main(): MeasuredThread {
    return this.measured[0];
  }

  async start(): Promise<void> {
    await this.startThread(this.connection.main);
    this.workers = this.connection.onWorker((thread) => {
      // A worker may end while it is being attached to; that is its right, and the main thread is measured all the same.
      this.startThread(thread).catch((error: unknown) => {
        if (this.channels.size) this.main.noteProblem(`worker ${thread.id}: ${String(error)}`);
      });
    });
  }

  async pause(): Promise<void> {
    this.isPaused = true;
    await this.each((thread) => thread.pause());
  }

  async resume(): Promise<void> {
    this.isPaused = false;
    await this.each((thread) => thread.resume(this.instrumentOptions()));
  }

  async restart(options: RecordingOptions): Promise<void> {
    this.options = options;
    if (!this.isPaused) await this.each((thread) => thread.restart(this.instrumentOptions()));
  }

  /** Delivers the open CPU windows. */
  async refresh(): Promise<void> {
    await this.each((thread) => thread.refresh());
  }

  async measureExactly(run: ExactRunOptions): Promise<void> {
    await measureProcessExactly(
      {
        connection: this.connection,
        options: () => this.options,
        instrumentOptions: () => this.instrumentOptions(),
        isolates: () => [...this.channels.values()],
        turnAll: (use, change) => this.turnAll(use, change),
        entered: () => this.running().forEach((thread) => thread.measuresExactly()),
        left: () => this.running().forEach((thread) => thread.measuresAgain()),
      },
      run,
    );
  }

  async updateCost(): Promise<void> {
    // The process behind a forwarded port is not the one that has this id here.
    if (this.connection.via === 'host-port') return;
    const share = await this.samplingShare.read();
    if (share !== undefined) this.main.noteSamplingShare(share);
  }

  /** The connection is lost: nothing more will come of any isolate. */
  ended(): void {
    for (const thread of this.measured) thread.ended();
  }

  /** Resolves to what could not be put back. */
  async detach(): Promise<HeatlensError | undefined> {
    this.isDetached = true;
    this.workers?.dispose();
    await Promise.allSettled(this.running().map((thread) => thread.stop()));
    for (const thread of this.measured) thread.detached();
    return this.connection.close();
  }

  private instrumentOptions(): InstrumentOptions {
    const { cpuIntervalUs, heapIntervalBytes, memory, refreshMs } = this.options;
    return {
      cpuIntervalUs,
      heapIntervalBytes,
      memory: this.plan.exactMemoryOnly ? 'off' : memory,
      refreshMs,
      endsAt: this.plan.endsAt,
    };
  }

  private async startThread(thread: TargetThread): Promise<void> {
    const measured = this.newThread(thread);
    measured.count(this.use);
    this.measured.push(measured);
    // What a worker compiled in memory only the worker knows.
    const ownMaps = thread.kind === 'main' ? undefined : this.resolver.addChannel(thread.channel);
    this.channels.set(measured, thread.channel);
    void thread.channel.closed.then(() => {
      this.channels.delete(measured);
      ownMaps?.dispose();
      // An exiting target is let go by closing our end, which is no detach.
      if (this.isDetached) measured.detached();
      else measured.ended();
    });
    const backend = await (this.connection.via === 'agent'
      ? agentBackend(thread.channel)
      : inspectorBackend(thread.channel, thread.kind));
    await measured.start(thread, backend, this.instrumentOptions());
    if (this.isDetached) await measured.stop();
    else if (this.isPaused) await measured.pause();
  }

  private newThread(thread: TargetThread): MeasuredThread {
    const { pid, nodeVersion, argv } = this.connection;
    const script = argv[1] ? basename(argv[1]) : 'node';
    const { resolver } = this;
    const { onChange, predictedStallMs } = this.plan;
    if (thread.kind === 'main') {
      const identity = { pid, threadId: undefined, nodeVersion };
      return new MeasuredThread(String(pid), `${script} (${pid})`, identity, resolver, onChange, predictedStallMs);
    }
    const label = `worker ${thread.id} of ${script} (${pid})`;
    return new MeasuredThread(
      `${pid}/${thread.id}`,
      label,
      { pid, threadId: thread.id, nodeVersion },
      resolver,
      onChange,
    );
  }

  private running(): MeasuredThread[] {
    return this.measured.filter((thread) => this.channels.has(thread) && thread.isStarted);
  }

  /** Rejects when it failed for one of the isolates, unless the process has gone. */
  private async each(task: (thread: MeasuredThread) => Promise<void>): Promise<void> {
    const results = await Promise.allSettled(this.running().map(task));
    const failed = results.find((result) => result.status === 'rejected');
    if (failed && this.channels.size) throw failed.reason;
  }

  private async turnAll(use: WindowUse, change: Partial<InstrumentOptions>): Promise<void> {
    // Each by itself, and not when the slowest thread has turned: the next window counts as `use` already.
    await this.each((thread) => thread.turn(use, change));
    this.use = use;
    for (const thread of this.measured) thread.count(use);
  }
}
