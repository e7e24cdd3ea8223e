import { basename } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Disposable } from '../../core/disposable';
import { isHeatlensError } from '../../core/errors';
import type { Channel, Connection, LeftBehind, TargetThread } from '../channel';
import { callTarget } from '../inspector/callTarget';
import { connectionLost } from '../inspector/inspectorErrors';
import { agentBackend } from '../instruments/agentBackend';
import { optimizeAnew, turnFoldingOff } from '../instruments/allocationFolding';
import { withoutConsoleMemory } from '../instruments/consoleMemory';
import { CLOSE_HEAP_SAMPLES_PER_SECOND, predictStartStallMs } from '../instruments/heapSchedule';
import type { HeapReadSum } from '../instruments/heapSchedule';
import type { InstrumentOptions, Parts } from '../instruments/instrument';
import { keepOwnWorkOut } from '../instruments/ownWork';
import { inspectorBackend, type SamplingBackend } from '../instruments/samplingBackend';
import { createThreadClocks } from '../instruments/threadClocks';
import { createMethodResolver, type SourceMethodResolver } from '../sources/createMethodResolver';
import { measureProcessExactly, type ExactRunOptions } from './exactRun';
import { MeasuredThread, type WindowUse } from './measuredThread';
import { oneAtATime, type MeasuringTurns, type TurnIsolate } from './measuringTurns';
import { manyIsolates } from './turnTexts';
import { createThreadClock } from './threadClock';
import { createWorkerProblems } from './workerProblems';
import type { AttachOptions, RecordingOptions } from './recordingTypes';
import { osThreadOf } from './osThread';
import { createSamplingShare } from './samplingCpu';
import { attachDeclined } from './recordingErrors';

/** A start that stalls the target longer than this is asked for first, ms. */
const STALL_TO_CONFIRM_MS = 500;

/** What refused us and then ended within this time, ms, refused us because it was ending. */
const ENDING_MS = 1_000;

/** What a run of known length plans ahead; the editor measures open-ended and leaves it empty. */
export interface RunTiming {
  /** Epoch ms at which a run that starts now will end. */
  readonly endsAt?: () => number;
  /** Bytes are sampled in exact mode only: heap reads before it would be stalls for nothing. */
  readonly exactMemoryOnly?: boolean;
  /**
   * Bytes will be calibrated: V8 is to allocate each object by itself from the beginning, and only then is anything measured;
   * bytes are sampled as closely as costs allow.
   */
  readonly unfolded?: boolean;
}

/** What the processes of a recording share. */
export interface SharedMeasuring {
  readonly turns: MeasuringTurns;
  readonly heapReads: HeapReadSum;
}

/** Starts measuring a process that we are connected to: its main thread now, workers as they are reported. */
export async function measureProcess(
  connection: Connection,
  options: RecordingOptions,
  attach: AttachOptions,
  timing: RunTiming,
  shared: SharedMeasuring,
  onChange: () => void,
): Promise<AttachedProcess> {
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

  if (timing.unfolded) await unfold(connection, attach.signal);
  const resolver = createMethodResolver({
    channel,
    processStartedAt: startedAt,
    pathMappings: options.pathMappings,
    roots: [...new Set([connection.cwd, ...options.roots])],
    // Where the process says that it runs is not the user's word.
    given: options.roots,
  });
  const process = new AttachedProcess(connection, resolver, options, {
    endsAt: timing.endsAt?.(),
    exactMemoryOnly: timing.exactMemoryOnly ?? false,
    unfolded: timing.unfolded ?? false,
    predictedStallMs,
    shared,
    onChange,
  });
  await process.start(attach.onNote);
  for (const warning of [...connection.warnings, ...doubtsOf(connection.execArgv)]) process.main.noteProblem(warning);
  return process;
}

/** Flags under which V8's own profiler is wrong: of two functions with 2 and 98 % the caller got 72. */
function doubtsOf(execArgv: readonly string[]): string[] {
  return execArgv
    .filter((flag) => /^--no[-_]?(?:opt|turbofan)$/.test(flag))
    .map((flag) => `it runs with ${flag}: V8 charges much of the time of its functions to their callers then`);
}

async function unfold(connection: Connection, signal: AbortSignal | undefined): Promise<void> {
  try {
    await turnFoldingOff(connection);
    await optimizeAnew(connection.main.channel, signal);
  } catch (error) {
    // The window without inlining is refused for the same reason; until then the process is measured as it runs.
    if (!isHeatlensError(error, 'exactUnderCoverage')) throw error;
  }
}

