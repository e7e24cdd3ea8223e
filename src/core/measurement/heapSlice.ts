import type { CallTree } from '../profile/tree/callTree';
import { heapColumnsOf, type RawHeapColumns } from '../profile/v8/v8Columns';
import type { RawHeapNode, RawHeapProfile } from '../profile/v8/v8Profile';

/** Bytes that one heap profile adds, by node of the call tree. */
export type HeapSlice = Map<number, number>;

/** Adds a V8 sampling heap profile to the tree. */
export function absorbHeapProfile(tree: CallTree, profile: RawHeapProfile): { slice: HeapSlice; problems: string[] } {
  const raw = heapColumnsOf(profile);
  return raw ? absorbHeapColumns(tree, raw) : { slice: new Map(), problems: ['the profile has no head node'] };
}

/** The same of a profile in columns. */
export function absorbHeapColumns(tree: CallTree, raw: RawHeapColumns): { slice: HeapSlice; problems: string[] } {
  const { frames, nodeFrames, parents, sizes } = raw;
  const slice: HeapSlice = new Map();
  const placed = new Int32Array(parents.length);
  const known = new Int32Array(frames.length);
  for (const node of youngestFirst(parents)) {
    const parent = parents[node] < 0 ? 0 : placed[parents[node]];
    const frame = nodeFrames[node];
    const place =
      frame < 0
        ? tree.place(parent, undefined)
        : tree.placeFrame(parent, (known[frame] ||= tree.table.intern(frames[frame]) + 1) - 1);
    placed[node] = place;
    if (isSize(sizes[node])) slice.set(place, (slice.get(place) ?? 0) + sizes[node]);
  }
  return { slice, problems: heapProblems(raw) };
}

export function heapProblems({ sizes }: RawHeapColumns): string[] {
  let invalid = 0;
  for (const bytes of sizes) if (!isSize(bytes) && bytes !== 0) invalid++;
  return invalid ? [`${invalid} nodes have no valid size`] : [];
}

export function isSize(bytes: number): boolean {
  return bytes > 0 && bytes <= Number.MAX_SAFE_INTEGER;
}

/** Depth first, the last child of each node first, of columns in preorder: so are nodes of a call tree numbered. */
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

/** All bytes of a profile. */
export function profiledBytes(profile: RawHeapProfile): number {
  let bytes = 0;
  const stack: (RawHeapNode | undefined)[] = [profile.head];
  for (let node = stack.pop(); node; node = stack.pop()) {
    bytes += node.selfSize;
    for (const child of node.children) stack.push(child);
  }
  return bytes;
}

export function addHeapSlice(target: HeapSlice, slice: HeapSlice): void {
  for (const [node, bytes] of slice) target.set(node, (target.get(node) ?? 0) + bytes);
}
