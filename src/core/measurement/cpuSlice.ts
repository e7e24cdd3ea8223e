import type { CallTree } from '../profile/tree/callTree';
import { hitTimes } from '../profile/v8/hitTimes';
import { linkNodes, type LinkedNodes } from '../profile/v8/linkNodes';
import { NumberMap } from '../collections/numberMap';
import { cpuColumnsOf, LINE_KEYS, type RawCpuColumns } from '../profile/v8/v8Columns';
import type { RawCpuProfile } from '../profile/v8/v8Profile';
import { timedSamples, type TimedSamples } from '../profile/v8/timedSamples';

/** What one profile (or a sum of several) adds to the nodes of a call tree. Sparse: only nodes that were hit. */
export interface CpuSlice {
  /** µs by node. */
  readonly selfUs: ReadonlyMap<number, number>;
  /** Samples by node. */
  readonly hits: ReadonlyMap<number, number>;
  /** Ticks by node and line: `node * LINE_KEYS + line`, the generated line 0-based; see `forEachTick`. */
  readonly ticks: ReadonlyMap<number, number>;
  /** µs of the target's clock that the samples cover. */
  readonly startUs: number;
  readonly endUs: number;
}

/** One that grows. */
export interface CpuSum extends CpuSlice {
  readonly selfUs: NumberMap;
  readonly hits: NumberMap;
  readonly ticks: NumberMap;
  startUs: number;
  endUs: number;
}

/** Samples in time order, for saving and for time-ordered views: node and µs of the target's clock. */
export interface SampleSink {
  /** `continued`: the window before has had the sample already, up to this time. */
  push(node: number, timestampUs: number, continued: boolean): void;
  /** Nobody was sampling from here until the next push. */
  end(timestampUs: number): void;
}

export function emptySlice(): CpuSum {
  return {
    selfUs: new NumberMap(),
    hits: new NumberMap(),
    ticks: new NumberMap(),
    startUs: Infinity,
    endUs: -Infinity,
  };
}

export function addSlice(target: CpuSum, slice: CpuSlice): void {
  addAll(target.selfUs, slice.selfUs);
  addAll(target.hits, slice.hits);
  addAll(target.ticks, slice.ticks);
  target.startUs = Math.min(target.startUs, slice.startUs);
  target.endUs = Math.max(target.endUs, slice.endUs);
}

/** Lines are 0-based here. */
export function forEachTick(slice: CpuSlice, visit: (node: number, line: number, ticks: number) => void): void {
  slice.ticks.forEach((ticks, key) => {
    const node = Math.floor(key / LINE_KEYS);
    visit(node, key - node * LINE_KEYS, ticks);
  });
}

/**
 * Adds a V8 CPU profile to the tree and returns what it contributes.
 *
 * As Chrome DevTools does, a sample's time runs from its timestamp to the next one's, the last one's to `endTime`. The
 * time before the first sample (start-up of the profiler) belongs to nobody. Samples before `notBeforeUs` are dropped:
 * that is how overlapping windows are joined without counting anything twice.
 */
export function absorbCpuProfile(
  tree: CallTree,
  profile: RawCpuProfile,
  options: AbsorbOptions = {},
): { slice: CpuSum; problems: string[] } {
  return absorbCpuColumns(tree, cpuColumnsOf(profile), options);
}

interface AbsorbOptions {
  readonly notBeforeUs?: number;
  readonly samples?: SampleSink;
}

/** The same of a profile in columns. */
export function absorbCpuColumns(
  tree: CallTree,
  raw: RawCpuColumns,
  options: AbsorbOptions = {},
): { slice: CpuSum; problems: string[] } {
  const problems: string[] = [];
  const links = linkNodes(raw, problems);
  const placed = placeNodes(tree, raw, links);
  const slice = emptySlice();
  const timed = timedSamples(raw, links.ids, problems);
  const hits = timed
    ? chargeSamples(timed, placed, slice, options)
    : chargeHitCounts(raw, links, placed, slice, problems);
  chargeTicks(raw, placed, hits, slice);
  return { slice, problems };
}