interface Plan {
  readonly endsAt: number | undefined;
  readonly exactMemoryOnly: boolean;
  readonly unfolded: boolean;
  readonly predictedStallMs: number;
  readonly shared: SharedMeasuring;
  readonly onChange: () => void;
}

/** One process, all of its isolates, and what is done to all of them alike. */
export class AttachedProcess {
  private readonly measured: MeasuredThread[] = [];
  /** Of the isolates that are connected. */
  private readonly channels = new Map<MeasuredThread, Channel>();
  private readonly inTurns = new Map<MeasuredThread, TurnIsolate>();
  private held: Disposable | undefined;
  private readonly problems = createWorkerProblems((before, after) => this.main.replaceProblem(before, after));
  private readonly samplingShare;
  private readonly clocks;
  private workers: Disposable | undefined;
  private use: WindowUse = 'ordinary';
  /** By what options windows are measured that count as something else than ordinary. */
  private turned: Partial<InstrumentOptions> | undefined;
  private isDetached = false;
  private isPaused = false;

  constructor(
    readonly connection: Connection,
    private readonly resolver: SourceMethodResolver,
    private options: RecordingOptions,
    private readonly plan: Plan,
  ) {
    this.samplingShare = createSamplingShare(connection.pid);
    this.clocks = createThreadClocks(connection);
  }

  /** Every isolate seen, the main thread first. */
  get threads(): readonly MeasuredThread[] {
    return this.measured;
  }

  get main(): MeasuredThread {
    return this.measured[0];
  }

  /** `onNote` is told, before anything is measured, what many threads mean. */
  async start(onNote?: (text: string) => void): Promise<void> {
    const { turns } = this.plan.shared;
    const early: TargetThread[] = [];
    let take = (thread: TargetThread): void => void early.push(thread);
    this.workers = this.connection.onWorker((thread) => take(thread));
    const { state } = turns;
    const isolates = state.isolates + early.length + 1;
    if (early.length && isolates > state.cpu) onNote?.(manyIsolates(isolates, state));
    await this.startThread(this.connection.main, true);
    // A worker may end while it is being attached to; that is its right, and the main thread is measured all the same.
    const startWorker = (runsAlready: boolean) => (thread: TargetThread) =>
      void this.startThread(thread, runsAlready).catch((error: unknown) => this.noteLost(thread, error));
    take = startWorker(false);
    early.forEach(startWorker(true));
  }

  async pause(): Promise<void> {
    this.isPaused = true;
    this.held ??= this.plan.shared.turns.hold();
    await this.each((thread) => thread.pause());
  }

  async resume(): Promise<void> {
    this.isPaused = false;
    await this.each((thread) => thread.resume(this.instrumentOptions()));
    this.held?.dispose();
    this.held = undefined;
  }

  async restart(options: RecordingOptions): Promise<void> {
    this.options = options;
    if (!this.isPaused) await this.each((thread) => thread.restart(this.instrumentOptions()));
  }

  /** Delivers the open CPU windows. */
  async refresh(): Promise<void> {
    await this.each((thread) => thread.refresh());
  }

