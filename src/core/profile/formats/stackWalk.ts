import { GrowableInt32 } from '../../collections/growable';
import type { ProfileColumns, Timeline } from '../profileColumns';
import { treeOrder, type TreeOrder } from '../tree/treeOrder';

/** One frame that begins or ends. */
export interface StackEvent {
  readonly opens: boolean;
  /** Index into the profile's frames. */
  readonly frame: number;
  /** In the measure's unit. */
  readonly at: number;
}

/**
 * The measure as calls that begin and end: in time order where the timeline tells it, else the tree laid out depth first,
 * which has the same sums. Linear in both cases, because a stack is never repeated.
 */
export function* stackEvents(columns: ProfileColumns, measure: number): Generator<StackEvent, void, undefined> {
  const tree = treeOrder(columns.parents);
  const timeline = fullTimeline(columns, measure);
  const steps = timeline ? timeSteps(timeline) : treeSteps(columns, measure, tree);
  const { parents, nodeFrames } = columns;
  const { depths } = tree;
  // Nodes that are open now, by depth; the root itself is none.
  const open = new GrowableInt32();
  const opening = new GrowableInt32();
  open.push(0);
  let at = 0;
  // What the root costs itself (samples without a stack) needs a frame of its own.
  const rootSelf = timeline ? 0 : columns.measures[measure].self[0];
  if (rootSelf > 0) {
    yield { opens: true, frame: nodeFrames[0], at: 0 };
    yield { opens: false, frame: nodeFrames[0], at: rootSelf };
  }
  for (const step of steps) {
    at = step.at;
    opening.length = 0;
    let node = step.node;
    for (; depths[node] >= open.length || open.get(depths[node]) !== node; node = parents[node]) opening.push(node);
    let next = opening.length - 1;
    let kept = depths[node];
    // V8 has several nodes of one function under one caller; the call goes on where only the node changes.
    for (
      ;
      next >= 0 && kept + 1 < open.length && nodeFrames[open.get(kept + 1)] === nodeFrames[opening.get(next)];
      next--
    ) {
      open.set(++kept, opening.get(next));
    }
    for (; open.length > kept + 1; open.length--)
      yield { opens: false, frame: nodeFrames[open.get(open.length - 1)], at };
    for (; next >= 0; next--) {
      open.push(opening.get(next));
      yield { opens: true, frame: nodeFrames[opening.get(next)], at };
    }
  }
  for (; open.length > 1; open.length--) yield { opens: false, frame: nodeFrames[open.get(open.length - 1)], at };
}

/** From `at` on, `node` is on top; node 0 ends what is open. */
interface Step {
  readonly node: number;
  readonly at: number;
}

function* timeSteps({ nodes, startsUs, endUs }: Timeline): Generator<Step, void, undefined> {
  for (let i = 0; i < nodes.length; i++) {
    // A sample without a length changes nothing.
    if ((i + 1 < nodes.length ? startsUs[i + 1] : endUs) > startsUs[i]) yield { node: nodes[i], at: startsUs[i] };
  }
  yield { node: 0, at: endUs };
}

function* treeSteps(
  { measures }: ProfileColumns,
  measure: number,
  { order }: TreeOrder,
): Generator<Step, void, undefined> {
  const { self } = measures[measure];
  let at = 0;
  for (const node of order) {
    if (self[node] > 0 && node > 0) yield { node, at };
    at += self[node];
  }
  yield { node: 0, at };
}

/** The timeline, if it accounts for all of the measure: merged profiles can hold more than the one that has the times. */
export function fullTimeline({ measures, timeline }: ProfileColumns, measure: number): Timeline | undefined {
  if (!timeline || timeline.measure !== measure || !timeline.nodes.length) return undefined;
  const { nodes, startsUs, endUs } = timeline;
  let timed = 0;
  for (let i = 0; i < nodes.length; i++)
    if (nodes[i] > 0) timed += (i + 1 < nodes.length ? startsUs[i + 1] : endUs) - startsUs[i];
  const { self } = measures[measure];
  let total = 0;
  for (let node = 1; node < self.length; node++) total += self[node];
  return Math.abs(timed - total) <= 0.001 * Math.max(timed, total) ? timeline : undefined;
}
