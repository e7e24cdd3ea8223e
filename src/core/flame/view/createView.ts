import { subtreeTotals } from '../../profile/tree/callTree';
import type { ProfileColumns, Timeline } from '../../profile/profileColumns';
import { TreeBuilder } from '../../profile/tree/treeBuilder';
import { treeOrder } from '../../profile/tree/treeOrder';
import type { ProfileView } from './profileView';
import { createViewFrames, DROPPED, type ViewFrames } from './viewFrames';
import type { TimeRange, ViewOptions } from './viewOptions';
import { measureGone } from './viewErrors';

/** Node of the view where the profile's node adds nothing. */
const NOWHERE = -1;

/**
 * The profile as `options` show it. Linear in nodes and samples.
 *
 * @throws HeatlensError when the profile has no such measure.
 */
export function createView(profile: ProfileColumns, options: ViewOptions): ProfileView {
  const measure = profile.measures[options.measure];
  if (!measure) throw measureGone();
  const timeline = profile.timeline?.measure === options.measure ? profile.timeline : undefined;
  const frames = createViewFrames(profile, options);
  const { nodeOf, columns } =
    (options.mergeRecursion ? undefined : keepNodes(profile, frames)) ?? mergeNodes(profile, frames, options);

  const cut = timeline && options.range ? cutTimeline(timeline, options.range) : timeline;
  const shown = cut && { nodes: nodesOfView(cut.nodes, nodeOf), startsUs: cut.startsUs, endUs: cut.endUs };
  const selfs = new Float64Array(columns.parents.length);
  if (cut && options.range) addSamples(cut, nodeOf, selfs);
  else addSelfs(measure.self, nodeOf, selfs);

  const totals = subtreeTotals(columns.parents, selfs);
  return {
    options,
    measure: { kind: measure.kind, label: measure.label, unit: measure.unit },
    frames: frames.frames,
    ...columns,
    selfs,
    totals,
    ...sumByFrame(columns, selfs, totals, frames.frames.length),
    timeline: shown,
  };
}

/** Nodes of a view, and by node of the profile where it went; `NOWHERE` for what is dropped. */
interface Placed {
  readonly nodeOf: Int32Array;
  readonly columns: Pick<ProfileView, 'parents' | 'nodeFrames'>;
}

/**
 * The nodes of the profile as they are, which is what most files allow: nobody has two children of one frame, and nothing
 * is hidden or folded but idle leaves. Saves the look-up of each node; undefined where it does not hold.
 */
function keepNodes(
  { parents, nodeFrames }: ProfileColumns,
  { frames, indices, rules, folded }: ViewFrames,
): Placed | undefined {
  if (folded) return undefined;
  const count = parents.length;
  const starts = new Int32Array(count + 1);
  for (let node = 1; node < count; node++) starts[parents[node] + 1]++;
  for (let node = 0; node < count; node++) starts[node + 1] += starts[node];
  const next = starts.slice();
  const children = new Int32Array(count - 1);
  for (let node = 1; node < count; node++) children[next[parents[node]]++] = node;
  // By frame of the view: the last parent that was seen to have such a child.
  const lastParent = new Int32Array(frames.length).fill(-1);
  for (let parent = 0; parent < count; parent++) {
    for (let i = starts[parent]; i < starts[parent + 1]; i++) {
      const node = children[i];
      const shown = indices[nodeFrames[node]];
      if (shown < 0) {
        if (rules[nodeFrames[node]] !== DROPPED || starts[node] < starts[node + 1]) return undefined;
      } else if (lastParent[shown] === parent) return undefined;
      else lastParent[shown] = parent;
    }
  }

  const nodeOf = new Int32Array(count);
  const keptParents = new Int32Array(count);
  const keptFrames = new Int32Array(count);
  keptParents[0] = -1;
  let kept = 1;
  for (let node = 1; node < count; node++) {
    const shown = indices[nodeFrames[node]];
    if (shown < 0) {
      nodeOf[node] = NOWHERE;
      continue;
    }
    keptParents[kept] = nodeOf[parents[node]];
    keptFrames[kept] = shown;
    nodeOf[node] = kept++;
  }
  return { nodeOf, columns: { parents: keptParents.subarray(0, kept), nodeFrames: keptFrames.subarray(0, kept) } };
}

function mergeNodes(profile: ProfileColumns, frames: ViewFrames, { mergeRecursion }: ViewOptions): Placed {
  const tree = new TreeBuilder(0, profile.parents.length);
  const nodeOf = mergeRecursion ? placeMerged(profile, frames, tree) : placeNodes(profile, frames, tree);
  dropHidden(profile, frames, nodeOf);
  return { nodeOf, columns: tree.columns() };
}

