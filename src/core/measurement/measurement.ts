import { spanOf, type Interval } from '../interval';
import type { Frame } from '../profile/frame';
import { FrameTable } from '../profile/frameTable';
import type { ProfileColumns } from '../profile/profileColumns';
import { CallTree } from '../profile/tree/callTree';
import { numbersByNode } from '../profile/v8/heapNumbers';
import { readV8Cpu, readV8Heap } from '../profile/v8/readV8';
import { cpuColumnsOf, heapColumnsOf, type V8CpuColumns, type V8HeapColumns } from '../profile/v8/v8Columns';
import type { V8CpuProfile, V8HeapProfile } from '../profile/v8/v8Profile';
import { addCpuProfile, addSlice, emptySlice, type CpuSlice, type CpuSum } from './cpuSlice';
import { addHeapProfile, addHeapSlice, type HeapSlice } from './heapSlice';
import { InterruptLog } from './interruptLog';
import { SampleLog } from './sampleLog';
import { ScriptUrls } from './scriptUrls';
import type { ThreadReadings } from './threadReadings';
import { createWaitingSplit } from './waiting';

/** Bytes of one measure. */
export interface MeasuredBytes {
  readonly slice: HeapSlice;
  /** The part of them that is numbers outside of the objects that use them (V8's heap numbers); undefined where unknown. */
  readonly numbers: HeapSlice | undefined;
  /** Mean bytes between samples, the largest of all windows; undefined where unknown. */
  readonly sampleBytes: number | undefined;
  readonly interval: Interval;
}

/** What was measured on one isolate at one accuracy: sums since the start, and recent windows for a sliding view. */
export class Measurement {
  readonly table = new FrameTable();
  readonly cpuTree = new CallTree(this.table);
  readonly heapTree = new CallTree(this.table);
  readonly samples = new SampleLog();
  readonly interrupts = new InterruptLog();
  readonly problems = new Set<string>();

  private readonly scripts = new ScriptUrls();
  private readonly waiting = createWaitingSplit();
  private cpuSum: CpuSum | undefined;
  private readonly recent: { slice: CpuSlice; interval: Interval }[] = [];
  private cpuSpan: Interval | undefined;
  private lastEndUs = -Infinity;
  /** How long windows are kept for a sliding view, ms; each takes some 50 kB, so none is kept for nothing. */
  keepRecentMs = Infinity;

  live: MeasuredBytes | undefined;
  allocated: (MeasuredBytes & { readonly windowMs: number }) | undefined;

  /** `readings`: when the thread ran, by the profile's clock; without them all that was sampled counts as running. */
  addCpu(profile: V8CpuProfile, interval: Interval, readings?: ThreadReadings): void {
    const raw = cpuColumnsOf(profile);
    this.scripts.learn(raw.frames);
    const columns = readV8Cpu({ ...raw, frames: raw.frames.map((frame) => this.scripts.named(frame)) }, '', true);
    this.addProblems(columns);
    const { samples, waiting } = this;
    const slice = addCpuProfile(this.cpuTree, columns, { notBeforeUs: this.lastEndUs, samples, readings, waiting });
    if (Number.isFinite(profile.endTime)) this.lastEndUs = Math.max(this.lastEndUs, profile.endTime);
    addSlice((this.cpuSum ??= emptySlice()), slice);
    this.cpuSpan = spanOf(interval, this.cpuSpan);
    this.recent.push({ slice, interval });
    while (this.recent.length && this.recent[0].interval.endMs <= interval.endMs - this.keepRecentMs)
      this.recent.shift();
  }

  /** A file of its own clock and interval, added whole. */
  addCpuColumns(profile: V8CpuColumns): void {
    const columns = readV8Cpu(profile, '', true);
    this.addProblems(columns);
    const slice = addCpuProfile(this.cpuTree, columns, { samples: this.samples });
    if (this.cpuSum) addSlice(this.cpuSum, slice);
    else this.cpuSum = slice;
    const startMs = slice.startUs / 1000;
    if (Number.isFinite(startMs)) this.cpuSpan = spanOf({ startMs, endMs: slice.endUs / 1000 }, this.cpuSpan);
  }

