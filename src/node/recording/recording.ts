import { DisposableStore } from '../../core/disposable';
import { Emitter } from '../../core/emitter';
import type { HeatSnapshot, TargetSummary } from '../../core/heat/heatSnapshot';
import type { ColumnsReader } from '../../core/heat/heatSource';
import type { MeasuredSource } from '../../core/heat/methodResolver';
import { callTarget } from '../inspector/callTarget';
import type { RunTiming } from './attachedProcess';
import { AttachedProcesses } from './attachedProcesses';
import type { ExactRunOptions } from './exactRun';
import { ChildFollower } from './followChildren';
import { heatOfThreads } from './heatOfThreads';
import type { MeasuredThread } from './measuredThread';
import { addFiles } from './openedFiles';
import { createColumnsReader } from './recordedColumns';
import { RecordedThreads } from './recordedThreads';
import {
  DEFAULT_OPTIONS,
  type AttachOptions,
  type CalibrateOptions,
  type LostTarget,
  type Recording,
  type RecordingOptions,
  type TargetSpec,
  type WindowOptions,
} from './recordingTypes';
import { SnapshotLoop } from './snapshotLoop';
import { nothingAttached } from './recordingErrors';

/** What the command line needs beyond what the editor uses. */
export interface EngineRecording extends Recording {
  /** Isolates with their raw measurements, for saving them. */
  readonly threads: readonly MeasuredThread[];
  /** Delivers what is open and resolves to the heat of it. */
  flush(): Promise<HeatSnapshot | undefined>;
}

export function createRecording(initial: Partial<RecordingOptions> = {}, timing: RunTiming = {}): EngineRecording {
  return new LiveRecording({ ...DEFAULT_OPTIONS, ...initial }, timing);
}

/** Those of the options that the profilers of a running target know. */
const SAMPLING_OPTIONS = ['cpuIntervalUs', 'heapIntervalBytes', 'interruptBudget', 'memory', 'refreshMs'] as const;

