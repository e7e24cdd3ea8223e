import type { FlameLayout } from './flameLayout';
import type { ProfileView, ViewFrame } from '../view/profileView';
import { compareNames, sortRange } from './siblings';

/** A tree with values; a `ProfileView`, or a part of one. Node 0 is the root, parents precede children. */
export type WeightedTree = Pick<ProfileView, 'parents' | 'nodeFrames' | 'selfs' | 'totals'>;

/**
 * The merged tree: of each caller's callees the heaviest left, equal ones by name. Nodes without a value have no box, nor
 * those whose value is below `least`, in the measure's unit.
 */
export function layoutLeftHeavy(tree: WeightedTree, frames: readonly ViewFrame[], least = 0): FlameLayout {
  return layoutTree(tree, frames, least).layout;
}

/** The same, and the node of each box. */
export function layoutTree(
  { parents, nodeFrames, selfs, totals }: WeightedTree,
  frames: readonly ViewFrame[],
  least = 0,
): { layout: FlameLayout; nodes: Int32Array } {
  const { starts, children, shown } = childrenWithValue(parents, totals, least);
  const before = (a: number, b: number): number =>
    totals[b] - totals[a] || compareNames(frames, nodeFrames[a], nodeFrames[b]) || a - b;

  const lefts = new Float64Array(shown);
  const rights = new Float64Array(shown);
  const boxFrames = new Int32Array(shown);
  const boxParents = new Int32Array(shown);
  const boxSelfs = new Float64Array(shown);
  // Row by row: callees of the boxes of a row, one box after the other, are the next row from left to right.
  const nodes = new Int32Array(shown);
  const rowStarts: number[] = [0];
  let boxes = 1;
  rights[0] = totals[0];
  boxParents[0] = -1;
  for (let box = 0, rowEnd = 0; box < boxes; box++) {
    if (box === rowEnd) rowStarts.push((rowEnd = boxes));
    const node = nodes[box];
    boxFrames[box] = nodeFrames[node];
    boxSelfs[box] = selfs[node];
    const from = starts[node];
    const to = starts[node + 1];
    if (to - from > 1) sortRange(children, from, to, before);
    let left = lefts[box];
    for (let i = from; i < to; i++) {
      const child = children[i];
      nodes[boxes] = child;
      boxParents[boxes] = box;
      lefts[boxes] = left;
      // Sums round; a callee is never wider than its caller for that.
      left = Math.min(left + totals[child], rights[box]);
      rights[boxes++] = left;
    }
  }
  const layout = {
    width: totals[0],
    rowStarts: Uint32Array.from(rowStarts),
    lefts,
    rights,
    frames: boxFrames,
    parents: boxParents,
    selfs: boxSelfs,
  };
  return { layout, nodes };
}

/** Children of node n that have a value: `children` from `starts[n]` to `starts[n + 1]`. `shown`: these and the root. */
function childrenWithValue(
  parents: Int32Array,
  totals: Float64Array,
  least: number,
): { starts: Int32Array; children: Int32Array; shown: number } {
  const count = parents.length;
  const starts = new Int32Array(count + 1);
  for (let node = 1; node < count; node++) if (totals[node] > 0 && totals[node] >= least) starts[parents[node] + 1]++;
  for (let node = 0; node < count; node++) starts[node + 1] += starts[node];
  const children = new Int32Array(starts[count]);
  const next = starts.slice();
  for (let node = 1; node < count; node++)
    if (totals[node] > 0 && totals[node] >= least) children[next[parents[node]]++] = node;
  return { starts, children, shown: children.length + 1 };
}
