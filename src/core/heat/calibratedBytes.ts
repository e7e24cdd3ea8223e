import type { HeapSlice } from '../measurement/heapSlice';
import { FrameTable } from '../profile/frameTable';
import type { CallTree } from '../profile/tree/callTree';
import { callPaths, type CallPaths } from './callPaths';

/** Bytes by node of one measure, and the part of them that is numbers, where that is known. */
export interface SampledBytes {
  readonly slice: HeapSlice;
  readonly numbers: HeapSlice | undefined;
  /** Mean bytes between samples. */
  readonly sampleBytes: number | undefined;
}

/** What was sampled while V8 inlined nothing: every function has nodes of its own. */
export interface BytesTeacher {
  readonly tree: CallTree;
  readonly live: SampledBytes | undefined;
  readonly allocated: SampledBytes | undefined;
}

/** Bytes of ordinary windows by node of the teacher's tree, and those that it tells nothing of by node of their own. */
export interface CalibratedBytes {
  readonly taught: HeapSlice;
  readonly rest: HeapSlice;
}

/** How many calls deep V8 inlines into one function, at most; and how many physical functions one node may be part of. */
const MOST_INLINED_CALLS = 12;
const MOST_CANDIDATES = 24;
/** Paths of the teacher that are looked at for one that it never saw. */
const MOST_ELSEWHERE = 1_000;
/** What a node lacks of its due is inlined elsewhere only if it is more than chance (in standard deviations), and than this share. */
const SIGMAS = 2;
const LEAST_LACK = 0.2;
/** Samples of live bytes that what was allocated weighs as much as: it decides where hardly anything stayed alive. */
const PRIOR_SAMPLES = 2;
/** Numbers are as many as in the ordinary windows when they are not more times as many. */
const AS_MANY = 1.5;
/** So few samples tell nothing of numbers. */
const FEW_SAMPLES = 10;

/**
 * Divides ordinary bytes as the teacher's window does. In ordinary windows V8 charges an allocation to the physical function
 * around it, so bytes at a path of physical functions are of all methods whose own path is that one with inlined calls in
 * between and at its end. A method whose bytes stand at a path of its own already has had its due, and only what it clearly
 * lacks is looked for in the functions that it may be inlined into, unless nobody does. Nothing is added and nothing is lost.
 *
 * Numbers: without inlining, calls box the doubles that they pass, which the program as it runs does not. What the ordinary
 * windows have of them bounds what the teacher's count as.
 */
export function calibrateBytes(
  ordinary: SampledBytes & { readonly tree: CallTree },
  teacher: BytesTeacher,
  measure: 'live' | 'allocated',
): CalibratedBytes {
  const weights = weightsOf(teacher, measure);
  if (!weights) return { taught: new Map(), rest: ordinary.slice };
  const table = new FrameTable();
  const own = callPaths(ordinary.tree, table, (node) => (ordinary.slice.get(node) ?? 0) > 0);
  const taught = callPaths(teacher.tree, table, (node) => weights.all[node] > 0);
  const supply = sumByPath(own, ordinary.slice);
  const supplied = {
    all: supply,
    numbers: ordinary.numbers && sumByPath(own, ordinary.numbers).map((bytes, path) => Math.min(bytes, supply[path])),
    sampleBytes: ordinary.sampleBytes ?? 0,
  };
  const demand: Weights = {
    all: sumColumn(taught, weights.all),
    numbers: sumColumn(taught, weights.numbers),
    liveNumbers: sumColumn(taught, weights.liveNumbers),
    sampleBytes: weights.sampleBytes,
  };
  const { received, left } = divide(own, taught, supplied, demand);
  return {
    taught: spread(taught, teacher.tree.nodeCount, received, demand.all, weights.all),
    rest: keepShare(own, ordinary.slice, supply, left),
  };
}

/** By node of the teacher's tree, or by path of it. */
interface Weights {
  readonly all: Float64Array;
  /** The part of `all` that may be numbers which only this window has. */
  readonly numbers: Float64Array;
  readonly liveNumbers: Float64Array;
  readonly sampleBytes: number;
}

