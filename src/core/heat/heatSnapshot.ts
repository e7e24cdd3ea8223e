import type { Interval } from '../interval';
import type { Accuracy } from '../profile/accuracy';
import type { UnmappedReason, SourceMethod } from './methodResolver';
import type { RuntimeFunction } from './runtimeSums';

/** Shares are of the sampled, non-idle time, 0..1; recursion is counted once, so none exceeds 1. */
export interface CpuHeat {
  readonly selfMs: number;
  readonly totalMs: number;
  readonly selfShare: number;
  readonly totalShare: number;
  /** Samples that hit the method itself or, for `totalSamples`, anything below it; the base of the uncertainty. */
  readonly selfSamples: number;
  readonly totalSamples: number;
  /** Blocked in a call, which is neither CPU nor idle: in its own code and builtins, and with all below it. */
  readonly selfWaitingMs: number;
  readonly totalWaitingMs: number;
}

/** Bytes. Self bytes include what builtins (array growth, string building) allocate on behalf of the method. */
export interface MemoryHeat {
  readonly liveBytes: number;
  readonly allocatedBytes: number;
  readonly totalLiveBytes: number;
  readonly totalAllocatedBytes: number;
  /** How they were told from those of methods that are inlined. */
  readonly accuracy: Accuracy;
}

export interface LineHeat {
  /** 0-based line of the original file. */
  readonly line: number;
  readonly selfMs: number;
  readonly selfShare: number;
}

export interface CallEdge {
  /** Index into `HeatSnapshot.methods`; -1 where the other side is no method (native, `node:` or the event loop). */
  readonly method: number;
  readonly name: string;
  readonly totalMs: number;
  readonly totalShare: number;
}

export interface MethodHeat {
  readonly source: SourceMethod;
  readonly cpu: CpuHeat;
  readonly memory: MemoryHeat;
  /** Hottest first is not promised; ascending by line. */
  readonly lines: readonly LineHeat[];
  /** By time, at most five each. */
  readonly callers: readonly CallEdge[];
  readonly callees: readonly CallEdge[];
  /** How its CPU time was told from that of what is inlined into it, or that it is inlined into. */
  readonly accuracy: Accuracy;
  /** Half the width of the interval in which its true self share lies with 95 % certainty, as a share 0..1; undefined where unknown. */
  readonly bound: number | undefined;
}

export interface UnmappedHeat {
  readonly name: string;
  readonly url: string;
  /** 0-based, as V8 reports it. */
  readonly line: number;
  readonly reason: UnmappedReason;
  readonly detail?: string;
  readonly selfMs: number;
  readonly waitingMs: number;
  readonly liveBytes: number;
  readonly allocatedBytes: number;
}

/** A function of Node's own or of native code that time was spent in; see `RuntimeFunction`. */
export interface RuntimeHeat extends RuntimeFunction {
  readonly selfMs: number;
}

/** Everything in ms; `sampledMs` is the time that it ran, which shares refer to: neither idle nor waiting. */
export interface CpuSummary {
  readonly interval: Interval;
  readonly sampledMs: number;
  readonly idleMs: number;
  /** Blocked inside a call (`Atomics.wait`, `spawnSync`, a slow disk); undefined where it cannot be told from running. */
  readonly waitingMs: number | undefined;
  readonly gcMs: number;
  /** V8 builtins, `(program)`, Node's C++ and add-ons. */
  readonly nativeMs: number;
  /** Node's own JavaScript. */
  readonly nodeMs: number;
  readonly unmappedMs: number;
  /** Non-idle samples. */
  readonly samples: number;
  readonly samplingIntervalUs: number;
}

/** Bytes. An interval is undefined until its window was read once: show "unknown", not 0. */
export interface MemorySummary {
  readonly liveBytes: number;
  readonly allocatedBytes: number;
  /** Calibrated: something was learnt of how they divide among inlined methods; each method tells its own. */
  readonly accuracy: Accuracy;
  /** Live bytes were allocated in this interval and were alive at its end. */
  readonly liveInterval?: Interval;
  /** Sum of the allocated windows (ms); `allocatedBytes` and every method's are of these windows only. */
  readonly allocatedWindowMs: number;
  readonly allocatedInterval?: Interval;
}

/** What measuring costs the target, as measured on it. */
export interface MeasuringCost {
  /** Longest event-loop stall when the profilers were started, ms. */
  readonly startStallMs?: number;
  readonly predictedStartStallMs?: number;
  /** Mean and largest duration of a CPU window change in the target, ms. */
  readonly refreshMs?: number;
  readonly refreshMaxMs?: number;
  /** Share of wall time spent in heap reads, 0..1, and the last read's duration. */
  readonly heapReadShare: number;
  readonly heapReadMs?: number;
  readonly nextHeapReadInMs?: number;
  /** Estimated CPU share of sampling, 0..1. */
  readonly samplingShare?: number;
  /** Share of the target's CPU that interrupt samples took, 0..1, and their number; undefined where none are taken. */
  readonly interruptShare?: number;
  readonly interruptSamples?: number;
  /** ms that the CPU profiler saw and that measuring itself had caused: they count as nobody's time. */
  readonly leftOutMs?: number;
  /**
   * With many threads or processes they are measured in turn: how much of its CPU time (of the time, where that cannot be
   * read) was sampled, 0..1. Its sampled time is scaled by it. Undefined for one that is measured all the time.
   */
  readonly sampledShare?: number;
}

export interface TargetSummary {
  /** Unique in the session: `pid`, or `pid/threadId` of a worker. */
  readonly id: string;
  /** For people: `server.js (4242)`, `worker 3 of server.js (4242)`. */
  readonly label: string;
  readonly pid?: number;
  readonly threadId?: string;
  readonly nodeVersion?: string;
  readonly state: TargetState;
  readonly cost: MeasuringCost;
  /** Heap in use, bytes, when last asked. */
  readonly heapUsedBytes?: number;
  /** Off-heap bytes (Buffers, ArrayBuffers) are process-wide: V8's sampler cannot charge them to methods. */
  readonly externalBytes?: number;
}

export type TargetState =
  'starting' | 'measuring' | 'measuring-exactly' | 'paused' | 'unresponsive' | 'ended' | 'detached';

/** Heat of all methods at one moment; immutable. */
export interface HeatSnapshot {
  readonly accuracy: Accuracy;
  readonly cpu: CpuSummary;
  readonly memory: MemorySummary;
  /** Unordered. Callers and callees refer to it by index. */
  readonly methods: readonly MethodHeat[];
  readonly unmapped: readonly UnmappedHeat[];
  /** What native code and Node's own JavaScript took, the costliest functions first. */
  readonly runtime: readonly RuntimeHeat[];
  readonly targets: readonly TargetSummary[];
}
