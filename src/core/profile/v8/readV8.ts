import { isRoot } from '../tree/callTree';
import { FrameTable } from '../frameTable';
import { heapProblems, isSize } from '../../measurement/heapSlice';
import { hitTimes } from './hitTimes';
import { linkNodes, type LinkedNodes } from './linkNodes';
import type { MeasureColumn, ProfileColumns, Timeline } from '../profileColumns';
import type { RawCpuColumns, RawHeapColumns } from './v8Columns';
import { timedSamples } from './timedSamples';

type Shape = Pick<ProfileColumns, 'frames' | 'parents' | 'nodeFrames'>;

/** A V8 CPU profile for the views; time is charged as `absorbCpuProfile` does. */
export function cpuProfileColumns(raw: RawCpuColumns, title: string): ProfileColumns {
  const problems: string[] = [];
  const links = linkNodes(raw, problems);
  const { shape, nodeOf } = shapeOf(raw.frames, raw.nodeFrames, links.order, links.parents);
  const self = new Float64Array(shape.parents.length);
  const timeline = chargeTime(raw, links, nodeOf, self, problems);
  return {
    title,
    ...shape,
    measures: [{ kind: 'cpu', label: 'CPU time', unit: 'µs', self }],
    ...(timeline && { timeline }),
    problems,
  };
}

/** A V8 sampling heap profile for the views. */
export function heapProfileColumns(raw: RawHeapColumns, title: string, kind: 'live' | 'allocated'): ProfileColumns {
  const { shape, nodeOf } = shapeOf(
    raw.frames,
    raw.nodeFrames,
    raw.parents.map((_, node) => node),
    raw.parents,
  );
  const self = new Float64Array(shape.parents.length);
  raw.sizes.forEach((bytes, node) => {
    if (isSize(bytes)) self[nodeOf[node]] += bytes;
  });
  const measure: MeasureColumn = {
    kind,
    label: kind === 'live' ? 'Live bytes' : 'Allocated bytes',
    unit: 'bytes',
    self,
  };
  return { title, ...shape, measures: [measure], problems: heapProblems(raw) };
}

/** Numbers the nodes anew, parents first; V8's own root is node 0, and so is everything that cannot be used. */
function shapeOf(
  rawFrames: RawCpuColumns['frames'],
  rawNodeFrames: Int32Array,
  order: Int32Array,
  rawParents: Int32Array,
): { shape: Shape; nodeOf: Int32Array } {
  const table = new FrameTable();
  table.intern({ functionName: '(root)' });
  const frameOf = internFrames(table, rawFrames, rawNodeFrames, order);
  const isRootFrame = Uint8Array.from(table.frames, (frame) => Number(isRoot(frame)));
  const nodeOf = new Int32Array(rawParents.length);
  const parents = new Int32Array(order.length + 1);
  const nodeFrames = new Int32Array(order.length + 1);
  parents[0] = -1;
  let count = 1;
  for (let n = 0; n < order.length; n++) {
    const node = order[n];
    const frame = frameOf[rawNodeFrames[node] + 1];
    const parent = rawParents[node] < 0 ? 0 : nodeOf[rawParents[node]];
    if (parent === 0 && isRootFrame[frame]) continue;
    parents[count] = parent;
    nodeFrames[count] = frame;
    nodeOf[node] = count++;
  }
  const shape = {
    frames: table.frames,
    parents: parents.subarray(0, count),
    nodeFrames: nodeFrames.subarray(0, count),
  };
  return { shape, nodeOf };
}

/** Frames of the table by those of the file, plus 1: a node without a frame has -1. In the order in which nodes need them. */
function internFrames(
  table: FrameTable,
  rawFrames: RawCpuColumns['frames'],
  rawNodeFrames: Int32Array,
  order: Int32Array,
): Int32Array {
  const isSeen = new Uint8Array(rawFrames.length + 1);
  const needed = new Int32Array(rawFrames.length + 1);
  let count = 0;
  for (let n = 0; n < order.length; n++) {
    const raw = rawNodeFrames[order[n]];
    if (isSeen[raw + 1]) continue;
    isSeen[raw + 1] = 1;
    needed[count++] = raw;
  }
  return internAll(table, rawFrames, needed.subarray(0, count));
}

/** Apart from the loop over all nodes, which V8 would otherwise compile together with the table. */
function internAll(table: FrameTable, rawFrames: RawCpuColumns['frames'], needed: Int32Array): Int32Array {
  const frameOf = new Int32Array(rawFrames.length + 1);
  for (const raw of needed) frameOf[raw + 1] = table.intern(rawFrames[raw]);
  return frameOf;
}

/** Fills `self`; returns the samples where the file has them. Time on the root is nobody's: a gap, or an unknown stack. */
function chargeTime(
  raw: RawCpuColumns,
  links: LinkedNodes,
  nodeOf: Int32Array,
  self: Float64Array,
  problems: string[],
): Timeline | undefined {
  const timed = timedSamples(raw, links.ids, problems);
  if (!timed) {
    const { hits, total, perHitUs } = hitTimes(raw, links, problems);
    if (total) hits.forEach((count, node) => (self[nodeOf[node]] += count * perHitUs));
    self[0] = 0;
    return undefined;
  }
  const { nodes, startsUs, endUs } = timed;
  for (let n = 0, start = startsUs[0]; n < nodes.length; n++) {
    const stop = n + 1 < nodes.length ? startsUs[n + 1] : endUs;
    const node = nodes[n] < 0 ? 0 : nodeOf[nodes[n]];
    nodes[n] = node;
    self[node] += stop - start;
    start = stop;
  }
  self[0] = 0;
  return { measure: 0, nodes, startsUs, endUs };
}
