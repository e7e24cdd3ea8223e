import type { Disposable } from '../../core/disposable';
import type { HeatlensError } from '../../core/errors';
import type { TargetSummary } from '../../core/heat/heatSnapshot';
import type { HeatSource } from '../../core/heat/heatSource';
import type { Channel } from '../channel';

/** Text editors and the CLI show; both ends absolute directories. */
export interface PathMapping {
  readonly remote: string;
  readonly local: string;
}

export interface RecordingOptions {
  /** µs between CPU samples. */
  readonly cpuIntervalUs: number;
  /** Mean bytes between heap samples. */
  readonly heapIntervalBytes: number;
  /** Share of the target's CPU (0..1) that interrupt samples may take; 0: none are taken. */
  readonly interruptBudget: number;
  readonly memory: 'both' | 'live' | 'allocated' | 'off';
  /** ms between CPU windows. */
  readonly refreshMs: number;
  /** Heat since attach, or of the last so many ms. */
  readonly window: 'cumulative' | { readonly slidingMs: number };
  readonly pathMappings: readonly PathMapping[];
  /** Attach also to Node processes that the targets start. */
  readonly followChildren: boolean;
  /** Folders that relative and `webpack://` source names are looked up in. */
  readonly roots: readonly string[];
}

export const DEFAULT_OPTIONS: RecordingOptions = {
  cpuIntervalUs: 5_000,
  heapIntervalBytes: 256 * 1024,
  interruptBudget: 0.02,
  memory: 'both',
  refreshMs: 2_000,
  window: 'cumulative',
  pathMappings: [],
  followChildren: false,
  roots: [],
};

export type TargetSpec =
  /** With its birth, as `birthOf` tells it, another process that has got the number meanwhile is refused. */
  | { readonly kind: 'pid'; readonly pid: number; readonly birth?: string }
  | { readonly kind: 'host'; readonly host: string; readonly port: number }
  | { readonly kind: 'agent'; readonly socket: string };

export interface AttachOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (message: string) => void;
  /** Told before measuring begins: what it means for a process of many threads. */
  readonly onNote?: (text: string) => void;
  /** Asked before a start whose predicted stall is above 500 ms; attach is abandoned on false. */
  readonly confirmStall?: (predictedMs: number, heapUsedBytes: number) => Promise<boolean>;
}

/** Of a window without inlining. */
export interface WindowOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (elapsedMs: number) => void;
}

export interface CalibrateOptions extends WindowOptions {
  /** Nothing is measured after it; else ordinary windows go on. */
  readonly isLast?: boolean;
}

export interface LostTarget {
  readonly target: TargetSummary;
  /** One line with the cause and next step. */
  readonly message: string;
  readonly error: HeatlensError;
  /** Of one that could not be left as it was found: resolves to whether it is so by now, see `LeftBehind`. */
  readonly putBack?: Promise<boolean>;
}

/**
 * Everything measured on one or several targets between attach and detach. Heat stays after the targets have gone,
 * until `clear`. One recording lives as long as the editor window (or the CLI's run).
 */
export interface Recording extends HeatSource, Disposable {
  readonly options: RecordingOptions;
  /** Every target seen since the last `clear`, workers and followed children included. */
  readonly targets: readonly TargetSummary[];
  /** Main threads of the processes that are attached now, for a question that is no measurement. */
  mainChannels(): readonly { readonly label: string; readonly channel: Channel }[];
  /** Fires at most once per refresh, and on every change of a target's state or of the selection. */
  readonly onDidChange: (listener: () => void) => Disposable;
  /** A target ended, was lost, or could not be left as it was found. */
  readonly onDidLoseTarget: (listener: (event: LostTarget) => void) => Disposable;

  attach(spec: TargetSpec, options?: AttachOptions): Promise<TargetSummary>;
  /** All targets of the process of this target, or everything. Puts the processes back as found. Never throws. */
  detach(targetId?: string): Promise<void>;
  pause(): Promise<void>;
  resume(): Promise<void>;
  readonly paused: boolean;
  /** Forgets what was measured so far and goes on measuring. */
  reset(): Promise<void>;
  /** Forgets everything, loaded files included. Attached targets go on from zero. */
  clear(): Promise<void>;
  /** Applies to running targets too (one restart of their CPU profiler). */
  updateOptions(change: Partial<RecordingOptions>): Promise<void>;
  /**
   * Exact mode for so long on all attached targets; the snapshot then holds exact numbers until `reset`, `clear`, or
   * the next approximate refresh is asked for with `showApproximate`. Cancelling restores the target early.
   */
  measureExactly(durationMs: number, options?: WindowOptions): Promise<void>;
  /** Either exact mode or a calibration is under way. */
  readonly measuringExactly: boolean;
  /**
   * A window without inlining, whose own numbers are not shown: it teaches how the bytes of ordinary windows, earlier and
   * later ones, divide among methods that V8 inlined into one function. What was learnt is kept until the targets are
   * forgotten.
   */
  calibrate(durationMs: number, options?: CalibrateOptions): Promise<void>;
  /** False where a target records code coverage, which that would disturb, or does not answer. */
  canCalibrate(): Promise<boolean>;
  showApproximate(): void;

  /** Adds `.cpuprofile` / `.heapprofile` files as heat (they merge with each other, and show as a target each). */
  loadFiles(paths: readonly string[]): Promise<{ readonly problems: readonly string[] }>;
}
