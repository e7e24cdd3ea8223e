import type { Disposable } from '../../core/disposable';
import { DisposableStore } from '../../core/disposable';
import { Emitter } from '../../core/emitter';
import type { HeatSnapshot, TargetSummary } from '../../core/heat/heatSnapshot';
import { isAttached, type ColumnsReader, type HeatSource } from '../../core/heat/heatSource';
import type { MeasuredSource } from '../../core/heat/methodResolver';
import type { LostTarget, Recording, RecordingOptions } from '../../node/recording/recordingTypes';
import type { Engine } from './engine';
import { changedOptions } from '../settings/recordingOptions';

export interface RecordingHostOptions {
  readonly loadEngine: () => Promise<Engine>;
  readonly options: () => RecordingOptions;
  readonly onLoseTarget: (lost: LostTarget) => void;
}

/**
 * The window's one recording. The engine is loaded and the recording made at the first use, so that a window that never
 * attaches pays nothing; whoever only shows something reads it as a heat source, which is empty until then.
 */
export class RecordingHost implements HeatSource, Disposable {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new Emitter<void>());
  private starting: Promise<{ engine: Engine; recording: Recording }> | undefined;
  private started: { engine: Engine; recording: Recording } | undefined;
  private busyCount = 0;

  /** The heat, a target, the selection, or `busy` changed. */
  readonly onDidChange = this.changed.event;

  constructor(private readonly host: RecordingHostOptions) {}

  /** Of the present settings. */
  get options(): RecordingOptions {
    return this.host.options();
  }

  get recording(): Recording | undefined {
    return this.started?.recording;
  }

  get engine(): Engine | undefined {
    return this.started?.engine;
  }

  get snapshot(): HeatSnapshot | undefined {
    return this.started?.recording.snapshot;
  }

  get targets(): readonly TargetSummary[] {
    return this.started?.recording.targets ?? [];
  }

  get selected(): ReadonlySet<string> | undefined {
    return this.started?.recording.selected;
  }

  select(ids: ReadonlySet<string> | undefined): void {
    this.started?.recording.select(ids);
  }

  measuredSource(file: string): MeasuredSource | undefined {
    return this.started?.recording.measuredSource(file);
  }

  openColumns(): ColumnsReader {
    let reader: ColumnsReader | undefined;
    return { read: () => (reader ??= this.started?.recording.openColumns())?.read() };
  }

  get attachedTargets(): readonly TargetSummary[] {
    return this.targets.filter(isAttached);
  }

  get heapIntervalBytes(): number | undefined {
    return this.started?.recording.options.heapIntervalBytes;
  }

  get memoryPending(): boolean {
    return this.recording?.options.memory !== 'off' && this.attachedTargets.length > 0;
  }

  /** True while something is being attached. */
  get busy(): boolean {
    return this.busyCount > 0;
  }

  /** Loads the engine at the first call. */
  start(): Promise<{ engine: Engine; recording: Recording }> {
    this.starting ??= this.create().catch((error: unknown) => {
      this.starting = undefined;
      throw error;
    });
    return this.starting;
  }

  async whileBusy<T>(task: () => Promise<T>): Promise<T> {
    this.busyCount++;
    this.changed.fire();
    try {
      return await task();
    } finally {
      this.busyCount--;
      this.changed.fire();
    }
  }

  /** Applies the present settings to a recording that exists. */
  async applyOptions(): Promise<void> {
    const recording = this.recording;
    const change = recording && changedOptions(recording.options, this.host.options());
    if (change) await recording.updateOptions(change);
  }

  /** Puts all targets back as they were found. */
  async shutDown(): Promise<void> {
    const started = this.started ?? (await this.starting?.catch(() => undefined));
    await started?.recording.detach();
    this.dispose();
  }

  dispose(): void {
    this.store.dispose();
  }

  private async create(): Promise<{ engine: Engine; recording: Recording }> {
    const engine = await this.host.loadEngine();
    const recording = this.store.add(engine.createRecording(this.host.options()));
    this.store.add(recording.onDidChange(() => this.changed.fire()));
    this.store.add(recording.onDidLoseTarget((lost) => this.host.onLoseTarget(lost)));
    this.started = { engine, recording };
    return this.started;
  }
}
