import { subtreeTotals, type CallTree } from '../profile/tree/callTree';
import { forEachTick, type CpuSlice } from '../measurement/cpuSlice';
import type { HeapSlice } from '../measurement/heapSlice';
import { frameCategory, type FrameCategory } from '../profile/frame';
import type { MethodResolver, UnmappedReason } from './methodResolver';
import { edgeKey, foldByMethod } from './methodFold';
import type { InlinedTickResolver } from './inlinedTicks';

/** What was measured on one isolate, and who maps its frames. Frames must have been prepared by the resolver. */
export interface MeasuredTarget {
  readonly resolver: MethodResolver;
  readonly cpu?: { readonly tree: CallTree; readonly slice: CpuSlice; readonly inlined?: InlinedTickResolver };
  readonly live?: { readonly tree: CallTree; readonly slice: HeapSlice };
  readonly allocated?: { readonly tree: CallTree; readonly slice: HeapSlice };
}

/** Sums of one method on one isolate: µs, samples, bytes. */
export interface MethodSums {
  selfUs: number;
  totalUs: number;
  selfSamples: number;
  totalSamples: number;
  liveBytes: number;
  totalLiveBytes: number;
  allocatedBytes: number;
  totalAllocatedBytes: number;
  fromTicks: boolean;
  /** µs by original line, 0-based. */
  readonly lines: Map<number, number>;
}

export interface UnmappedSums {
  readonly name: string;
  readonly url: string;
  readonly line: number;
  readonly reason: UnmappedReason;
  readonly detail?: string;
  selfUs: number;
  liveBytes: number;
  allocatedBytes: number;
}

/** Heat of one isolate, before it is merged with others and turned into shares. */
export interface HeatPart {
  readonly resolver: MethodResolver;
  readonly methods: Map<number, MethodSums>;
  readonly unmapped: Map<number, UnmappedSums>;
  /** µs under caller and callee; `edgeKey`. */
  readonly edges: Map<number, number>;
  readonly us: { sampled: number; idle: number; gc: number; native: number; node: number; unmapped: number };
  samples: number;
  liveBytes: number;
  allocatedBytes: number;
}

export function attributeHeat(target: MeasuredTarget): HeatPart {
  const part: HeatPart = {
    resolver: target.resolver,
    methods: new Map(),
    unmapped: new Map(),
    edges: new Map(),
    us: { sampled: 0, idle: 0, gc: 0, native: 0, node: 0, unmapped: 0 },
    samples: 0,
    liveBytes: 0,
    allocatedBytes: 0,
  };
  if (target.cpu) attributeCpu(part, target.cpu.tree, target.cpu.slice, target.cpu.inlined);
  if (target.live) attributeBytes(part, target.live.tree, target.live.slice, 'live');
  if (target.allocated) attributeBytes(part, target.allocated.tree, target.allocated.slice, 'allocated');
  return part;
}

/** Method of each node, -1 where it has none, and each node's category. */
function classify(part: HeatPart, tree: CallTree): { nodeMethod: Int32Array; category: FrameCategory[] } {
  const { frames } = tree.table;
  const frameMethod = new Int32Array(frames.length).fill(-2);
  const frameKind = frames.map(frameCategory);
  const nodeMethod = new Int32Array(tree.nodeCount).fill(-1);
  const category: FrameCategory[] = [];
  tree.frames.forEach((frame, node) => {
    category.push(frameKind[frame]);
    if (frameKind[frame] !== 'source') return;
    if (frameMethod[frame] === -2) {
      const resolution = part.resolver.resolveFrame(frames[frame]);
      frameMethod[frame] = 'method' in resolution ? resolution.method : -1;
    }
    nodeMethod[node] = frameMethod[frame];
  });
  return { nodeMethod, category };
}

function attributeCpu(part: HeatPart, tree: CallTree, slice: CpuSlice, inlined: InlinedTickResolver | undefined): void {
  const { nodeMethod, category } = classify(part, tree);
  const frameOf = tree.frames;
  const busy = new Float64Array(tree.nodeCount);
  const hits = new Float64Array(tree.nodeCount);
  slice.selfUs.forEach((us, node) => {
    if (category[node] === 'idle') part.us.idle += us;
    else busy[node] = us;
  });
  slice.hits.forEach((count, node) => {
    if (category[node] !== 'idle') hits[node] = count;
  });

  for (let node = 1; node < tree.nodeCount; node++) {
    const us = busy[node];
    if (!us && !hits[node]) continue;
    part.us.sampled += us;
    part.samples += hits[node];
    const method = nodeMethod[node];
    if (method >= 0) {
      const sums = sumsOf(part, method);
      sums.selfUs += us;
      sums.selfSamples += hits[node];
    } else if (category[node] === 'gc') part.us.gc += us;
    else if (category[node] === 'node') part.us.node += us;
    else if (category[node] === 'source') {
      part.us.unmapped += us;
      unmappedOf(part, tree, frameOf[node]).selfUs += us;
    } else part.us.native += us;
  }

  const moves = chargeLines(part, tree, slice, nodeMethod, busy, hits, inlined);
  const fold = foldByMethod(
    tree.parents,
    subtreeTotals(tree.parents, busy),
    nodeMethod,
    part.resolver.methods.length,
    (node, above) => {
      for (const move of moves.get(node) ?? []) {
        // An inlined callee is below its caller in truth, so its time counts as total unless it is on the stack already.
        if (!above.methods[move.method]) {
          sumsOf(part, move.method).totalUs += move.us;
          sumsOf(part, move.method).totalSamples += move.hits;
        }
        const edge = edgeKey(nodeMethod[node], move.method);
        if (!above.edges.get(edge)) addTo(part.edges, edge, move.us);
      }
    },
  );
  const sampleFold = foldByMethod(
    tree.parents,
    subtreeTotals(tree.parents, hits),
    nodeMethod,
    part.resolver.methods.length,
  );
  for (let method = 0; method < fold.total.length; method++) {
    if (!fold.total[method] && !sampleFold.total[method]) continue;
    const sums = sumsOf(part, method);
    sums.totalUs += fold.total[method];
    sums.totalSamples += sampleFold.total[method];
  }
  for (const [key, us] of fold.edges) if (us > 0) addTo(part.edges, key, us);
}

