import { isRootFrame } from '../frame';
import { FrameTable } from '../frameTable';
import { hitTimes, type HitTimes } from './hitTimes';
import { linkNodes } from './linkNodes';
import type { CountedSamples, MeasureColumn, PositionTicks, ProfileColumns, Timeline } from '../profileColumns';
import type { V8CpuColumns, V8HeapColumns } from './v8Columns';
import { timedSamples, type TimedSamples } from './timedSamples';

type Shape = Pick<ProfileColumns, 'frames' | 'parents' | 'nodeFrames'>;

/**
 * A V8 CPU profile. As Chrome DevTools does, a sample's time runs from its timestamp to the next one's, the last one's to
 * `endTime`. The time before the first sample (start-up of the profiler) belongs to nobody. `withCounts`: position ticks
 * too, and the counts of samples that have no time.
 */
export function readV8Cpu(raw: V8CpuColumns, title: string, withCounts = false): ProfileColumns {
  const problems: string[] = [];
  const links = linkNodes(raw, problems);
  const { shape, nodeOf } = shapeOf(raw.frames, raw.nodeFrames, links.order, links.parents);
  const self = new Float64Array(shape.parents.length);
  const timed = timedSamples(raw, links.ids, problems);
  const timeline = timed && chargeTime(timed, nodeOf, self);
  const samples = timeline ? { timeline } : { counted: chargeHits(hitTimes(raw, links, problems), nodeOf, self) };
  // Time on the root is nobody's: a gap, or an unknown stack.
  self[0] = 0;
  return {
    title,
    ...shape,
    measures: [{ kind: 'cpu', label: 'CPU time', unit: 'µs', self }],
    ...(withCounts ? { ...samples, ticks: ticksOf(raw, nodeOf, timeline) } : timeline && samples),
    problems,
  };
}

/** A V8 sampling heap profile. */
export function readV8Heap(raw: V8HeapColumns, title: string, kind: 'live' | 'allocated'): ProfileColumns {
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

function heapProblems({ sizes }: V8HeapColumns): string[] {
  let invalid = 0;
  for (const bytes of sizes) if (!isSize(bytes) && bytes !== 0) invalid++;
  return invalid ? [`${invalid} nodes have no valid size`] : [];
}

/** What a 64-bit processor can address. */
const MOST_BYTES = 2 ** 48;

function isSize(bytes: number): boolean {
  return bytes > 0 && bytes <= MOST_BYTES;
}

/** Numbers the nodes anew, parents first; V8's own root is node 0, and so is everything that cannot be used. */
function shapeOf(
  rawFrames: V8CpuColumns['frames'],
  rawNodeFrames: Int32Array,
  order: Int32Array,
  rawParents: Int32Array,
): { shape: Shape; nodeOf: Int32Array } {
  const table = new FrameTable();
  table.intern({ functionName: '(root)' });
  const frameOf = internFrames(table, rawFrames, rawNodeFrames, order);
  const isRoot = Uint8Array.from(table.frames, (frame) => Number(isRootFrame(frame)));
  const nodeOf = new Int32Array(rawParents.length);
  const parents = new Int32Array(order.length + 1);
  const nodeFrames = new Int32Array(order.length + 1);
  parents[0] = -1;
  let count = 1;
  for (let n = 0; n < order.length; n++) {
    const node = order[n];
    const frame = frameOf[rawNodeFrames[node] + 1];
    const parent = rawParents[node] < 0 ? 0 : nodeOf[rawParents[node]];
    if (parent === 0 && isRoot[frame]) continue;
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
  rawFrames: V8CpuColumns['frames'],
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
function internAll(table: FrameTable, rawFrames: V8CpuColumns['frames'], needed: Int32Array): Int32Array {
  const frameOf = new Int32Array(rawFrames.length + 1);
  for (const raw of needed) frameOf[raw + 1] = table.intern(rawFrames[raw]);
  return frameOf;
}

/** Fills `self`; the samples with the nodes of the profile. */
function chargeTime({ nodes, startsUs, endUs }: TimedSamples, nodeOf: Int32Array, self: Float64Array): Timeline {
  for (let n = 0, start = startsUs[0]; n < nodes.length; n++) {
    const stop = n + 1 < nodes.length ? startsUs[n + 1] : endUs;
    const node = nodes[n] < 0 ? 0 : nodeOf[nodes[n]];
    nodes[n] = node;
    self[node] += stop - start;
    start = stop;
  }
  return { measure: 0, nodes, startsUs, endUs };
}

/** Files without samples (old tools, hand-made summaries) still have hit counts: the time is shared out by them. */
function chargeHits(
  { hits: rawHits, startUs, perHitUs }: HitTimes,
  nodeOf: Int32Array,
  self: Float64Array,
): CountedSamples {
  const hits = new Float64Array(self.length);
  for (let node = 0; node < rawHits.length; node++) {
    hits[nodeOf[node]] += rawHits[node];
    self[nodeOf[node]] += rawHits[node] * perHitUs;
  }
  return { hits, startUs, perHitUs };
}

/** In the order of the file. The root has no lines. */
function ticksOf(
  { tickEnds, tickLines, tickCounts, hitCounts }: V8CpuColumns,
  nodeOf: Int32Array,
  timeline: Timeline | undefined,
): PositionTicks {
  const nodes = new Int32Array(tickLines.length);
  const lines = new Int32Array(tickLines.length);
  const counts = new Float64Array(tickLines.length);
  const scales = timeline && samplesPerHit(hitCounts, nodeOf, timeline);
  let count = 0;
  for (let raw = 0, n = 0; raw < nodeOf.length; raw++) {
    for (const end = tickEnds[raw]; n < end; n++) {
      if (nodeOf[raw] === 0) continue;
      nodes[count] = nodeOf[raw];
      lines[count] = tickLines[n] - 1;
      const isPlausible = tickCounts[n] <= hitCounts[raw];
      counts[count++] = tickCounts[n] * (isPlausible && scales ? scales[nodeOf[raw]] : 1);
    }
  }
  return { nodes: nodes.subarray(0, count), lines: lines.subarray(0, count), counts: counts.subarray(0, count) };
}

/**
 * By node. V8 samples the stack whenever it gives up optimised code, too, and counts those samples neither as hits nor on lines:
 * in a program that does so all the time they are more than the others. They are taken to be on the lines of the counted ones.
 */
function samplesPerHit(hitCounts: V8CpuColumns['hitCounts'], nodeOf: Int32Array, { nodes }: Timeline): Float64Array {
  // One more than V8 has, where a node was added at the root.
  const samples = new Float64Array(nodeOf.length + 1);
  for (const node of nodes) samples[node]++;
  const hits = new Float64Array(nodeOf.length + 1);
  for (let raw = 0; raw < nodeOf.length; raw++) hits[nodeOf[raw]] += hitCounts[raw] >= 1 ? hitCounts[raw] : 0;
  return samples.map((count, node) => (hits[node] > 0 && count > hits[node] ? count / hits[node] : 1));
}
