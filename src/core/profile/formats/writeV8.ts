import { callFrameOf } from '../frame';
import type { ProfileColumns } from '../profileColumns';
import type { ProfileNote } from '../v8/profileNote';
import { treeOrder } from '../tree/treeOrder';
import { noMeasureFor } from './formatErrors';
import { fullTimeline } from './stackWalk';
import { inChunks } from './textChunks';

/** V8's own sampling interval in µs: what a sample that only counts stands for. */
const SAMPLE_US = 1000;

type Note = NonNullable<ProfileNote['heatlens']>;

/**
 * A `.cpuprofile` of a measure in µs, or of one that counts samples, with position ticks where the columns have them. Without
 * a timeline of it each stack becomes one sample that lasts as long as all of it. Throws a HeatlensError for bytes. Chunks of
 * JSON.
 */
export function writeCpuProfile(
  columns: ProfileColumns,
  measure: number,
  note?: Note,
): Generator<string, void, undefined> {
  if (columns.measures[measure].unit === 'bytes') throw noMeasureFor(columns.title, '.cpuprofile', 'time');
  return inChunks(cpuPieces(columns, measure, note));
}

function* cpuPieces(
  columns: ProfileColumns,
  measure: number,
  note: Note | undefined,
): Generator<string, void, undefined> {
  const { parents, nodeFrames, frames } = columns;
  const { nodes, startsUs, endUs } = fullTimeline(columns, measure) ?? madeTimeline(columns, measure);
  const hits = new Int32Array(parents.length);
  for (const node of nodes) hits[node]++;
  const childIds = childLists(parents);
  const callFrames = frames.map((frame) => JSON.stringify(callFrameOf(frame)));
  const ticksText = ticksWriter(columns);

  yield '{"nodes":[';
  for (let node = 0; node < parents.length; node++) {
    // Node 0 is our root, whatever the profile calls it: tools find the root by this name.
    const own = node ? callFrames[nodeFrames[node]] : rootFrame;
    yield `${node ? ',' : ''}{"id":${node + 1},"callFrame":${own},"hitCount":${hits[node]},"children":[${childIds(node)}]${ticksText(node)}}`;
  }
  const start = nodes.length ? Math.round(startsUs[0]) : 0;
  yield `],"startTime":${start},"endTime":${nodes.length ? Math.round(endUs) : 0},"samples":[`;
  for (let i = 0; i < nodes.length; i++) yield `${i ? ',' : ''}${nodes[i] + 1}`;
  yield '],"timeDeltas":[';
  let clock = start;
  for (let i = 0; i < nodes.length; i++) {
    // V8's are whole; differences of rounded times, not rounded differences: errors do not add up.
    const time = Math.round(startsUs[i]);
    yield `${i ? ',' : ''}${time - clock}`;
    clock = time;
  }
  yield `]${note ? `,"heatlens":${JSON.stringify(note)}` : ''}}\n`;
}

/** The member `positionTicks` of a node, as V8 counts lines: from 1. Nothing where the profile has no ticks at all. */
function ticksWriter({ parents, ticks }: ProfileColumns): (node: number) => string {
  if (!ticks) return () => '';
  const texts: string[][] = Array.from(parents, () => []);
  for (let n = 0; n < ticks.nodes.length; n++) {
    const count = Math.max(1, Math.round(ticks.counts[n]));
    texts[ticks.nodes[n]].push(`{"line":${ticks.lines[n] + 1},"ticks":${count}}`);
  }
  return (node) => `,"positionTicks":[${texts[node].join(',')}]`;
}

function madeTimeline(
  { parents, measures }: ProfileColumns,
  measure: number,
): { nodes: Int32Array; startsUs: Float64Array; endUs: number } {
  const { self, unit } = measures[measure];
  const scale = unit === 'count' ? SAMPLE_US : 1;
  const charged = treeOrder(parents).order.filter((node) => self[node] > 0);
  const startsUs = new Float64Array(charged.length);
  let clock = 0;
  charged.forEach((node, i) => {
    startsUs[i] = clock;
    clock += self[node] * scale;
  });
  return { nodes: charged, startsUs, endUs: clock };
}

/** Ids of the children of a node, joined. */
function childLists(parents: Int32Array): (node: number) => string {
  const starts = new Int32Array(parents.length + 1);
  for (let node = 1; node < parents.length; node++) starts[parents[node] + 1]++;
  for (let node = 0; node < parents.length; node++) starts[node + 1] += starts[node];
  const next = starts.slice();
  const ids = new Int32Array(Math.max(0, parents.length - 1));
  for (let node = 1; node < parents.length; node++) ids[next[parents[node]]++] = node + 1;
  return (node) => ids.subarray(starts[node], starts[node + 1]).join(',');
}

/** A `.heapprofile` of a measure in bytes; branches without a byte are left out. Throws a HeatlensError for other units. */
export function writeHeapProfile(
  columns: ProfileColumns,
  measure: number,
  note: Omit<Note, 'measure'> = {},
): Generator<string, void, undefined> {
  if (columns.measures[measure].unit !== 'bytes') throw noMeasureFor(columns.title, '.heapprofile', 'measure in bytes');
  return inChunks(heapPieces(columns, measure, note));
}

function* heapPieces(
  { parents, nodeFrames, frames, measures }: ProfileColumns,
  measure: number,
  { accuracy, windowMs }: Omit<Note, 'measure'>,
): Generator<string, void, undefined> {
  const { self, kind } = measures[measure];
  const used = new Uint8Array(parents.length);
  used[0] = 1;
  for (let node = parents.length - 1; node > 0; node--)
    if (self[node] > 0 || used[node]) used[node] = used[parents[node]] = 1;
  const callFrames = frames.map((frame) => JSON.stringify(callFrameOf(frame)));
  const { order, depths } = treeOrder(parents);
  let depth = -1;
  yield '{"head":';
  for (const node of order) {
    if (!used[node]) continue;
    // One level deeper begins a list of children, anything else ends the nodes down to the new one's level.
    if (depths[node] <= depth) yield `${']}'.repeat(depth - depths[node] + 1)},`;
    depth = depths[node];
    const own = node ? callFrames[nodeFrames[node]] : rootFrame;
    yield `{"id":${node + 1},"callFrame":${own},"selfSize":${Math.round(self[node])},"children":[`;
  }
  yield `${']}'.repeat(depth + 1)},"samples":[`;
  let ordinal = 0;
  for (const node of order) {
    if (self[node] > 0)
      yield `${ordinal ? ',' : ''}{"size":${Math.round(self[node])},"nodeId":${node + 1},"ordinal":${++ordinal}}`;
  }
  // Other tools pass over this; a heap profile itself does not say which bytes it counts.
  const note: Note = { accuracy, measure: kind === 'allocated' ? 'allocated' : 'live', windowMs };
  yield `],"heatlens":${JSON.stringify(note)}}\n`;
}

const rootFrame = JSON.stringify(callFrameOf({ functionName: '(root)', url: '', line: -1, column: -1, scriptId: '0' }));
