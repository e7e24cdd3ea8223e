import type { Interval } from '../heat/heatSnapshot';
import { CallTree } from '../profile/tree/callTree';
import { absorbCpuColumns, absorbCpuProfile, addSlice, emptySlice, type CpuSlice, type CpuSum } from './cpuSlice';
import { absorbHeapColumns, absorbHeapProfile, addHeapSlice, type HeapSlice } from './heapSlice';
import { FrameTable } from '../profile/frameTable';
import { cpuColumnsOf, type RawCpuColumns, type RawHeapColumns } from '../profile/v8/v8Columns';
import type { RawCpuProfile, RawHeapProfile } from '../profile/v8/v8Profile';
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

  addCpu(profile: RawCpuProfile, interval: Interval): void {
    const { slice, problems } = absorbCpuProfile(this.cpuTree, profile, {
      notBeforeUs: this.lastEndUs,
      samples: this.samples,
    });
    problems.forEach((problem) => this.problems.add(problem));
    if (Number.isFinite(profile.endTime)) this.lastEndUs = Math.max(this.lastEndUs, profile.endTime);
    addSlice((this.cpuSum ??= emptySlice()), slice);
    this.cpuSpan = span(this.cpuSpan, interval);
    this.recent.push({ slice, interval });
    while (this.recent.length && this.recent[0].interval.endMs <= interval.endMs - this.keepRecentMs)
      this.recent.shift();
  }

  /** A file of its own clock and interval, added whole. */
  addCpuFile(profile: RawCpuProfile): void {
    this.addCpuColumns(cpuColumnsOf(profile));
  }

  /** The same, read already. */
  addCpuColumns(profile: RawCpuColumns): void {
    const { slice, problems } = absorbCpuColumns(this.cpuTree, profile, { samples: this.samples });
    problems.forEach((problem) => this.problems.add(problem));
    if (this.cpuSum) addSlice(this.cpuSum, slice);
    else this.cpuSum = slice;
    const startMs = slice.startUs / 1000;
    if (Number.isFinite(startMs)) this.cpuSpan = span(this.cpuSpan, { startMs, endMs: slice.endUs / 1000 });
  }

  addLive(profile: RawHeapProfile, interval: Interval): void {
    this.addBytes(absorbHeapProfile(this.heapTree, profile), 'live', interval);
  }

  addAllocated(profile: RawHeapProfile, interval: Interval): void {
    this.addBytes(absorbHeapProfile(this.heapTree, profile), 'allocated', interval);
  }

  /** A heap profile that was read from a file. */
  addHeapColumns(profile: RawHeapColumns, measure: 'live' | 'allocated', interval: Interval): void {
    this.addBytes(absorbHeapColumns(this.heapTree, profile), measure, interval);
  }

  private addBytes(
    { slice, problems }: { slice: HeapSlice; problems: readonly string[] },
    measure: 'live' | 'allocated',
    interval: Interval,
  ): void {
    problems.forEach((problem) => this.problems.add(problem));
    if (measure === 'live') {
      this.live = { slice, interval };
      return;
    }
    const before = this.allocated;
    if (before) addHeapSlice(slice, before.slice);
    this.allocated = {
      slice,
      windowMs: (before?.windowMs ?? 0) + (interval.endMs - interval.startMs),
      interval: span(before?.interval, interval),
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
      interval = span(interval, recent.interval);
    }
    return interval && { slice, interval };
  }
}

function span(known: Interval | undefined, more: Interval): Interval {
  if (!known) return more;
  return { startMs: Math.min(known.startMs, more.startMs), endMs: Math.max(known.endMs, more.endMs) };
}