/** By node of the profile: its node in the view, which for a hidden one is its caller's. */
function placeNodes(
  { parents, nodeFrames }: ProfileColumns,
  { indices, folded }: ViewFrames,
  tree: TreeBuilder,
): Int32Array {
  const nodeOf = new Int32Array(parents.length);
  // By node of the view: its frame where that is a folded package, which takes up calls within itself.
  const packages = folded ? new Int32Array(parents.length).fill(-1) : undefined;
  for (let node = 1; node < parents.length; node++) {
    const caller = nodeOf[parents[node]];
    const shown = indices[nodeFrames[node]];
    if (shown < 0) {
      nodeOf[node] = caller;
      continue;
    }
    if (packages && packages[caller] === shown) nodeOf[node] = caller;
    else {
      const placed = (nodeOf[node] = tree.child(caller, shown));
      if (packages && folded?.[shown]) packages[placed] = shown;
    }
  }
  return nodeOf;
}

/** As `placeNodes`; a frame that is on the stack already goes to its outermost occurrence there, and what it calls too. */
function placeMerged(
  { parents, nodeFrames }: ProfileColumns,
  { frames, indices }: ViewFrames,
  tree: TreeBuilder,
): Int32Array {
  const { order, sizes } = treeOrder(parents);
  const nodeOf = new Int32Array(parents.length);
  // By frame of the view: its outermost occurrence, and the place in the order where the calls below that end.
  const outermost = new Int32Array(frames.length);
  const ends = new Int32Array(frames.length);
  for (let place = 1; place < order.length; place++) {
    const node = order[place];
    const caller = nodeOf[parents[node]];
    const shown = indices[nodeFrames[node]];
    if (shown < 0) {
      nodeOf[node] = caller;
      continue;
    }
    if (place >= ends[shown]) {
      outermost[shown] = tree.child(caller, shown);
      ends[shown] = place + sizes[node];
    }
    nodeOf[node] = outermost[shown];
  }
  return nodeOf;
}

/** Only after all are placed: what a dropped frame calls (which no V8 writes) stays, below the caller. */
function dropHidden({ nodeFrames }: ProfileColumns, { rules }: ViewFrames, nodeOf: Int32Array): void {
  if (!rules.includes(DROPPED)) return;
  for (let node = 1; node < nodeOf.length; node++) if (rules[nodeFrames[node]] === DROPPED) nodeOf[node] = NOWHERE;
}

type Samples = Pick<Timeline, 'nodes' | 'startsUs' | 'endUs'>;

/** The samples within the range, the first and the last one cut at its borders. */
function cutTimeline({ nodes, startsUs, endUs }: Timeline, range: TimeRange): Samples {
  const end = Math.min(endUs, range.endUs);
  // The sample that runs when the range begins starts before it.
  const first = Math.max(0, firstFrom(startsUs, range.startUs, true) - 1);
  const last = firstFrom(startsUs, end, false);
  if (!(range.startUs < end) || last <= first)
    return { nodes: new Int32Array(0), startsUs: new Float64Array(0), endUs: end };
  const starts = startsUs.slice(first, last);
  starts[0] = Math.max(starts[0], range.startUs);
  return { nodes: nodes.subarray(first, last), startsUs: starts, endUs: end };
}

/** Index of the first start that is at (or, with `after`, only those after) the time; the length where none is. */
function firstFrom(startsUs: Float64Array, timeUs: number, after: boolean): number {
  let low = 0;
  let high = startsUs.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (startsUs[middle] < timeUs || (after && startsUs[middle] === timeUs)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function nodesOfView(nodes: Int32Array, nodeOf: Int32Array): Int32Array {
  const result = new Int32Array(nodes.length);
  for (let i = 0; i < nodes.length; i++) result[i] = nodeOf[nodes[i]] === NOWHERE ? 0 : nodeOf[nodes[i]];
  return result;
}

function addSamples({ nodes, startsUs, endUs }: Samples, nodeOf: Int32Array, selfs: Float64Array): void {
  for (let i = 0; i < nodes.length; i++) {
    const node = nodeOf[nodes[i]];
    // The profile's root is where nobody sampled.
    if (nodes[i] > 0 && node >= 0) selfs[node] += (i + 1 < nodes.length ? startsUs[i + 1] : endUs) - startsUs[i];
  }
}

function addSelfs(values: Float64Array, nodeOf: Int32Array, selfs: Float64Array): void {
  for (let node = 0; node < nodeOf.length; node++) if (nodeOf[node] >= 0) selfs[nodeOf[node]] += values[node];
}

function sumByFrame(
  { parents, nodeFrames }: Pick<ProfileView, 'parents' | 'nodeFrames'>,
  selfs: Float64Array,
  totals: Float64Array,
  frameCount: number,
): Pick<ProfileView, 'frameSelfs' | 'frameTotals'> {
  const frameSelfs = new Float64Array(frameCount);
  const frameTotals = new Float64Array(frameCount);
  const { order, sizes } = treeOrder(parents);
  // By frame: the place in the order where the calls below its outermost occurrence end.
  const ends = new Int32Array(frameCount);
  for (let place = 0; place < order.length; place++) {
    const node = order[place];
    const frame = nodeFrames[node];
    frameSelfs[frame] += selfs[node];
    if (place < ends[frame]) continue;
    frameTotals[frame] += totals[node];
    ends[frame] = place + sizes[node];
  }
  return { frameSelfs, frameTotals };
}
