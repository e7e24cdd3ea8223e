import type { CpuSlice } from '../measurement/cpuSlice';
import type { CallTree } from '../profile/tree/callTree';
import type { ClassifiedNodes, HeatPart } from './heatPart';

export interface MeasuredCpu {
  readonly tree: CallTree;
  readonly slice: CpuSlice;
  /** Absent where nothing was inlined. */
  readonly inlining?: Inlining;
}

/** What the nodes of a tree hold of a slice: µs and samples that are neither idle nor caused by measuring. */
export interface BusyNodes extends ClassifiedNodes {
  readonly busy: Float64Array;
  readonly hits: Float64Array;
}

/** Self time of a node that is of a method which V8 inlined into the node's function. */
export interface Move {
  readonly method: number;
  readonly us: number;
  readonly hits: number;
  /** Methods that it counts in the totals of, the method itself included, with the part (0..1) of it. */
  readonly onStack: ReadonlyMap<number, number>;
  /** Its callers likewise; -1 for the node's function. */
  readonly callers: ReadonlyMap<number, number>;
}

/** By node. */
export type Moves = ReadonlyMap<number, readonly Move[]>;

/** What is known of inlining in one isolate; see `heat/inlining`. */
export interface Inlining {
  /** Whether any inlined frames were seen. */
  readonly hasSamples: boolean;
  /** Charges what is inlined to its own methods, takes it off the functions of the nodes, and notes line heat and doubts. */
  move(part: HeatPart, cpu: MeasuredCpu, nodes: BusyNodes): Moves;
}
