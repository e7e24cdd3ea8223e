import { spanOf, type Interval } from '../interval';
import { FrameTable } from '../profile/frameTable';
import type { ProfileColumns } from '../profile/profileColumns';
import { CallTree } from '../profile/tree/callTree';
import { readV8Cpu, readV8Heap } from '../profile/v8/readV8';
import { cpuColumnsOf, heapColumnsOf, type V8CpuColumns, type V8HeapColumns } from '../profile/v8/v8Columns';
import type { V8CpuProfile, V8HeapProfile } from '../profile/v8/v8Profile';
import { addCpuProfile, addSlice, emptySlice, type CpuSlice, type CpuSum } from './cpuSlice';
import { addHeapProfile, addHeapSlice, type HeapSlice } from './heapSlice';
import { SampleLog } from './sampleLog';

/** What was measured on one isolate at one accuracy: sums since the start, and recent windows for a sliding view. */
export class Measurement {
  readonly table = new FrameTable();
  readonly cpuTree = new CallTree(this.table);
  readonly heapTree = new CallTree(this.table);
  readonly samples = new SampleLog();
  readonly problems = new Set<string>();

  private cpuSum: CpuSum | undefined;
  private readonly recent: { slice: CpuSlice; interval: Interval }[] = [];
  private cpuSpan: Interval | undefined;
  private lastEndUs = -Infinity;
  /** How long windows are kept for a sliding view, ms; each takes some 50 kB, so none is kept for nothing. */
  keepRecentMs = Infinity;

  live: { slice: HeapSlice; interval: Interval } | undefined;
  allocated: { slice: HeapSlice; windowMs: number; interval: Interval } | undefined;

  addCpu(profile: V8CpuProfile, interval: Interval): void {
    const columns = readV8Cpu(cpuColumnsOf(profile), '', true);
    this.addProblems(columns);
    const slice = addCpuProfile(this.cpuTree, columns, { notBeforeUs: this.lastEndUs, samples: this.samples });
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

  addLive(profile: V8HeapProfile, interval: Interval): void {
    this.addHeap(profile, 'live', interval);
  }

  addAllocated(profile: V8HeapProfile, interval: Interval): void {
    this.addHeap(profile, 'allocated', interval);
  }

  private addHeap(profile: V8HeapProfile, measure: 'live' | 'allocated', interval: Interval): void {
    const columns = heapColumnsOf(profile);
    if (columns) return this.addHeapColumns(columns, measure, interval);
    this.problems.add('the profile has no head node');
    this.addBytes(new Map(), measure, interval);
  }

  /** A heap profile that was read from a file. */
  addHeapColumns(profile: V8HeapColumns, measure: 'live' | 'allocated', interval: Interval): void {
    const columns = readV8Heap(profile, '', measure);
    this.addProblems(columns);
    this.addBytes(addHeapProfile(this.heapTree, columns), measure, interval);
  }

  private addProblems({ problems }: ProfileColumns): void {
    problems.forEach((problem) => this.problems.add(problem));
  }

  private addBytes(slice: HeapSlice, measure: 'live' | 'allocated', interval: Interval): void {
    if (measure === 'live') {
      this.live = { slice, interval };
      return;
    }
    const before = this.allocated;
    if (before) addHeapSlice(slice, before.slice);
    this.allocated = {
      slice,
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