interface Move {
  readonly method: number;
  readonly us: number;
  readonly hits: number;
}

/** Line heat by position ticks; returns what belongs to inlined callees, by node, already taken off the node's method. */
function chargeLines(
  part: HeatPart,
  tree: CallTree,
  slice: CpuSlice,
  nodeMethod: Int32Array,
  busy: Float64Array,
  hits: Float64Array,
  inlined: InlinedTickResolver | undefined,
): Map<number, Move[]> {
  const tickSums = new Float64Array(tree.nodeCount);
  forEachTick(slice, (node, _line, ticks) => (tickSums[node] += ticks));
  const moves = new Map<number, Move[]>();
  const frameOf = tree.frames;
  forEachTick(slice, (node, line, ticks) => {
    const method = nodeMethod[node];
    if (method < 0 || !busy[node]) return;
    const part1 = ticks / Math.max(tickSums[node], hits[node]);
    const us = busy[node] * part1;
    const frame = tree.table.frames[frameOf[node]];
    const { method: hit, places } = inlined
      ? inlined.locate(frame, method, line)
      : { method, places: part.resolver.resolveLine(frame, line) };
    const own = sumsOf(part, hit);
    if (hit !== method) {
      const charged = sumsOf(part, method);
      const samples = hits[node] * part1;
      charged.selfUs -= us;
      charged.selfSamples -= samples;
      own.selfUs += us;
      own.selfSamples += samples;
      own.fromTicks = true;
      const move = { method: hit, us, hits: samples };
      const list = moves.get(node);
      if (list) list.push(move);
      else moves.set(node, [move]);
    }
    if (places.line !== undefined && places.file === part.resolver.methods[hit].file) addTo(own.lines, places.line, us);
  });
  return moves;
}

/**
 * Bytes by method. What a builtin without a script allocates (array growth, string building) is its caller's own doing
 * and counts as the caller's; what Node's own JavaScript allocates counts in totals only.
 */
function attributeBytes(part: HeatPart, tree: CallTree, slice: HeapSlice, measure: 'live' | 'allocated'): void {
  const self = measure === 'live' ? 'liveBytes' : 'allocatedBytes';
  const total = measure === 'live' ? 'totalLiveBytes' : 'totalAllocatedBytes';
  const { nodeMethod, category } = classify(part, tree);
  const { parents, frames } = tree;
  const bytes = new Float64Array(tree.nodeCount);
  for (const [node, size] of slice) {
    bytes[node] = size;
    part[self] += size;
    let owner = node;
    while (owner > 0 && category[owner] === 'native') owner = parents[owner];
    if (nodeMethod[owner] >= 0) sumsOf(part, nodeMethod[owner])[self] += size;
    else if (category[owner] === 'source') unmappedOf(part, tree, frames[owner])[self] += size;
  }
  const fold = foldByMethod(parents, subtreeTotals(parents, bytes), nodeMethod, part.resolver.methods.length);
  fold.total.forEach((size, method) => {
    if (size > 0) sumsOf(part, method)[total] += size;
  });
}

function sumsOf(part: HeatPart, method: number): MethodSums {
  let sums = part.methods.get(method);
  if (!sums) {
    sums = {
      selfUs: 0,
      totalUs: 0,
      selfSamples: 0,
      totalSamples: 0,
      liveBytes: 0,
      totalLiveBytes: 0,
      allocatedBytes: 0,
      totalAllocatedBytes: 0,
      fromTicks: false,
      lines: new Map(),
    };
    part.methods.set(method, sums);
  }
  return sums;
}

function unmappedOf(part: HeatPart, tree: CallTree, frame: number): UnmappedSums {
  let sums = part.unmapped.get(frame);
  if (!sums) {
    const { functionName, url, line } = tree.table.frames[frame];
    const resolution = part.resolver.resolveFrame(tree.table.frames[frame]);
    const { reason, detail } =
      'reason' in resolution ? resolution : { reason: 'no-method' as const, detail: undefined };
    sums = {
      name: functionName || '(anonymous)',
      url,
      line,
      reason,
      detail,
      selfUs: 0,
      liveBytes: 0,
      allocatedBytes: 0,
    };
    part.unmapped.set(frame, sums);
  }
  return sums;
}

function addTo(map: Map<number, number>, key: number, amount: number): void {
  map.set(key, (map.get(key) ?? 0) + amount);
}
