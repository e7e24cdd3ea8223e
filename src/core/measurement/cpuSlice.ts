import { NumberMap } from '../collections/numberMap';
import type { CountedSamples, PositionTicks, ProfileColumns, Timeline } from '../profile/profileColumns';
import type { CallTree } from '../profile/tree/callTree';
import { MOST_LINES } from '../profile/v8/v8Columns';
import type { ThreadReadings } from './threadReadings';
import type { WaitingSplit } from './waiting';

/** What one profile (or a sum of several) adds to the nodes of a call tree. Sparse: only nodes that were hit. */
export interface CpuSlice {
  /** µs by node. */
  readonly selfUs: ReadonlyMap<number, number>;
  /** Samples by node. */
  readonly hits: ReadonlyMap<number, number>;
  /** Ticks by node and line: `node * LINE_KEYS + line`, the generated line 0-based; see `forEachTick`. */
  readonly ticks: ReadonlyMap<number, number>;
  /** µs of `selfUs` that the thread waited instead of running, by node; undefined where nobody could tell. */
  readonly waitingUs?: ReadonlyMap<number, number>;
  /** µs of the target's clock that the samples cover. */
  readonly startUs: number;
  readonly endUs: number;
}

/** One that grows. */
export interface CpuSum extends CpuSlice {
  readonly selfUs: NumberMap;
  readonly hits: NumberMap;
  readonly ticks: NumberMap;
  waitingUs?: NumberMap;
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
  if (slice.waitingUs) addAll((target.waitingUs ??= new NumberMap()), slice.waitingUs);
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

/** The key of `CpuSlice.ticks`. */
export function tickKey(node: number, line: number): number {
  return node * LINE_KEYS + line;
}

/** Lines are below it, so that a node and a line make one number: exact in a double up to 2^32 nodes. */
const LINE_KEYS = MOST_LINES;

interface AddOptions {
  /** µs; what was sampled before is dropped: that is how overlapping windows are joined without counting anything twice. */
  readonly notBeforeUs?: number;
  readonly samples?: SampleSink;
  /** When the thread ran, and who makes of it what waited. */
  readonly readings?: ThreadReadings;
  readonly waiting?: WaitingSplit;
}

/** Adds a CPU profile, read with its counts, to the tree; returns what it contributes. */
export function addCpuProfile(tree: CallTree, profile: ProfileColumns, options: AddOptions = {}): CpuSum {
  const placed = placeNodes(tree, profile);
  const slice = emptySlice();
  const hits = profile.timeline
    ? chargeSamples(profile.timeline, placed, slice, options)
    : chargeCounted(profile.counted!, placed, slice);
  if (profile.timeline) chargeWaiting(tree, profile.timeline, placed, slice, options);
  if (profile.ticks) chargeTicks(profile.ticks, placed, hits, slice);
  return slice;
}

/** Nodes of the tree by those of the profile: V8 splits a function by its state, the tree does not. */
function placeNodes(tree: CallTree, { frames, parents, nodeFrames }: ProfileColumns): Int32Array {
  const placed = new Int32Array(parents.length);
  // Frames go into the table in the order of the tree; 1 more than the index there, 0 for those that are not there yet.
  const known = new Int32Array(frames.length);
  for (let node = 1; node < parents.length; node++) {
    const frame = nodeFrames[node];
    placed[node] = tree.place(placed[parents[node]], (known[frame] ||= tree.table.add(frames[frame]) + 1) - 1);
  }
  return placed;
}

/** Returns the samples that counted, by node of the profile. */
function chargeSamples(
  { nodes, startsUs, endUs }: Timeline,
  placed: Int32Array,
  slice: CpuSum,
  options: AddOptions,
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
    if (continued && stop <= notBefore) continue;
    // A sample without a stack (a gap that we wrote ourselves) is nobody's time.
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

function chargeWaiting(
  tree: CallTree,
  { nodes, startsUs, endUs }: Timeline,
  placed: Int32Array,
  slice: CpuSum,
  { readings, waiting, notBeforeUs = -Infinity }: AddOptions,
): void {
  if (!readings || !waiting) return;
  const spans = {
    nodes: nodes.map((node) => placed[node]),
    startsUs: startsUs.map((start) => Math.max(start, notBeforeUs)),
    endUs,
  };
  slice.waitingUs = waiting.split(tree, spans, readings);
}

/** The same where nobody knows when each sample was. */
function chargeCounted({ hits, startUs, perHitUs }: CountedSamples, placed: Int32Array, slice: CpuSum): Float64Array {
  let total = 0;
  for (let node = 0; node < placed.length; node++) {
    if (!hits[node]) continue;
    total += hits[node];
    slice.selfUs.add(placed[node], hits[node] * perHitUs);
    slice.hits.add(placed[node], hits[node]);
  }
  if (!total) return hits;
  slice.startUs = startUs;
  slice.endUs = startUs + total * perHitUs;
  return hits;
}

/** Ticks of a node whose samples were partly dropped are scaled down, so that they never exceed its hits. */
function chargeTicks(
  { nodes, lines, counts }: PositionTicks,
  placed: Int32Array,
  hits: Float64Array,
  slice: CpuSum,
): void {
  const totals = new Float64Array(placed.length);
  for (let n = 0; n < nodes.length; n++) totals[nodes[n]] += counts[n];
  for (let n = 0; n < nodes.length; n++) {
    const node = nodes[n];
    if (hits[node] <= 0) continue;
    const scale = totals[node] > hits[node] ? hits[node] / totals[node] : 1;
    slice.ticks.add(tickKey(placed[node], lines[n]), counts[n] * scale);
  }
}

function addAll(target: NumberMap, source: ReadonlyMap<number, number>): void {
  source.forEach((value, key) => target.add(key, value));
}
