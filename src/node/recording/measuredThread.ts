import type { TargetState, TargetSummary } from '../../core/heat/heatSnapshot';
import type { Inlining } from '../../core/heat/inlinedMoves';
import { createInlining } from '../../core/heat/inlining/inlining';
import type { MethodResolver } from '../../core/heat/methodResolver';
import type { TargetThread } from '../channel';
import type { HeapWindow } from '../instruments/heapSampling';
import type { InstrumentOptions, MeasuredOn, Parts } from '../instruments/instrument';
import type { HeapMeasure, SamplingBackend } from '../instruments/samplingBackend';
import { startMeasuring, type MeasuringSink, type Scheduler } from '../instruments/scheduler';
import type { WindowKind } from '../../core/profile/accuracy';
import type { Interval } from '../../core/interval';
import type { V8CpuColumns, V8HeapColumns } from '../../core/profile/v8/v8Columns';
import type { V8CpuProfile } from '../../core/profile/v8/v8Profile';
import type { CallTree } from '../../core/profile/tree/callTree';
import { Measurement } from '../../core/measurement/measurement';
import { busyUs } from '../../core/profile/v8/busyTime';
import type { ThreadReadings } from '../../core/measurement/threadReadings';
import { createCoverage } from './coverage';

/**
 * What windows count as while they are being measured: `teacher`, measured exactly to divide what the ordinary ones charge
 * to whole groups; those of a transition count as nothing.
 */
export type WindowUse = WindowKind | 'teacher' | 'discard';

/** Node 25 has V8 14. */
const FIRST_EXPANDING_NODE = 25;

/** One isolate, or an opened file, with everything that was measured on it. It outlives the isolate. */
export class MeasuredThread {
  private use: WindowUse = 'ordinary';
  private state: TargetState = 'starting';
  private stateBeforeSilence: TargetState = 'starting';
  private keepRecentMs = 0;
  private samplingShare: number | undefined;
  private scheduler: Scheduler | undefined;
  private busyMs = 0;
  private measurements: Measurements = newMeasurements();
  private inlined: { measurement: Measurement; inlining: Inlining } | undefined;

  /** How much of what it did was sampled. */
  readonly coverage = createCoverage();

  /** `predictedStartStallMs` is known for the main thread of a process. */
  constructor(
    readonly id: string,
    readonly label: string,
    readonly identity: Pick<TargetSummary, 'pid' | 'threadId' | 'nodeVersion'>,
    readonly resolver: MethodResolver,
    private readonly onChange: () => void,
    private readonly predictedStartStallMs?: number,
  ) {}

  measurement(kind: WindowKind): Measurement | undefined {
    return this.measurements[kind];
  }

  /** What was measured with inlining off to calibrate the ordinary numbers; undefined before. */
  get teacher(): Measurement | undefined {
    return this.measurements.teacher;
  }

  /** What was inlined into what; exact numbers need no such division. */
  inlining(kind: WindowKind): Inlining | undefined {
    if (kind === 'exact') return undefined;
    const measurement = this.measurements.ordinary;
    if (this.inlined?.measurement !== measurement) {
      const { cpuTree, interrupts } = measurement;
      const isExpanded = Number(/^v(\d+)/.exec(this.identity.nodeVersion ?? '')?.[1]) >= FIRST_EXPANDING_NODE;
      const teachers = (): CallTree[] =>
        [this.measurements.exact, this.measurements.teacher].flatMap((each) => (each ? [each.cpuTree] : []));
      this.inlined = {
        measurement,
        inlining: createInlining(this.resolver, cpuTree, interrupts, { teachers, isExpanded }),
      };
    }
    return this.inlined.inlining;
  }

  /** What was learnt stays: it is of the program, and not of the time. */
  forget(): void {
    this.measurements = { ...newMeasurements(), teacher: this.measurements.teacher };
    this.coverage.forget();
  }

  forgetExact(): void {
    this.measurements.exact = undefined;
  }

  /** From now on windows are kept for so long, for a sliding view; see `Measurement`. */
  keepRecent(ms: number): void {
    this.keepRecentMs = ms;
  }

  /** What windows that end from now on count as. */
  count(use: WindowUse): void {
    this.use = use;
  }

  /** A window of this clock; dropped while windows are discarded. */
  addCpu(profile: V8CpuProfile, interval: Interval, readings?: ThreadReadings): void {
    this.current()?.addCpu(profile, interval, readings);
  }

  addHeap({ measure, profile, sampleBytes, ...interval }: HeapWindow): void {
    if (measure === 'live') this.current()?.addLive(profile, interval, sampleBytes);
    else this.current()?.addAllocated(profile, interval, sampleBytes);
  }

  /** A file's CPU profile, of its own clock. */
  addCpuColumns(profile: V8CpuColumns): void {
    this.current()?.addCpuColumns(profile);
  }

  addHeapColumns(profile: V8HeapColumns, measure: HeapMeasure, interval: Interval): void {
    this.current()?.addHeapColumns(profile, measure, interval);
  }

