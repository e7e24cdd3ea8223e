import type { TargetState, TargetSummary } from '../../core/heat/heatSnapshot';
import { createInlinedTickResolver, type InlinedTickResolver } from '../../core/heat/inlinedTicks';
import type { MethodResolver } from '../../core/heat/methodResolver';
import type { TargetThread } from '../channel';
import type { InstrumentOptions } from '../instruments/instrument';
import type { HeapMeasure, SamplingBackend } from '../instruments/samplingBackend';
import { startMeasuring, type Scheduler } from '../instruments/scheduler';
import type { Accuracy } from '../../core/profile/accuracy';
import type { Interval } from '../../core/interval';
import type { V8CpuColumns, V8HeapColumns } from '../../core/profile/v8/v8Columns';
import type { V8CpuProfile, V8HeapProfile } from '../../core/profile/v8/v8Profile';
import { Measurement } from '../../core/measurement/measurement';

/** What windows count as while they are being measured; those of a transition count as nothing. */
export type WindowUse = Accuracy | 'discard';

/** One isolate, or an opened file, with everything that was measured on it. It outlives the isolate. */
export class MeasuredThread {
  private use: WindowUse = 'approximate';
  private state: TargetState = 'starting';
  private stateBeforeSilence: TargetState = 'starting';
  private keepRecentMs = 0;
  private samplingShare: number | undefined;
  private scheduler: Scheduler | undefined;
  private measurements: { approximate: Measurement; exact: Measurement | undefined } = newMeasurements();
  private inlined: { measurement: Measurement; resolver: InlinedTickResolver } | undefined;

  /** `predictedStartStallMs` is known for the main thread of a process. */
  constructor(
    readonly id: string,
    readonly label: string,
    readonly identity: Pick<TargetSummary, 'pid' | 'threadId' | 'nodeVersion'>,
    readonly resolver: MethodResolver,
    private readonly onChange: () => void,
    private readonly predictedStartStallMs?: number,
  ) {}

  measurement(accuracy: Accuracy): Measurement | undefined {
    return this.measurements[accuracy];
  }

  /** Ticks tell inlined callees apart where V8 could not; exact numbers need no such guess. */
  inlinedTicks(accuracy: Accuracy): InlinedTickResolver | undefined {
    if (accuracy === 'exact') return undefined;
    const measurement = this.measurements.approximate;
    if (this.inlined?.measurement !== measurement) {
      this.inlined = { measurement, resolver: createInlinedTickResolver(this.resolver, measurement.cpuTree) };
    }
    return this.inlined.resolver;
  }

  forget(): void {
    this.measurements = newMeasurements();
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
  addCpu(profile: V8CpuProfile, interval: Interval): void {
    this.current()?.addCpu(profile, interval);
  }

  addHeap(measure: HeapMeasure, profile: V8HeapProfile, interval: Interval): void {
    if (measure === 'live') this.current()?.addLive(profile, interval);
    else this.current()?.addAllocated(profile, interval);
  }

  /** A file's CPU profile, of its own clock. */
  addCpuColumns(profile: V8CpuColumns): void {
    this.current()?.addCpuColumns(profile);
  }

  addHeapColumns(profile: V8HeapColumns, measure: HeapMeasure, interval: Interval): void {
    this.current()?.addHeapColumns(profile, measure, interval);
  }

  noteProblem(text: string): void {
    this.measurements.approximate.problems.add(text);
  }

  /** Share of one core that V8's sampling threads of the process used lately. */
  noteSamplingShare(share: number): void {
    this.samplingShare = share;
  }

  /** Begins to measure the isolate; resolves when all instruments do. */
  async start(thread: TargetThread, backend: SamplingBackend, options: InstrumentOptions): Promise<void> {
    this.scheduler = await startMeasuring(thread.channel, backend, options, {
      windows: {
        cpu: (window) => {
          this.addCpu(window.profile, window);
          this.onChange();
        },
        heap: (window) => {
          this.addHeap(window.measure, window.profile, window);
          this.onChange();
        },
      },
      responsive: (isResponsive) => (isResponsive ? this.answered() : this.fellSilent()),
      problem: (text) => this.noteProblem(text),
    });
    this.become('measuring');
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
    const measurement =
      this.use === 'exact' ? (this.measurements.exact ??= new Measurement()) : this.measurements.approximate;
    measurement.keepRecentMs = this.keepRecentMs;
    return measurement;
  }
}

function newMeasurements(): { approximate: Measurement; exact: Measurement | undefined } {
  return { approximate: new Measurement(), exact: undefined };
}
