import type { HeapSlice } from '../measurement/heapSlice';
import { subtreeTotals, type CallTree } from '../profile/tree/callTree';
import { calibrateBytes, type BytesTeacher, type SampledBytes } from './calibratedBytes';
import { classify, sumsOf, unmappedOf, type HeatPart } from './heatPart';
import { foldByMethod } from './methodFold';

export interface TreeBytes extends SampledBytes {
  readonly tree: CallTree;
}

/** The teacher, if there is one, divides what is charged to physical functions among the methods inlined into them. */
export function attributeBytes(
  part: HeatPart,
  bytes: TreeBytes,
  teacher: BytesTeacher | undefined,
  measure: 'live' | 'allocated',
): void {
  if (!teacher) return addBytes(part, bytes.tree, bytes.slice, measure, false);
  const { taught, rest } = calibrateBytes(bytes, teacher, measure);
  addBytes(part, teacher.tree, taught, measure, true);
  addBytes(part, bytes.tree, rest, measure, false);
}

/**
 * Bytes by method. What a builtin without a script allocates (array growth, string building) is its caller's own doing
 * and counts as the caller's; what Node's own JavaScript allocates counts in totals only. `isTaught`: of the teacher's tree.
 */
function addBytes(
  part: HeatPart,
  tree: CallTree,
  slice: HeapSlice,
  measure: 'live' | 'allocated',
  isTaught: boolean,
): void {
  const self = measure === 'live' ? 'liveBytes' : 'allocatedBytes';
  const total = measure === 'live' ? 'totalLiveBytes' : 'totalAllocatedBytes';
  const { nodeMethod, category } = classify(part, tree);
  const { parents, frames } = tree;
  const bytes = new Float64Array(tree.nodeCount);
  for (const [node, size] of slice) {
    bytes[node] = size;
    part[self] += size;
    let owner = node;
    while (owner > 0 && category[owner] === 'native') owner = parents[owner];
    if (nodeMethod[owner] >= 0) {
      const sums = sumsOf(part, nodeMethod[owner]);
      sums[self] += size;
      if (!isTaught) sums.untaughtBytes += size;
    } else if (category[owner] === 'source' || category[owner] === 'wasm') {
      // The teacher's frames are numbered by themselves.
      unmappedOf(part, tree, frames[owner], isTaught ? -1 - frames[owner] : frames[owner])[self] += size;
    }
  }
  const fold = foldByMethod(parents, subtreeTotals(parents, bytes), nodeMethod, part.resolver.methods.length);
  fold.total.forEach((size, method) => {
    if (size > 0) sumsOf(part, method)[total] += size;
  });
}