/** Puts the parts together; each of them owns its own state, and this what concerns all of them. */
class LiveRecording implements EngineRecording {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new Emitter<void>());
  private readonly lost = this.store.add(new Emitter<LostTarget>());
  private readonly recorded = new RecordedThreads();
  private readonly processes: AttachedProcesses;
  private readonly loop: SnapshotLoop;
  private readonly children: ChildFollower;
  private isPaused = false;
  private exactRuns = 0;

  readonly onDidChange = this.changed.event;
  readonly onDidLoseTarget = this.lost.event;

  constructor(
    private current: RecordingOptions,
    timing: RunTiming,
  ) {
    this.recorded.keepFor(current.window);
    this.processes = new AttachedProcesses({
      options: () => this.current,
      timing,
      onChange: () => this.noteChange(),
      onLost: (target, error, putBack) => this.lost.fire({ target, message: error.oneLine, error, putBack }),
    });
    this.loop = this.store.add(
      new SnapshotLoop(
        () => this.buildSnapshot(),
        () => this.changed.fire(),
      ),
    );
    this.children = this.store.add(
      new ChildFollower({
        isWanted: () => this.current.followChildren,
        attached: () => this.processes.all,
        attach: (spec, signal) => this.attach(spec, { signal }),
      }),
    );
  }

  get options(): RecordingOptions {
    return this.current;
  }

  get targets(): readonly TargetSummary[] {
    return this.recorded.summaries();
  }

  get threads(): readonly MeasuredThread[] {
    return this.recorded.all;
  }

  get selected(): ReadonlySet<string> | undefined {
    return this.recorded.selected;
  }

  get snapshot(): HeatSnapshot | undefined {
    return this.loop.snapshot;
  }

  get paused(): boolean {
    return this.isPaused;
  }

  get measuringExactly(): boolean {
    return this.exactRuns > 0;
  }

  select(ids: ReadonlySet<string> | undefined): void {
    this.recorded.select(ids);
    void this.loop.rebuild();
  }

  measuredSource(file: string): MeasuredSource | undefined {
    return this.recorded.measuredSource(file);
  }

  mainChannels(): ReturnType<Recording['mainChannels']> {
    return this.processes.all.map(({ main, connection }) => ({
      label: main.label,
      channel: connection.main.channel,
    }));
  }

  openColumns(): ColumnsReader {
    return createColumnsReader(
      () => this.recorded.shown(),
      () => this.current.window,
    );
  }

  async attach(spec: TargetSpec, options: AttachOptions = {}): Promise<TargetSummary> {
    const process = await this.processes.attach(spec, options);
    this.children.begin();
    return process.main.summary();
  }

  async detach(targetId?: string): Promise<void> {
    if (!targetId) await this.children.stop();
    await this.processes.detach(targetId);
    if (!this.processes.all.length) this.isPaused = false;
    await this.loop.rebuild();
  }

  async pause(): Promise<void> {
    this.demandAttached();
    this.isPaused = true;
    await this.processes.each((process) => process.pause());
    await this.loop.rebuild();
  }

  async resume(): Promise<void> {
    this.isPaused = false;
    await this.processes.each((process) => process.resume());
    await this.loop.rebuild();
  }

  reset(): Promise<void> {
    return this.forget(() => true);
  }

  clear(): Promise<void> {
    return this.forget((thread) => this.processes.threads.includes(thread));
  }

  async updateOptions(change: Partial<RecordingOptions>): Promise<void> {
    const before = this.current;
    this.current = { ...before, ...change };
    this.recorded.keepFor(this.current.window);
    if (SAMPLING_OPTIONS.some((key) => this.current[key] !== before[key]))
      await this.processes.each((process) => process.restart(this.current));
    this.children.begin();
    await this.loop.rebuild();
  }

  async measureExactly(durationMs: number, options: WindowOptions = {}): Promise<void> {
    this.demandAttached();
    this.recorded.forgetExact();
    try {
      await this.measureUninlined({ ...options, durationMs, use: 'exact' });
    } finally {
      this.recorded.showExact(true);
      await this.loop.rebuild();
    }
  }

  async calibrate(durationMs: number, options: CalibrateOptions = {}): Promise<void> {
    this.demandAttached();
    try {
      await this.measureUninlined({ ...options, durationMs, use: 'teacher' });
    } finally {
      await this.loop.rebuild();
    }
  }

  async canCalibrate(): Promise<boolean> {
    const covered = this.processes.all.map(({ connection }) =>
      callTarget(connection.main.channel, 'recordsCoverage', []),
    );
    const answers = await Promise.allSettled(covered);
    return answers.length > 0 && answers.every((answer) => answer.status === 'fulfilled' && !answer.value);
  }

  showApproximate(): void {
    this.recorded.showExact(false);
    this.recorded.forgetExact();
    void this.loop.rebuild();
  }

  async flush(): Promise<HeatSnapshot | undefined> {
    await this.processes.each((process) => process.refresh());
    await this.loop.rebuild();
    return this.loop.snapshot;
  }

  async loadFiles(paths: readonly string[]): Promise<{ readonly problems: readonly string[] }> {
    const problems = await addFiles(this.recorded, paths, this.current);
    await this.loop.rebuild();
    return { problems };
  }

  dispose(): void {
    this.store.dispose();
    void this.processes.detach().finally(() => this.processes.dispose());
  }

  private async measureUninlined(run: ExactRunOptions): Promise<void> {
    if (this.isPaused) await this.resume();
    this.exactRuns++;
    try {
      await this.processes.each((process) => process.measureUninlined(run));
    } finally {
      this.exactRuns--;
    }
  }

  private demandAttached(): void {
    if (!this.processes.all.length) throw nothingAttached();
  }

  private noteChange(): void {
    this.recorded.add(this.processes.threads);
    this.loop.rebuildSoon();
  }

  private async buildSnapshot(): Promise<HeatSnapshot | undefined> {
    const shown = this.recorded.shown();
    await this.processes.each((process) => process.updateCost());
    return heatOfThreads(shown, this.current, this.recorded.summaries());
  }

  private async forget(keep: (thread: MeasuredThread) => boolean): Promise<void> {
    // Windows that are open now hold what is to be forgotten; closing them draws the line.
    await Promise.allSettled(this.processes.all.map((process) => process.refresh()));
    this.recorded.forget(keep);
    this.loop.forget();
    await this.loop.rebuild();
  }
}