  async measureUninlined(run: ExactRunOptions): Promise<void> {
    // What is kept is to be seen in the window and from then on.
    if (run.use === 'teacher') await turnFoldingOff(this.connection);
    const frozen = this.plan.shared.turns.freeze();
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
    ).finally(() => frozen.dispose());
  }

  async updateCost(): Promise<void> {
    // The process behind a forwarded port is not the one that has this id here.
    if (this.connection.via === 'host-port') return;
    const share = await this.samplingShare.read();
    if (share !== undefined) this.main.noteSamplingShare(share);
  }

  /** The connection is lost: nothing more will come of any isolate. */
  ended(): void {
    this.leaveTurns();
    for (const thread of this.measured) thread.ended();
  }

  /** Resolves to what could not be put back at once. */
  async detach(): Promise<LeftBehind | undefined> {
    this.isDetached = true;
    this.workers?.dispose();
    this.leaveTurns();
    await Promise.allSettled(this.running().map((thread) => thread.stop()));
    for (const thread of this.measured) thread.detached();
    return this.connection.close();
  }

  private instrumentOptions(): InstrumentOptions {
    const { cpuIntervalUs, heapIntervalBytes, interruptBudget, memory, refreshMs } = this.options;
    return {
      cpuIntervalUs,
      heapIntervalBytes,
      interruptBudget,
      heapSamplesPerSecond: this.plan.unfolded ? CLOSE_HEAP_SAMPLES_PER_SECOND : undefined,
      memory: this.plan.exactMemoryOnly ? 'off' : memory,
      refreshMs,
      endsAt: this.plan.endsAt,
      heapReads: this.plan.shared.heapReads,
    };
  }

  /** Rejects when the thread cannot be measured although it has its turn at once. */
  private async startThread(thread: TargetThread, runsAlready: boolean): Promise<void> {
    const measured = this.newThread(thread);
    measured.count(this.use);
    this.measured.push(measured);
    // What a worker compiled in memory only the worker knows.
    const ownMaps = thread.kind === 'main' ? undefined : this.resolver.addChannel(thread.channel);
    this.channels.set(measured, thread.channel);
    void thread.channel.closed.then(() => {
      this.channels.delete(measured);
      this.leaveTurn(measured);
      ownMaps?.dispose();
      // An exiting target is let go by closing our end, which is no detach.
      if (this.isDetached) measured.detached();
      else measured.ended();
    });
    const { turns } = this.plan.shared;
    const isWorker = thread.kind === 'worker';
    const coming = turns.expect(!isWorker || !runsAlready);
    const { parts } = coming;
    const begin = async (first: Parts): Promise<void> => {
      const startsShort = isWorker && !runsAlready;
      const backend = await this.backendOf(thread);
      const options = { ...this.instrumentOptions(), ...this.turned, parts: first, startsShort };
      const [osThread, clock] = await Promise.all([osThreadOf(this.connection, thread), this.clocks.of(thread)]);
      await measured.start(thread, backend, options, { thread: osThread, clock });
      if (this.isDetached) await measured.stop();
      else if (this.isPaused) await measured.pause();
    };
    try {
      const clock = createThreadClock(this.connection, thread);
      const [usedMs] = await Promise.all([clock, parts.cpu ? begin(parts) : undefined]);
      coming.dispose();
      if (this.isDetached || !this.channels.has(measured)) return;
      measured.waitsForTurn();
      const assign = oneAtATime((next: Parts) => this.assign(measured, thread, next, begin));
      const { id, coverage } = measured;
      const isolate: TurnIsolate = { id, usedMs, sampledMs: () => measured.sampledMs, coverage, assign };
      this.inTurns.set(measured, isolate);
      turns.add(isolate, runsAlready, parts);
    } finally {
      coming.dispose();
    }
  }

  private async assign(
    measured: MeasuredThread,
    thread: TargetThread,
    parts: Parts,
    begin: (first: Parts) => Promise<void>,
  ): Promise<void> {
    if (this.isDetached) return;
    try {
      if (measured.isStarted) await measured.assign(parts);
      else if (parts.cpu || parts.heap) await begin(parts);
    } catch (error) {
      void this.noteLost(thread, error);
    }
  }

  private async backendOf({ channel, kind }: TargetThread): Promise<SamplingBackend> {
    const { via } = this.connection;
    if (via === 'agent') return agentBackend(channel);
    const backend = await inspectorBackend(channel, kind);
    return keepOwnWorkOut(via === 'inspector-opened' ? withoutConsoleMemory(backend, channel) : backend, channel);
  }

  private async noteLost({ id, channel }: TargetThread, error: unknown): Promise<void> {
    // One that is about to end refuses what it is asked, for reasons of its own.
    const hasEnded = await Promise.race([channel.closed.then(() => true), delay(ENDING_MS, false, { ref: false })]);
    if (this.channels.size && !this.isDetached)
      this.problems.add(id, hasEnded ? connectionLost(`worker ${id}`) : error);
  }

  private leaveTurn(thread: MeasuredThread): void {
    const isolate = this.inTurns.get(thread);
    if (isolate) this.plan.shared.turns.remove(isolate);
    this.inTurns.delete(thread);
  }

  private leaveTurns(): void {
    this.held?.dispose();
    this.held = undefined;
    for (const thread of [...this.inTurns.keys()]) this.leaveTurn(thread);
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
    this.turned = use === 'ordinary' ? undefined : change;
    await this.each((thread) => thread.turn(use, change));
    this.use = use;
    for (const thread of this.measured) thread.count(use);
  }
}
