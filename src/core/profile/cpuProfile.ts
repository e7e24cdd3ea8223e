import type { CallTree } from './callTree';
import type { RawCpuNode, RawCpuProfile, RawPositionTick } from './rawProfile';

/** A line of a node: `node * LINE_KEYS + line`, the generated line 0-based. Exact in a double up to 2^32 nodes. */
const LINE_KEYS = 2 ** 21;

/** µs. No clock reaches it, and sums of times below it stay exact enough and finite. */
const NO_TIME = 1e18;

/** What one profile (or a sum of several) adds to the nodes of a call tree. Sparse: only nodes that were hit. */
export interface CpuSlice {
  /** µs by node. */
  readonly selfUs: Map<number, number>;
  /** Samples by node. */
  readonly hits: Map<number, number>;
  /** Ticks by node and line; see `forEachTick`. */
  readonly ticks: Map<number, number>;
  /** µs of the target's clock that the samples cover. */
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

export function emptySlice(): CpuSlice {
  return { selfUs: new Map(), hits: new Map(), ticks: new Map(), startUs: Infinity, endUs: -Infinity };
}

export function addSlice(target: CpuSlice, slice: CpuSlice): void {
  addAll(target.selfUs, slice.selfUs);
  addAll(target.hits, slice.hits);
  addAll(target.ticks, slice.ticks);
  target.startUs = Math.min(target.startUs, slice.startUs);
  target.endUs = Math.max(target.endUs, slice.endUs);
}

/** Lines are 0-based here. */
export function forEachTick(slice: CpuSlice, visit: (node: number, line: number, ticks: number) => void): void {
  for (const [key, ticks] of slice.ticks) {
    const node = Math.floor(key / LINE_KEYS);
    visit(node, key - node * LINE_KEYS, ticks);
  }
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
  options: { notBeforeUs?: number; samples?: SampleSink } = {},
): { slice: CpuSlice; problems: string[] } {
  const problems: string[] = [];
  const nodes = nodesById(profile, problems);
  const nodeOf = placeNodes(tree, nodes, problems);
  const slice = emptySlice();

  const timed = Array.isArray(profile.samples) && Array.isArray(profile.timeDeltas) && profile.samples.length > 0;
  const keptHits = timed
    ? chargeSamples(profile, nodeOf, slice, options, problems)
    : chargeHitCounts(profile, nodes, nodeOf, slice, problems);
  for (const [id, node] of nodes) chargeTicks(slice, nodeOf.get(id)!, node, keptHits.get(id) ?? 0);
  return { slice, problems };
}

/** The first node of each id counts: a second one would be charged what the samples of the first say. */
function nodesById(profile: RawCpuProfile, problems: string[]): Map<number, RawCpuNode> {
  const byId = new Map<number, RawCpuNode>();
  const nodes = Array.isArray(profile.nodes) ? profile.nodes : [];
  let unusable = 0;
  for (const node of nodes) {
    if (!node || typeof node.id !== 'number' || byId.has(node.id)) unusable++;
    else byId.set(node.id, node);
  }
  if (!nodes.length) problems.push('the profile has no nodes');
  if (unusable) problems.push(`${unusable} nodes have no id of their own`);
  return byId;
}

/** Node ids of the file to nodes of the tree, parents first, whatever order and links the file uses. */
function placeNodes(tree: CallTree, byId: ReadonlyMap<number, RawCpuNode>, problems: string[]): Map<number, number> {
  const childIds = new Map<number, number[]>();
  const hasParent = new Set<number>();
  const link = (parent: number, child: number): void => {
    if (hasParent.has(child)) return;
    hasParent.add(child);
    const list = childIds.get(parent);
    if (list) list.push(child);
    else childIds.set(parent, [child]);
  };
  for (const node of byId.values()) {
    if (Array.isArray(node.children)) for (const child of node.children) if (byId.has(child)) link(node.id, child);
    if (typeof node.parent === 'number' && byId.has(node.parent)) link(node.parent, node.id);
  }

  const nodeOf = new Map<number, number>();
  const place = (top: RawCpuNode): void => {
    const stack: [number, number][] = [[top.id, 0]];
    while (stack.length) {
      const [id, parent] = stack.pop()!;
      if (nodeOf.has(id)) continue;
      const index = tree.place(parent, byId.get(id)!.callFrame);
      nodeOf.set(id, index);
      for (const child of childIds.get(id) ?? []) stack.push([child, index]);
    }
  };
  for (const node of byId.values()) if (!hasParent.has(node.id)) place(node);
  let circular = 0;
  for (const node of byId.values()) {
    if (nodeOf.has(node.id)) continue;
    circular++;
    place(node);
  }
  if (circular) problems.push(`${circular} circles of nodes are their own ancestors`);
  return nodeOf;
}

function chargeSamples(
  profile: RawCpuProfile,
  nodeOf: ReadonlyMap<number, number>,
  slice: CpuSlice,
  options: { notBeforeUs?: number; samples?: SampleSink },
  problems: string[],
): Map<number, number> {
  const samples = profile.samples!;
  const deltas = profile.timeDeltas!;
  const notBefore = options.notBeforeUs ?? -Infinity;
  const times = new Float64Array(samples.length);
  let clock = isTime(profile.startTime) ? profile.startTime : 0;
  let unordered = false;
  let timeless = 0;
  for (let i = 0; i < samples.length; i++) {
    const next = typeof deltas[i] === 'number' ? clock + deltas[i] : NaN;
    // V8 itself writes small negative deltas when samples of the VM thread and the sampler cross; sorting mends them.
    if (isTime(next)) clock = next;
    else timeless++;
    times[i] = clock;
    if (i && clock < times[i - 1]) unordered = true;
  }
  if (timeless) problems.push(`${timeless} samples have no time`);
  const order = Uint32Array.from({ length: samples.length }, (_, i) => i);
  if (unordered) order.sort((a, b) => times[a] - times[b] || a - b);

  const keptHits = new Map<number, number>();
  const lastTime = times[order[order.length - 1]];
  const end = isTime(profile.endTime) ? Math.max(profile.endTime, lastTime) : lastTime;
  let unknown = 0;
  for (let i = 0; i < order.length; i++) {
    const start = Math.max(times[order[i]], notBefore);
    const stop = i + 1 < order.length ? times[order[i + 1]] : end;
    const continued = times[order[i]] < notBefore;
    if (continued && stop <= notBefore) continue;
    const id = samples[order[i]];
    const node = nodeOf.get(id);
    if (node === undefined) {
      unknown++;
      continue;
    }
    // A sample without a frame (a gap that we wrote ourselves) is nobody's time.
    if (node > 0) {
      bump(slice.selfUs, node, Math.max(0, stop - start));
      if (!continued) {
        bump(slice.hits, node, 1);
        bump(keptHits, id, 1);
      }
    }
    slice.startUs = Math.min(slice.startUs, start);
    slice.endUs = Math.max(slice.endUs, stop);
    options.samples?.push(node, start, continued);
  }
  if (Number.isFinite(slice.endUs)) options.samples?.end(slice.endUs);
  if (unknown) problems.push(`${unknown} samples name nodes that the profile does not have`);
  return keptHits;
}

/** Files without samples (old tools, hand-made summaries) still have hit counts: the time is shared out by them. */
function chargeHitCounts(
  profile: RawCpuProfile,
  nodes: ReadonlyMap<number, RawCpuNode>,
  nodeOf: ReadonlyMap<number, number>,
  slice: CpuSlice,
  problems: string[],
): Map<number, number> {
  const hits = new Map<number, number>();
  let total = 0;
  for (const [id, { hitCount }] of nodes) {
    if (!Number.isSafeInteger(hitCount) || hitCount! <= 0) continue;
    hits.set(id, hitCount!);
    total += hitCount!;
  }
  if (!total) {
    if (nodes.size) problems.push('the profile has no samples');
    return hits;
  }
  const hasTimes = isTime(profile.startTime) && isTime(profile.endTime) && profile.endTime > profile.startTime;
  // A millisecond per hit is V8's default interval; only used when the file has no times at all.
  const perHit = hasTimes ? (profile.endTime - profile.startTime) / total : 1000;
  for (const [id, count] of hits) {
    const node = nodeOf.get(id)!;
    bump(slice.selfUs, node, count * perHit);
    bump(slice.hits, node, count);
  }
  slice.startUs = isTime(profile.startTime) ? profile.startTime : 0;
  slice.endUs = slice.startUs + total * perHit;
  return hits;
}

/** Ticks of a node whose samples were partly dropped are scaled down, so that they never exceed its hits. */
function chargeTicks(slice: CpuSlice, index: number, node: RawCpuNode, kept: number): void {
  const ticks = node.positionTicks;
  if (!Array.isArray(ticks) || !ticks.length || kept <= 0) return;
  const valid = ticks.filter(isTick);
  const total = valid.reduce((sum, tick) => sum + tick.ticks, 0);
  const scale = total > kept ? kept / total : 1;
  for (const { line, ticks: count } of valid) bump(slice.ticks, index * LINE_KEYS + (line - 1), count * scale);
}

function isTick(tick: RawPositionTick): boolean {
  return Number.isInteger(tick?.line) && tick.line >= 1 && tick.line < LINE_KEYS && Number.isFinite(tick.ticks) && tick.ticks > 0;
}

function isTime(us: number): boolean {
  return Number.isFinite(us) && Math.abs(us) < NO_TIME;
}

function bump(map: Map<number, number>, key: number, amount: number): void {
  map.set(key, (map.get(key) ?? 0) + amount);
}

function addAll(target: Map<number, number>, source: ReadonlyMap<number, number>): void {
  for (const [key, value] of source) bump(target, key, value);
}
