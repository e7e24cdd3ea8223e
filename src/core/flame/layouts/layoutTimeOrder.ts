import type { FlameLayout } from './flameLayout';
import type { ProfileView } from '../view/profileView';
import { depthsOf, rowStartsOf } from './rows';
import { noTimeline } from '../view/viewErrors';

/**
 * Stacks over time: samples that follow each other share the boxes of what their stacks have in common. Where nobody
 * sampled (or idle is hidden) only the root is. Linear in samples and boxes.
 *
 * @throws HeatlensError when the view has no timeline.
 */
export function layoutTimeOrder({ timeline, parents, nodeFrames, selfs: nodeSelfs }: ProfileView): FlameLayout {
  if (!timeline) {
    throw noTimeline();
  }
  const { nodes, startsUs, endUs } = timeline;
  const depths = depthsOf(parents);
  const rowStarts = rowStartsOf(countBoxes(nodes, startsUs, endUs, parents, depths));
  const boxes = rowStarts[rowStarts.length - 1];
  const lefts = new Float64Array(boxes);
  const rights = new Float64Array(boxes);
  const frames = new Int32Array(boxes);
  const boxParents = new Int32Array(boxes);
  const selfs = new Float64Array(boxes);

  const start = nodes.length ? startsUs[0] : endUs;
  const width = endUs - start;
  // By depth: the node of the stack that is open, its box, and the row's next free box.
  const open = new Int32Array(rowStarts.length);
  const openBoxes = new Int32Array(rowStarts.length);
  const next = rowStarts.slice();
  let top = 0;
  rights[0] = width;
  frames[0] = nodeFrames[0];
  boxParents[0] = -1;
  selfs[0] = nodeSelfs[0];

  for (let i = 0; i < nodes.length; i++) {
    const until = i + 1 < nodes.length ? startsUs[i + 1] : endUs;
    const duration = until - startsUs[i];
    if (!(duration > 0)) continue;
    const leaf = nodes[i];
    if (leaf !== open[top]) {
      const left = startsUs[i] - start;
      const depth = depths[leaf];
      let common = depth;
      for (let node = leaf; common > top || open[common] !== node; node = parents[node]) open[common--] = node;
      for (let row = common + 1; row <= top; row++) rights[openBoxes[row]] = left;
      for (let row = common + 1; row <= depth; row++) {
        const box = next[row]++;
        lefts[box] = left;
        frames[box] = nodeFrames[open[row]];
        boxParents[box] = openBoxes[row - 1];
        openBoxes[row] = box;
      }
      top = depth;
    }
    if (top) selfs[openBoxes[top]] += duration;
  }
  for (let row = 1; row <= top; row++) rights[openBoxes[row]] = width;
  return { width, rowStarts, lefts, rights, frames, parents: boxParents, selfs };
}

/** By row. */
function countBoxes(
  nodes: Int32Array,
  startsUs: Float64Array,
  endUs: number,
  parents: Int32Array,
  depths: Int32Array,
): Uint32Array {
  let deepest = 0;
  for (let i = 0; i < nodes.length; i++) if (depths[nodes[i]] > deepest) deepest = depths[nodes[i]];
  const counts = new Uint32Array(deepest + 1);
  const open = new Int32Array(deepest + 1);
  counts[0] = 1;
  let top = 0;
  for (let i = 0; i < nodes.length; i++) {
    const leaf = nodes[i];
    if (leaf === open[top] || !((i + 1 < nodes.length ? startsUs[i + 1] : endUs) > startsUs[i])) continue;
    const depth = depths[leaf];
    let common = depth;
    for (let node = leaf; common > top || open[common] !== node; node = parents[node]) {
      open[common] = node;
      counts[common--]++;
    }
    top = depth;
  }
  // Rows that only samples of no duration would have.
  let rows = counts.length;
  while (rows > 1 && counts[rows - 1] === 0) rows--;
  return counts.subarray(0, rows);
}
