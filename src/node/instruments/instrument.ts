import type { Channel } from '../channel';
import type { HeapReadSum } from './heapSchedule';
import type { MemoryMeter } from './memoryMeter';
import type { HeapMeasure, SamplingBackend } from './samplingBackend';
import type { ThreadClock } from './threadClock';

/** What of an isolate is measured now; with many of them not everything is, see `recording/isolatePlan`. */
export interface Parts {
  readonly cpu: boolean;
  readonly heap: boolean;
}

/** How an isolate is measured; each instrument takes of it what it understands. */
export interface InstrumentOptions {
  readonly cpuIntervalUs: number;
  readonly heapIntervalBytes: number;
  readonly memory: 'both' | HeapMeasure | 'off';
  /** Share of the thread's CPU time (0..1) that interrupt samples may take. */
  readonly interruptBudget: number;
  /** Heap samples that may be taken at most; undefined for what costs little. */
  readonly heapSamplesPerSecond?: number;
  /** ms between CPU windows. */
  readonly refreshMs: number;
  /** Epoch ms at which a run of known length ends; the heap windows are then planned to fill it. */
  readonly endsAt?: number;
  /** Instruments that are left out do not measure; without it all do. */
  readonly parts?: Parts;
  /** Isolates with the same one share one budget of heap reads. */
  readonly heapReads?: HeapReadSum;
  /** The first CPU windows are short, for an isolate that may end soon: an open window is lost with it. */
  readonly startsShort?: boolean;
}

/** What measuring costs the target; each instrument tells its own part. Shares are of wall time, 0..1. */
export interface InstrumentCost {
  readonly startStallMs?: number;
  readonly refreshMs?: number;
  readonly refreshMaxMs?: number;
  readonly heapReadShare?: number;
  readonly heapReadMs?: number;
  readonly nextHeapReadInMs?: number;
  /** Of the thread's CPU time. */
  readonly interruptShare?: number;
  readonly interruptSamples?: number;
}

/** A thread of a process of this machine. */
export interface OsThread {
  readonly pid: number;
  /** Of the system; undefined where that cannot be told. */
  readonly tid: number | undefined;
}

/** What an isolate runs on. */
export interface MeasuredOn {
  /** Absent where no message interrupts what runs, as in the agent. */
  readonly thread?: OsThread;
  /** When its thread runs; absent where nobody can tell. */
  readonly clock?: ThreadClock;
}

/** What an instrument has to do with: one isolate. */
export interface InstrumentContext extends MeasuredOn {
  readonly channel: Channel;
  readonly backend: SamplingBackend;
  readonly memory: MemoryMeter;
  readonly heapReads?: HeapReadSum;
  /** To be called when the target has told that it exits: from then on it must not be asked anything. */
  readonly exits: () => void;
}

/**
 * One way of measuring an isolate. The scheduler has one conversation at a time with a target, so no two of these calls,
 * of any instruments, overlap; each may take as long as the target's event loop is blocked. A rejection concerns the call
 * and not the instrument: it is asked again when it is due.
 */
export interface Instrument {
  /** Begins to measure. Never called while it measures already. */
  start(options: InstrumentOptions): Promise<void>;
  /** Epoch ms at which `tend` has something to do; Infinity for never. It is called at other times, too. */
  dueAt(now: number): number;
  /** Does what is due by now: ends a window, delivers it and begins the next. */
  tend(): Promise<void>;
  /** Delivers what can be had at once without ending anything long. */
  refresh(): Promise<void>;
  /**
   * Delivers what is open and goes on by other options, with as little disturbance as can be: what is delivered afterwards
   * was measured wholly after this call. Options that cannot change while it measures stay.
   */
  turn(options: InstrumentOptions): Promise<void>;
  /** Ends, and delivers what is open; `start` begins again. Nothing to do when it does not measure. */
  stop(): Promise<void>;
  /** Puts back what it has changed in the target besides the profilers of the backend. */
  leave?(): Promise<void>;
  readonly cost: InstrumentCost;
}

/** `deliver` takes a window as soon as it has ended, in the order in which they were measured. */
export type CreateInstrument<Window> = (context: InstrumentContext, deliver: (window: Window) => void) => Instrument;
