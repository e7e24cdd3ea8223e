import { subtreeTotals } from '../../profile/tree/callTree';
import { TreeBuilder } from '../../profile/tree/treeBuilder';
import type { FlameLayout } from './flameLayout';
import { growCallers, type Climbers } from './growCallers';
import { layoutLeftHeavy, type WeightedTree } from './layoutLeftHeavy';
import type { ProfileView } from '../view/profileView';

/**
 * Who calls a frame and what it calls; row 0 of both is the frame with its total. Only the outermost calls on a stack
 * count, so that recursion counts once; calls within are among the callees. Frames as in `layoutInverted`.
 */
export function layoutSandwich(
  view: ProfileView,
  frame: number,
): { readonly callers: FlameLayout; readonly callees: FlameLayout } {
  const outermost = outermostNodes(view, frame);
  const callers = growCallers(view, outermost, frame, false);
  callers.selfs[0] = view.frameSelfs[frame];
  return { callers, callees: layoutLeftHeavy(mergeSubtrees(view, frame), view.frames) };
}

/** Calls of a frame that are not within another call of it, and their totals. */
export function outermostNodes({ parents, nodeFrames, totals }: ProfileView, frame: number): Climbers {
  const within = new Uint8Array(parents.length);
  const nodes: number[] = [];
  for (let node = 0; node < parents.length; node++) {
    if (node && within[parents[node]]) within[node] = 1;
    else if (nodeFrames[node] === frame) {
      within[node] = 1;
      if (totals[node] > 0) nodes.push(node);
    }
  }
  return { nodes: Int32Array.from(nodes), values: Float64Array.from(nodes, (node) => totals[node]) };
}

/** All outermost calls of a frame as one tree. */
function mergeSubtrees({ parents, nodeFrames, selfs }: ProfileView, frame: number): WeightedTree {
  const tree = new TreeBuilder(frame);
  const nodeOf = new Int32Array(parents.length).fill(-1);
  for (let node = 0; node < parents.length; node++) {
    const parent = node ? nodeOf[parents[node]] : -1;
    if (parent >= 0) nodeOf[node] = tree.child(parent, nodeFrames[node]);
    else if (nodeFrames[node] === frame) nodeOf[node] = 0;
  }
  const columns = tree.columns();
  const mergedSelfs = new Float64Array(columns.parents.length);
  for (let node = 0; node < parents.length; node++) if (nodeOf[node] >= 0) mergedSelfs[nodeOf[node]] += selfs[node];
  return { ...columns, selfs: mergedSelfs, totals: subtreeTotals(columns.parents, mergedSelfs) };
}