function weightsOf({ tree, live, allocated }: BytesTeacher, measure: 'live' | 'allocated'): Weights | undefined {
  const main = measure === 'live' ? (live ?? allocated) : (allocated ?? live);
  if (!main) return undefined;
  const { nodeCount } = tree;
  const sampleBytes = main.sampleBytes ?? 0;
  const all = column(main.slice, nodeCount);
  const liveNumbers = column(live?.numbers, nodeCount);
  // What is alive is in use: a box that was made for a call is not.
  if (main === live) {
    const prior = allocated && column(allocated.slice, nodeCount);
    if (prior) {
      allocated.numbers?.forEach((bytes, node) => (prior[node] -= bytes));
      const total = sum(prior);
      if (total > 0)
        for (let node = 0; node < nodeCount; node++)
          all[node] += (PRIOR_SAMPLES * sampleBytes * Math.max(0, prior[node])) / total;
    }
    return { all, numbers: new Float64Array(nodeCount), liveNumbers, sampleBytes };
  }
  const numbers = column(main.numbers, nodeCount).map((bytes, node) => Math.min(bytes, all[node]));
  return { all, numbers, liveNumbers, sampleBytes };
}

interface Supply {
  readonly all: Float64Array;
  readonly numbers: Float64Array | undefined;
  readonly sampleBytes: number;
}

/** Returns what each path of the teacher gets, and what stays with each ordinary path. */
function divide(
  own: CallPaths,
  taught: CallPaths,
  supply: Supply,
  demand: Weights,
): { received: Float64Array; left: Float64Array } {
  const received = new Float64Array(taught.parents.length);
  const left = Float64Array.from(supply.all);
  const members = membersOf(own, taught, demand.all);
  const total = { ordinary: sum(supply.all), taught: sum(demand.all) };
  if (supply.numbers) {
    total.ordinary -= sum(supply.numbers);
    total.taught -= sum(demand.numbers);
  }
  const usualRate = total.taught > 0 ? total.ordinary / total.taught : 0;
  // The deepest first: bytes at a path of one's own are certain, and what is missing there is inlined further up.
  const order = [...supply.all.keys()].filter((path) => path > 0 && supply.all[path] > 0);
  order.sort((a, b) => own.depths[b] - own.depths[a]);
  let places: Places | undefined;
  for (const path of order) {
    let group = members.get(path) ?? [];
    if (!group.some((member) => demand.all[member] > 0))
      group = elsewhere(own, taught, path, (places ??= placesOf(taught)));
    const { weights, boxed } = groupWeights(group, path, supply, demand, usualRate);
    const bytes = supply.all[path] - boxed;
    const lacking = duesOf(group, weights, received, bytes, supply.sampleBytes, demand.sampleBytes);
    // Where nobody clearly lacks any, they are of all: V8 has the same methods inlined in two places, say.
    const dues = sum(lacking) > 0 ? lacking : weights;
    const due = sum(dues);
    if (!(due > 0)) continue;
    group.forEach((member, n) => (received[member] += (bytes * dues[n]) / due));
    left[path] = boxed;
  }
  return { received, left };
}

/** By ordinary path: the teacher's paths that may be part of it, itself among them. */
function membersOf(own: CallPaths, taught: CallPaths, weights: Float64Array): Map<number, number[]> {
  const members = new Map<number, number[]>();
  const candidates: { path: number; depth: number }[][] = [[{ path: 0, depth: 0 }]];
  for (let path = 1; path < taught.parents.length; path++) {
    const depth = taught.depths[path];
    const above = candidates[taught.parents[path]];
    const found = above.filter((candidate) => depth - candidate.depth <= MOST_INLINED_CALLS);
    for (const candidate of above) {
      const child = own.child(candidate.path, taught.frames[path]);
      if (child === undefined) continue;
      const known = found.findIndex((other) => other.path === child);
      if (known >= 0) found.splice(known, 1);
      found.push({ path: child, depth });
    }
    const kept = found.slice(-MOST_CANDIDATES);
    candidates.push(kept);
    if (!(weights[path] > 0)) continue;
    for (const candidate of kept) push(members, candidate.path, path);
  }
  return members;
}

interface Places {
  /** The teacher's paths that end in a frame. */
  readonly byFrame: ReadonlyMap<number, readonly number[]>;
  readonly children: ReadonlyMap<number, readonly number[]>;
}

function placesOf({ parents, frames }: CallPaths): Places {
  const byFrame = new Map<number, number[]>();
  const children = new Map<number, number[]>();
  for (let path = 1; path < parents.length; path++) {
    push(byFrame, frames[path], path);
    push(children, parents[path], path);
  }
  return { byFrame, children };
}

/** Where the teacher never saw the path (its outer end was cut off, or something else called): the same function anywhere. */
function elsewhere(own: CallPaths, taught: CallPaths, path: number, { byFrame, children }: Places): number[] {
  const found = new Set(byFrame.get(own.frames[path])?.slice(0, MOST_ELSEWHERE));
  let edge = [...found];
  for (let calls = 0; calls < MOST_INLINED_CALLS && edge.length; calls++) {
    const next: number[] = [];
    for (const member of edge) {
      for (const child of children.get(member) ?? []) {
        // What has a place of its own below the path is not inlined.
        if (found.has(child) || own.child(path, taught.frames[child]) !== undefined) continue;
        if (found.size >= MOST_ELSEWHERE) return [...found];
        found.add(child);
        next.push(child);
      }
    }
    edge = next;
  }
  return [...found];
}

