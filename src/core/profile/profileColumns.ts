import type { Frame } from './frame';

/** What a measure counts; `other` is any sample type of a foreign format (requests, mutex waits), told by its label. */
export type MeasureKind = 'cpu' | 'allocated' | 'live' | 'other';

export interface MeasureColumn {
  readonly kind: MeasureKind;
  /** For people: "CPU time", "Allocated bytes", or what the foreign file calls it. */
  readonly label: string;
  /** Of the numbers in `self`. */
  readonly unit: 'µs' | 'bytes' | 'count';
  /** By node; finite and not negative. */
  readonly self: Float64Array;
}

/** Samples in time order, of one measure in µs. A sample lasts to the start of the next one. */
export interface Timeline {
  /** Index into `measures`. */
  readonly measure: number;
  /** Node of each sample; 0 (the root) where nobody sampled. */
  readonly nodes: Int32Array;
  /** µs of the target's clock, ascending. */
  readonly startsUs: Float64Array;
  /** End of the last sample. */
  readonly endUs: number;
}

/** On which lines of their functions samples were: one entry for each node and line. */
export interface PositionTicks {
  readonly nodes: Int32Array;
  /** Line of the generated script, 0-based. */
  readonly lines: Int32Array;
  /** Samples; with fractions where windows were cut. */
  readonly counts: Float64Array;
}

/** Samples that a file counts without saying when each was. */
export interface CountedSamples {
  /** By node. */
  readonly hits: Float64Array;
  /** µs of the target's clock. */
  readonly startUs: number;
  /** µs that each of them stands for. */
  readonly perHitUs: number;
}

/**
 * A whole profile, of whatever format, as columns that cross threads without a copy. Node 0 is the root; every parent
 * precedes its children; one parent may have several children of one frame (a time-ordered source, or V8's own split of a
 * function by its state): views that merge do it themselves. Immutable.
 */
export interface ProfileColumns {
  /** The file's name, or the target's. */
  readonly title: string;
  readonly frames: readonly Frame[];
  /** By node; -1 for the root. */
  readonly parents: Int32Array;
  /** By node, index into `frames`. */
  readonly nodeFrames: Int32Array;
  /** At least one. */
  readonly measures: readonly MeasureColumn[];
  readonly timeline?: Timeline;
  /** Of the measure in µs, where somebody asked for them: views need neither. */
  readonly ticks?: PositionTicks;
  readonly counted?: CountedSamples;
  /** What was wrong with the file and how it was read nevertheless; one sentence each. */
  readonly problems: readonly string[];
}
