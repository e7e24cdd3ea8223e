import type { Match } from '../query/match';
import type { Index } from '../storage/collectionIndex';
import type { Entry, IndexUse } from './access';
import { fetch, leafOf, together } from './combine';
import { isPoint } from './intervals';
import type { PlanNode } from './nodes';

/** Pairs of indexes looked at, and scans of one index read side by side, as in a server. */
const MAX_PAIRS = 3;
const MAX_SCANS = 10;

type Scan = (index: Index, chosen: readonly (readonly Entry[])[], children: readonly Match[]) => PlanNode;

/**
 * Scans read side by side, where each gives its records in their order because its key is fixed; equal records meet.
 * `singles` are the conditions that one index alone can take, `ors` the number of `$or` among the conditions.
 */
export function intersections(
  uses: readonly IndexUse[],
  singles: readonly ReadonlySet<Match>[],
  ors: number,
  children: readonly Match[],
  scan: Scan,
): PlanNode[] {
  const known = [...singles];
  const found: PlanNode[] = [];
  let tried = 0;
  const add = (scans: readonly PlanNode[]) => {
    tried++;
    const leaves = scans.map(leafOf);
    // Between the reads a document may have changed: all conditions are checked again.
    if (leaves.every(isSorted)) found.push(fetch({ stage: 'AND_SORTED', children: leaves }, together(children)));
  };
  for (const [i, one] of uses.entries()) {
    if (one.index.isMultikey && one.first.length > 1) {
      add(one.first.slice(0, MAX_SCANS).map((entry) => scan(one.index, [[entry]], [entry.child])));
      known.push(new Set(one.first.map(({ leaf }) => leaf)));
      continue;
    }
    tried += ors;
    for (const two of uses.slice(i + 1)) {
      if (tried > MAX_PAIRS) return found;
      if (two.index.isMultikey && two.first.length > 1) continue;
      const taken = new Set<Match>(two.first.map(({ leaf }) => leaf));
      const left = one.first.filter(({ leaf }) => !taken.has(leaf));
      if (left.length === 0) continue;
      left.forEach(({ leaf }) => taken.add(leaf));
      const second = [two.first, ...compounded(two, taken)];
      const first = [left, ...compounded(one, taken)];
      if (known.some((set) => [...taken].every((leaf) => set.has(leaf)))) continue;
      add([scan(one.index, first, []), scan(two.index, second, [])]);
    }
  }
  return found;
}

/** The conditions on later fields of an index that nothing has taken yet; takes them. */
function compounded({ index, rest }: IndexUse, taken: Set<Match>): Entry[][] {
  if (index.isMultikey) return [];
  return rest.map((entries) => {
    const free = entries.filter(({ leaf }) => !taken.has(leaf));
    free.forEach(({ leaf }) => taken.add(leaf));
    return free;
  });
}

function isSorted(scan: PlanNode | undefined): scan is PlanNode {
  return scan?.stage === 'IXSCAN' && (scan.bounds ?? []).every((list) => list.length === 1 && isPoint(list[0]));
}