/**
 * What each member counts as, numbers that only the teacher's window has left out, and which bytes of the group are numbers of
 * which nobody knows whose they are: those stay with the physical function.
 */
function groupWeights(
  group: readonly number[],
  path: number,
  supply: Supply,
  demand: Weights,
  usualRate: number,
): { weights: number[]; boxed: number } {
  const all = group.map((member) => demand.all[member]);
  const asTheyAre = { weights: all, boxed: 0 };
  if (!supply.numbers) return asTheyAre;
  const numbers = group.map((member) => demand.numbers[member]);
  const boxed = sum(numbers);
  if (!(boxed > 0)) return asTheyAre;
  const others = all.map((bytes, n) => bytes - numbers[n]);
  const rest = sum(others);
  const restSupply = supply.all[path] - supply.numbers[path];
  const isKnown = rest > FEW_SAMPLES * demand.sampleBytes && restSupply > FEW_SAMPLES * supply.sampleBytes;
  const rate = isKnown ? restSupply / rest : usualRate;
  if (!(rate > 0)) return asTheyAre;
  const real = supply.numbers[path] / rate;
  if (boxed <= AS_MANY * real) return asTheyAre;
  // A number that stays alive is no box of a call.
  const live = group.map((member) => demand.liveNumbers[member]);
  const alive = sum(live);
  const isTold = alive > FEW_SAMPLES * demand.sampleBytes;
  const kept = live.map((bytes, n) => (isTold ? Math.min(numbers[n], (real * bytes) / alive) : 0));
  const unknown = Math.max(0, real - sum(kept)) * rate;
  return { weights: others.map((bytes, n) => bytes + kept[n]), boxed: Math.min(unknown, supply.numbers[path]) };
}

/** What each member has yet to get, in bytes that are in proportion to each other. */
function duesOf(
  group: readonly number[],
  weights: readonly number[],
  received: Float64Array,
  bytes: number,
  sampleBytes: number,
  taughtSampleBytes: number,
): number[] {
  const had = group.map((member) => received[member]);
  const rate = (bytes + sum(had)) / sum(weights);
  return weights.map((weight, n) => {
    const due = rate * weight;
    if (!(had[n] > 0)) return due;
    const deviation = Math.sqrt(rate * due * taughtSampleBytes + had[n] * sampleBytes);
    const lack = due - had[n];
    return lack > Math.max(SIGMAS * deviation, LEAST_LACK * due) ? lack : 0;
  });
}

/** Bytes of paths, back to the nodes of the tree in proportion to their weights. */
function spread(
  { pathOf }: CallPaths,
  nodeCount: number,
  byPath: Float64Array,
  weightByPath: Float64Array,
  weights: Float64Array,
): HeapSlice {
  const slice: HeapSlice = new Map();
  for (let node = 1; node < nodeCount; node++) {
    const path = pathOf[node];
    if (path > 0 && byPath[path] > 0 && weights[node] > 0)
      slice.set(node, (byPath[path] * weights[node]) / weightByPath[path]);
  }
  return slice;
}

function keepShare({ pathOf }: CallPaths, slice: HeapSlice, byPath: Float64Array, left: Float64Array): HeapSlice {
  const rest: HeapSlice = new Map();
  for (const [node, bytes] of slice) {
    const path = pathOf[node];
    if (path >= 0 && left[path] > 0) rest.set(node, (bytes * left[path]) / byPath[path]);
  }
  return rest;
}

function sumByPath({ pathOf, parents }: CallPaths, slice: HeapSlice): Float64Array {
  const sums = new Float64Array(parents.length);
  for (const [node, bytes] of slice) if (pathOf[node] >= 0) sums[pathOf[node]] += bytes;
  return sums;
}

function sumColumn({ pathOf, parents }: CallPaths, values: Float64Array): Float64Array {
  const sums = new Float64Array(parents.length);
  values.forEach((value, node) => {
    if (pathOf[node] >= 0) sums[pathOf[node]] += value;
  });
  return sums;
}

function column(slice: HeapSlice | undefined, nodeCount: number): Float64Array {
  const values = new Float64Array(nodeCount);
  slice?.forEach((bytes, node) => (values[node] = bytes));
  return values;
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