  noteProblem(text: string): void {
    this.measurements.ordinary.problems.add(text);
  }

  /** A problem of which more has become known; either may be absent. */
  replaceProblem(before: string | undefined, after: string | undefined): void {
    const { problems } = this.measurements.ordinary;
    if (before !== undefined) problems.delete(before);
    if (after !== undefined) problems.add(after);
  }

  /** ms that it was busy in its samples so far. */
  get sampledMs(): number {
    return this.busyMs;
  }

  /** Share of one core that V8's sampling threads of the process used lately. */
  noteSamplingShare(share: number): void {
    this.samplingShare = share;
  }

  /** Begins to measure the isolate; resolves when all instruments do. */
  async start(
    thread: TargetThread,
    backend: SamplingBackend,
    options: InstrumentOptions,
    on?: MeasuredOn,
  ): Promise<void> {
    const sink: MeasuringSink = {
      windows: {
        cpu: (window) => {
          this.busyMs += busyUs(window.profile) / 1000;
          this.addCpu(window.profile, window, window.readings);
          this.onChange();
        },
        heap: (window) => {
          this.addHeap(window);
          this.onChange();
        },
        interrupts: ({ stacks }) => {
          const measurement = this.current();
          if (measurement) for (const stack of stacks) measurement.addInterrupted(stack);
        },
      },
      responsive: (isResponsive) => (isResponsive ? this.answered() : this.fellSilent()),
      problem: (text) => this.noteProblem(text),
    };
    this.scheduler = await startMeasuring(thread.channel, backend, options, sink, on);
    this.become('measuring');
  }

  /** What of it is measured from now on. */
  async assign(parts: Parts): Promise<void> {
    await this.scheduler?.assign(parts);
  }

  /** It is left for others' turns before its own. */
  waitsForTurn(): void {
    if (this.state === 'starting') this.become('measuring');
  }

  /** False before `start` has come to its end. */
  get isStarted(): boolean {
    return this.scheduler !== undefined;
  }

  async pause(): Promise<void> {
    await this.scheduler?.pause();
    this.become('paused');
  }

  async resume(options: InstrumentOptions): Promise<void> {
    await this.scheduler?.restart(options);
    this.become('measuring');
  }

  /** Goes on by changed options, without a change of state. */
  async restart(options: InstrumentOptions): Promise<void> {
    await this.scheduler?.restart(options);
  }

  async refresh(): Promise<void> {
    await this.scheduler?.refresh();
  }

  /** Ends the open windows, which count as before, and opens those that count as `use`. */
  async turn(use: WindowUse, change: Partial<InstrumentOptions>): Promise<void> {
    await this.scheduler?.turn(change);
    this.count(use);
  }

  async stop(): Promise<void> {
    await this.scheduler?.stop();
  }

  measuresExactly(): void {
    this.become('measuring-exactly');
  }

  measuresAgain(): void {
    this.become('measuring');
  }

  detached(): void {
    this.become('detached');
  }

  ended(): void {
    this.become('ended');
  }

  summary(): TargetSummary {
    const cost = this.scheduler?.cost;
    return {
      id: this.id,
      label: this.label,
      ...this.identity,
      state: this.state,
      cost: {
        startStallMs: cost?.startStallMs,
        predictedStartStallMs: this.predictedStartStallMs,
        refreshMs: cost?.refreshMs,
        refreshMaxMs: cost?.refreshMaxMs,
        heapReadShare: cost?.heapReadShare ?? 0,
        heapReadMs: cost?.heapReadMs,
        nextHeapReadInMs: cost?.nextHeapReadInMs,
        samplingShare: this.samplingShare,
        interruptShare: cost?.interruptShare,
        interruptSamples: cost?.interruptSamples,
        leftOutMs: cost?.leftOutMs,
        sampledShare: this.coverage.share,
      },
      heapUsedBytes: cost?.heapUsedBytes,
      externalBytes: cost?.externalBytes,
    };
  }

  private fellSilent(): void {
    this.stateBeforeSilence = this.state;
    this.become('unresponsive');
  }

  private answered(): void {
    if (this.state === 'unresponsive') this.become(this.stateBeforeSilence);
  }

  private become(state: TargetState): void {
    // An ended target stays ended, whatever answers arrive late.
    if (this.state === state || this.state === 'ended' || this.state === 'detached') return;
    this.state = state;
    this.onChange();
  }

  /** Where windows that end now are counted; undefined while they are discarded. */
  private current(): Measurement | undefined {
    if (this.use === 'discard') return undefined;
    const measurement = (this.measurements[this.use] ??= new Measurement());
    measurement.keepRecentMs = this.keepRecentMs;
    return measurement;
  }
}

interface Measurements {
  ordinary: Measurement;
  exact: Measurement | undefined;
  teacher: Measurement | undefined;
}

function newMeasurements(): Measurements {
  return { ordinary: new Measurement(), exact: undefined, teacher: undefined };
}