  /** `sampleBytes`: mean bytes between the samples of the window, where it was chosen so that numbers can be told. */
  addLive(profile: V8HeapProfile, interval: Interval, sampleBytes?: number): void {
    this.addHeap(profile, 'live', interval, sampleBytes);
  }

  addAllocated(profile: V8HeapProfile, interval: Interval, sampleBytes?: number): void {
    this.addHeap(profile, 'allocated', interval, sampleBytes);
  }

  private addHeap(
    profile: V8HeapProfile,
    measure: 'live' | 'allocated',
    interval: Interval,
    sampleBytes: number | undefined,
  ): void {
    const columns = heapColumnsOf(profile);
    if (!columns) {
      this.problems.add('the profile has no head node');
      this.addBytes(measure, { slice: new Map(), numbers: undefined, sampleBytes, interval });
      return;
    }
    this.scripts.learnMore(columns.frames);
    const slice = this.sliceOf(this.scripts.namedHeap(columns), measure);
    const numberSizes = sampleBytes === undefined ? undefined : numbersByNode(profile, sampleBytes);
    const numbers = numberSizes && this.sliceOf(this.scripts.namedHeap(heapColumnsOf(profile, numberSizes)!), measure);
    this.addBytes(measure, { slice, numbers, sampleBytes, interval });
  }

  /** A stack as it was interrupted, innermost frame first. */
  addInterrupted(stack: readonly Frame[]): void {
    this.scripts.learnMore(stack);
    this.interrupts.add(stack.map((frame) => this.scripts.named(frame)));
  }

  /** A heap profile that was read from a file. */
  addHeapColumns(profile: V8HeapColumns, measure: 'live' | 'allocated', interval: Interval): void {
    this.addBytes(measure, {
      slice: this.sliceOf(profile, measure),
      numbers: undefined,
      sampleBytes: undefined,
      interval,
    });
  }

  private sliceOf(profile: V8HeapColumns, measure: 'live' | 'allocated'): HeapSlice {
    const columns = readV8Heap(profile, '', measure);
    this.addProblems(columns);
    return addHeapProfile(this.heapTree, columns);
  }

  private addProblems({ problems }: ProfileColumns): void {
    problems.forEach((problem) => this.problems.add(problem));
  }

  private addBytes(measure: 'live' | 'allocated', bytes: MeasuredBytes): void {
    if (measure === 'live') {
      this.live = bytes;
      return;
    }
    const before = this.allocated;
    const { slice, interval } = bytes;
    let { numbers, sampleBytes } = bytes;
    if (before) {
      addHeapSlice(slice, before.slice);
      if (numbers && before.numbers) addHeapSlice(numbers, before.numbers);
      else numbers = undefined;
      sampleBytes = sampleBytes && before.sampleBytes && Math.max(sampleBytes, before.sampleBytes);
    }
    this.allocated = {
      slice,
      numbers,
      sampleBytes,
      windowMs: (before?.windowMs ?? 0) + (interval.endMs - interval.startMs),
      interval: spanOf(interval, before?.interval),
    };
  }

  /** CPU of everything since the start, or of the last so many ms before `now`; undefined when nothing was measured. */
  cpu(window: 'cumulative' | { slidingMs: number }, now: number): { slice: CpuSlice; interval: Interval } | undefined {
    if (!this.cpuSum || !this.cpuSpan) return undefined;
    if (window === 'cumulative') return { slice: this.cpuSum, interval: this.cpuSpan };
    const slice = emptySlice();
    let interval: Interval | undefined;
    for (const recent of this.recent) {
      if (recent.interval.endMs <= now - window.slidingMs) continue;
      addSlice(slice, recent.slice);
      interval = spanOf(recent.interval, interval);
    }
    return interval && { slice, interval };
  }
}
