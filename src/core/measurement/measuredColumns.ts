import type { MeasureColumn, PositionTicks, ProfileColumns, Timeline } from '../profile/profileColumns';
import type { CallTree } from '../profile/tree/callTree';
import { forEachTick, type CpuSlice } from './cpuSlice';
import type { HeapSlice } from './heapSlice';
import type { SampleLog } from './sampleLog';

/** A call tree with what was sampled on it, as a profile to save: its samples in time order, and their ticks. */
export function measuredCpu(tree: CallTree, slice: CpuSlice, samples: SampleLog, title: string): ProfileColumns {
  const timeline = timelineOf(slice, samples);
  const self = timeline ? selfTimes(timeline, tree.nodeCount) : nodeColumn(slice.selfUs, tree.nodeCount);
  return {
    ...shapeOf(tree, title),
    measures: [{ kind: 'cpu', label: 'CPU time', unit: 'µs', self }],
    timeline,
    ticks: ticksOf(slice),
  };
}

export function measuredBytes(
  tree: CallTree,
  slice: HeapSlice,
  kind: 'live' | 'allocated',
  title: string,
): ProfileColumns {
  const measure: MeasureColumn = {
    kind,
    label: kind === 'live' ? 'Live bytes' : 'Allocated bytes',
    unit: 'bytes',
    self: nodeColumn(slice, tree.nodeCount),
  };
  return { ...shapeOf(tree, title), measures: [measure] };
}

function shapeOf(tree: CallTree, title: string): Omit<ProfileColumns, 'measures'> {
  return { title, frames: tree.table.frames, parents: tree.parents, nodeFrames: tree.frames, problems: [] };
}

function nodeColumn(values: ReadonlyMap<number, number>, nodeCount: number): Float64Array {
  const column = new Float64Array(nodeCount);
  values.forEach((value, node) => (column[node] = value));
  return column;
}

function timelineOf({ endUs }: CpuSlice, { sampleNodes, timestampsUs }: SampleLog): Timeline | undefined {
  if (!sampleNodes.length) return undefined;
  const last = timestampsUs[timestampsUs.length - 1];
  return { measure: 0, nodes: sampleNodes, startsUs: timestampsUs, endUs: Math.max(endUs, last) };
}

/** Of the samples that are still in the log: what is saved must agree with itself. */
function selfTimes({ nodes, startsUs, endUs }: Timeline, nodeCount: number): Float64Array {
  const self = new Float64Array(nodeCount);
  for (let n = 0; n < nodes.length; n++)
    if (nodes[n] > 0) self[nodes[n]] += (n + 1 < nodes.length ? startsUs[n + 1] : endUs) - startsUs[n];
  return self;
}

function ticksOf(slice: CpuSlice): PositionTicks {
  const { size } = slice.ticks;
  const ticks = { nodes: new Int32Array(size), lines: new Int32Array(size), counts: new Float64Array(size) };
  let n = 0;
  forEachTick(slice, (node, line, count) => {
    ticks.nodes[n] = node;
    ticks.lines[n] = line;
    ticks.counts[n++] = count;
  });
  return ticks;
}