/** Nodes of the file to nodes of the tree; 0 for those that cannot be used. */
function placeNodes(
  tree: CallTree,
  { frames, nodeFrames }: RawCpuColumns,
  { order, parents }: LinkedNodes,
): Int32Array {
  const placed = new Int32Array(parents.length);
  // Frames go into the table in the order of the tree; 1 more than the index there, 0 for those that are not there yet.
  const known = new Int32Array(frames.length);
  for (let n = 0; n < order.length; n++) {
    const node = order[n];
    const parent = parents[node] < 0 ? 0 : placed[parents[node]];
    const raw = nodeFrames[node];
    placed[node] =
      raw < 0
        ? tree.place(parent, undefined)
        : tree.placeFrame(parent, (known[raw] ||= tree.table.intern(frames[raw]) + 1) - 1);
  }
  return placed;
}

/** Returns the samples that counted by node of the file. */
function chargeSamples(
  { nodes, startsUs, endUs }: TimedSamples,
  placed: Int32Array,
  slice: CpuSum,
  options: AbsorbOptions,
): Float64Array {
  const notBefore = options.notBeforeUs ?? -Infinity;
  const hits = new Float64Array(placed.length);
  const selfUs = new Float64Array(placed.length).fill(-1);
  const { samples } = options;
  let first = Infinity;
  let last = -Infinity;
  for (let n = 0; n < nodes.length; n++) {
    const node = nodes[n];
    const start = Math.max(startsUs[n], notBefore);
    const stop = n + 1 < nodes.length ? startsUs[n + 1] : endUs;
    const continued = startsUs[n] < notBefore;
    if (node < 0 || (continued && stop <= notBefore)) continue;
    // A sample without a frame (a gap that we wrote ourselves) is nobody's time.
    if (placed[node] > 0) {
      selfUs[node] = Math.max(0, selfUs[node]) + Math.max(0, stop - start);
      if (!continued) hits[node]++;
    }
    if (start < first) first = start;
    if (stop > last) last = stop;
    if (samples) samples.push(placed[node], start, continued);
  }
  slice.startUs = first;
  slice.endUs = last;
  if (Number.isFinite(slice.endUs)) options.samples?.end(slice.endUs);
  for (let node = 0; node < placed.length; node++) {
    if (selfUs[node] >= 0) slice.selfUs.add(placed[node], selfUs[node]);
    if (hits[node]) slice.hits.add(placed[node], hits[node]);
  }
  return hits;
}

/** Files without samples (old tools, hand-made summaries) still have hit counts: the time is shared out by them. */
function chargeHitCounts(
  raw: RawCpuColumns,
  links: LinkedNodes,
  placed: Int32Array,
  slice: CpuSum,
  problems: string[],
): Float64Array {
  const { hits, total, startUs, perHitUs } = hitTimes(raw, links, problems);
  if (!total) return hits;
  for (let node = 0; node < placed.length; node++) {
    if (!hits[node]) continue;
    slice.selfUs.add(placed[node], hits[node] * perHitUs);
    slice.hits.add(placed[node], hits[node]);
  }
  slice.startUs = startUs;
  slice.endUs = startUs + total * perHitUs;
  return hits;
}

/** Ticks of a node whose samples were partly dropped are scaled down, so that they never exceed its hits. */
function chargeTicks(
  { tickEnds, tickLines, tickCounts }: RawCpuColumns,
  placed: Int32Array,
  hits: Float64Array,
  slice: CpuSum,
): void {
  for (let node = 0, from = 0; node < placed.length; from = tickEnds[node++]) {
    const end = tickEnds[node];
    if (from === end || hits[node] <= 0) continue;
    let total = 0;
    for (let n = from; n < end; n++) total += tickCounts[n];
    const scale = total > hits[node] ? hits[node] / total : 1;
    for (let n = from; n < end; n++)
      slice.ticks.add(placed[node] * LINE_KEYS + (tickLines[n] - 1), tickCounts[n] * scale);
  }
}

function addAll(target: NumberMap, source: ReadonlyMap<number, number>): void {
  source.forEach((value, key) => target.add(key, value));
}
