import { subtreeTotals, type CallTree } from '../profile/tree/callTree';
import { forEachTick, type CpuSlice } from '../measurement/cpuSlice';
import { isOwnScript } from '../profile/frame';
import { addTo, classify, sumsOf, unmappedOf, type HeatPart } from './heatPart';
import type { BusyNodes, MeasuredCpu, Moves } from './inlinedMoves';
import { edgeKey, foldByMethod } from './methodFold';

export function attributeCpu(part: HeatPart, cpu: MeasuredCpu): void {
  const { tree, slice, inlining } = cpu;
  const nodes = busyNodes(part, tree, slice);
  const { nodeMethod, category, busy, hits } = nodes;
  const frameOf = tree.frames;
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
    else if (category[node] === 'source' || category[node] === 'wasm') {
      part.us.unmapped += us;
      unmappedOf(part, tree, frameOf[node]).selfUs += us;
    } else {
      const kind = category[node] === 'node' ? 'node' : 'native';
      part.us[kind] += us;
      part.runtime.add(kind, tree.table.frames[frameOf[node]], us);
    }
  }
  const moves: Moves = inlining ? inlining.move(part, cpu, nodes) : new Map();
  if (!inlining) chargeLines(part, cpu, nodes);
  else part.isCalibrated = inlining.hasSamples;
  addTotals(part, tree, nodes, moves);
}

function busyNodes(part: HeatPart, tree: CallTree, slice: CpuSlice): BusyNodes {
  const classified = classify(part, tree);
  const { category } = classified;
  const isOwn = ownNodes(tree);
  const busy = new Float64Array(tree.nodeCount);
  const hits = new Float64Array(tree.nodeCount);
  slice.selfUs.forEach((us, node) => {
    if (category[node] === 'idle') part.us.idle += us;
    else if (!isOwn[node]) busy[node] = us;
  });
  slice.hits.forEach((count, node) => {
    if (category[node] !== 'idle' && !isOwn[node]) hits[node] = count;
  });
  return { ...classified, busy, hits };
}

/** Nodes of what measuring itself runs in the target, which is nobody's time. */
function ownNodes({ table, parents, frames, nodeCount }: CallTree): Uint8Array {
  const isOwn = new Uint8Array(nodeCount);
  for (let node = 1; node < nodeCount; node++) {
    const { url, functionName } = table.frames[frames[node]];
    // V8 leaves out what called a native function when a sample falls into it; a program calls this one through Node's `util`.
    const isCallSites =
      !url && functionName === 'getCallSites' && table.frames[frames[parents[node]]].url !== 'node:util';
    if (isOwn[parents[node]] || isOwnScript(url) || isCallSites) isOwn[node] = 1;
  }
  return isOwn;
}

/** Line heat by position ticks, where each function was measured by itself. */
function chargeLines(part: HeatPart, { tree, slice }: MeasuredCpu, { nodeMethod, busy, hits }: BusyNodes): void {
  const ticksOf = new Float64Array(tree.nodeCount);
  forEachTick(slice, (node, _line, ticks) => (ticksOf[node] += ticks));
  forEachTick(slice, (node, line, ticks) => {
    const method = nodeMethod[node];
    if (method < 0 || !busy[node]) return;
    const us = (busy[node] * ticks) / Math.max(ticksOf[node], hits[node]);
    const places = part.resolver.resolveLine(tree.table.frames[tree.frames[node]], line);
    if (places.line !== undefined && places.file === part.resolver.methods[method].file)
      addTo(sumsOf(part, method).lines, places.line, us);
  });
}

function addTotals(part: HeatPart, tree: CallTree, { nodeMethod, busy, hits }: BusyNodes, moves: Moves): void {
  const methodCount = part.resolver.methods.length;
  const fold = foldByMethod(tree.parents, subtreeTotals(tree.parents, busy), nodeMethod, methodCount, (node, above) => {
    for (const move of moves.get(node) ?? []) {
      // What is inlined is below its callers in truth, so it counts in their totals unless they are on the stack already.
      for (const [method, share] of move.onStack) {
        if (above.methods[method]) continue;
        const sums = sumsOf(part, method);
        sums.totalUs += move.us * share;
        sums.totalSamples += move.hits * share;
      }
      for (const [caller, share] of move.callers) {
        const edge = edgeKey(caller >= 0 ? caller : nodeMethod[node], move.method);
        if (!above.edges.get(edge)) addTo(part.edges, edge, move.us * share);
      }
    }
  });
  const sampleFold = foldByMethod(tree.parents, subtreeTotals(tree.parents, hits), nodeMethod, methodCount);
  for (let method = 0; method < fold.total.length; method++) {
    if (!fold.total[method] && !sampleFold.total[method]) continue;
    const sums = sumsOf(part, method);
    sums.totalUs += fold.total[method];
    sums.totalSamples += sampleFold.total[method];
  }
  for (const [key, us] of fold.edges) if (us > 0) addTo(part.edges, key, us);
}
