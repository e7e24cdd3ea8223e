import type { ProfileColumns } from '../profile/profileColumns';
import type { CallTree } from '../profile/tree/callTree';

/** Bytes that one heap profile adds, by node of the call tree. */
export type HeapSlice = Map<number, number>;

/** Adds a heap profile (its first measure) to the tree; returns what it contributes. */
export function addHeapProfile(tree: CallTree, { frames, nodeFrames, parents, measures }: ProfileColumns): HeapSlice {
  const { self } = measures[0];
  const slice: HeapSlice = new Map();
  const placed = new Int32Array(parents.length);
  const known = new Int32Array(frames.length);
  for (const node of youngestFirst(parents)) {
    const frame = nodeFrames[node];
    if (node > 0)
      placed[node] = tree.place(placed[parents[node]], (known[frame] ||= tree.table.add(frames[frame]) + 1) - 1);
    if (self[node] > 0) slice.set(placed[node], (slice.get(placed[node]) ?? 0) + self[node]);
  }
  return slice;
}

/** Depth first, the last child of each node first: so are nodes of a call tree numbered. */
function youngestFirst(parents: Int32Array): Int32Array {
  const sizes = new Int32Array(parents.length).fill(1);
  for (let node = parents.length - 1; node > 0; node--) sizes[parents[node]] += sizes[node];
  // A subtree ends where those of its elder siblings begin.
  const ends = new Int32Array(parents.length);
  const order = new Int32Array(parents.length);
  for (let node = 0; node < parents.length; node++) {
    const end = node ? ends[parents[node]] : parents.length;
    if (node) ends[parents[node]] -= sizes[node];
    ends[node] = end;
    order[end - sizes[node]] = node;
  }
  return order;
}

export function addHeapSlice(target: HeapSlice, slice: HeapSlice): void {
  for (const [node, bytes] of slice) target.set(node, (target.get(node) ?? 0) + bytes);
}
