import type { Query } from './query';
import type { Sort } from '../query/sort';
import type { Index } from '../storage/collectionIndex';
import { DEFAULT_SETTINGS } from '../storage/collection';
import { sameCollation } from '../values/collation';
import type { Collation } from '../values/collation';
import { TYPE_ORDER, typeOrder } from '../values/compare';
import { isAll, isPoint } from './intervals';
import type { Interval } from './intervals';
import { coversField, isFetched } from './nodes';
import type { Direction, PlanNode } from './nodes';
import { fetch } from './combine';

const MAX_MERGED_SCANS = 200;

type Bounds = readonly (readonly Interval[])[];

function isOnePoint(intervals: readonly Interval[]): boolean {
  return intervals.length === 1 && isPoint(intervals[0]);
}

/** Whether a field may hold strings or what contains them, inside its bounds. */
function mayHoldStrings(intervals: readonly Interval[]): boolean {
  return intervals.some(({ start, end, endInclusive }) => {
    const last = typeOrder(end) - (endInclusive ? 0 : 1);
    return typeOrder(start) <= TYPE_ORDER.array && last >= TYPE_ORDER.string;
  });
}

/** The direction in which a scan of these bounds gives the order of a sort; undefined when neither does. */
export function scanOrder(
  index: Index,
  bounds: Bounds,
  sort: Sort,
  collation: Collation | undefined,
): Direction | undefined {
  if (index.kind !== 'btree') return undefined;
  const sameOrder = sameCollation(index.collation, collation);
  let direction: Direction | undefined;
  let position = 0;
  for (const part of sort.parts) {
    if (part.meta) return undefined;
    const fixed = index.fields.findIndex(
      (field, i) => field === part.field && isOnePoint(bounds[i]) && !index.isMultikeyField(i),
    );
    if (fixed >= 0) continue;
    while (position < index.fields.length && index.fields[position] !== part.field && isOnePoint(bounds[position]))
      position++;
    if (index.fields[position] !== part.field) return undefined;
    if (index.isMultikeyField(position) && !(isAll(bounds[position]) && bounds.every(isAll))) return undefined;
    if (!sameOrder && mayHoldStrings(bounds[position])) return undefined;
    const wanted: Direction = index.directions[position] === part.direction ? 1 : -1;
    direction ??= wanted;
    if (direction !== wanted) return undefined;
    position++;
  }
  return direction ?? 1;
}

/** The direction in which a sort is what the fields of an index from number `from` on begin with. */
export function prefixOrder(index: Index, from: number, sort: Sort): Direction | undefined {
  const [first] = sort.parts;
  const direction: Direction = index.directions[from] === first.direction ? 1 : -1;
  const fits = sort.parts.every(({ field, meta, direction: wanted }, i) => {
    return !meta && index.fields[from + i] === field && index.directions[from + i] * direction === wanted;
  });
  return fits ? direction : undefined;
}

function orderOf(node: PlanNode, sort: Sort, collation: Collation | undefined): Direction | undefined {
  if (node.stage === 'IXSCAN' && node.index && node.bounds) return scanOrder(node.index, node.bounds, sort, collation);
  return node.stage === 'FETCH' ? orderOf(node.children[0], sort, collation) : undefined;
}

function turned(node: PlanNode, direction: Direction): PlanNode {
  if (node.stage === 'IXSCAN') return { ...node, direction };
  return { ...node, children: node.children.map((child) => turned(child, direction)) };
}

/** Puts the results of an access in the order of the query: as the scans give it, by merging scans, or by a sort. */
export function inOrder(access: PlanNode, query: Query): PlanNode {
  const { sort, collation } = query;
  if (!sort) return access;
  const direction = orderOf(access, sort, collation);
  if (direction !== undefined) return direction === 1 ? access : turned(access, -1);
  const merged = mergeScans(access, sort, collation);
  if (merged) return merged;
  const covered = sort.parts.every((part) => !part.meta && coversField(access, part.field));
  const input = isFetched(access) || covered ? access : fetch(access);
  const limit = query.limit === undefined ? {} : { limit: query.limit + (query.skip ?? 0) };
  return { stage: 'SORT', children: [input], sort, memory: query.sortMemory ?? DEFAULT_SETTINGS.sortMemory, ...limit };
}

/** Scans that each give the order, to be merged: those of an `$or` as they are, or one per combination of leading points. */
function mergeScans(access: PlanNode, sort: Sort, collation: Collation | undefined): PlanNode | undefined {
  if (access.stage === 'FETCH' && access.children[0].stage === 'OR') {
    const inner = mergeOr(access.children[0], sort, collation);
    return inner && { ...access, children: [inner] };
  }
  if (access.stage === 'OR') return mergeOr(access, sort, collation) ?? exploded(access.children, sort);
  if (access.stage !== 'FETCH') return exploded([access], sort);
  if (access.children[0].stage !== 'IXSCAN') return undefined;
  const inner = exploded(access.children, sort);
  return inner && { ...access, children: [inner] };
}

function mergeOr(or: PlanNode, sort: Sort, collation: Collation | undefined): PlanNode | undefined {
  const ordered = or.children.map((branch) => {
    const direction = orderOf(branch, sort, collation);
    return direction === undefined ? undefined : turned(branch, direction);
  });
  return ordered.includes(undefined)
    ? undefined
    : { stage: 'SORT_MERGE', children: ordered.flatMap((branch) => branch ?? []), sort };
}

function exploded(branches: readonly PlanNode[], sort: Sort): PlanNode | undefined {
  const parts = branches.map((branch) => split(branch, sort));
  const scans = parts.flatMap((part) => part ?? []);
  if (parts.includes(undefined) || scans.length > MAX_MERGED_SCANS) return undefined;
  return { stage: 'SORT_MERGE', children: scans, sort };
}

/** One scan per combination of the points of all leading fields that have points only; the next fields must give the order. */
function split(branch: PlanNode, sort: Sort): PlanNode[] | undefined {
  const leaf = branch.stage === 'FETCH' ? branch.children[0] : branch;
  if (leaf.stage !== 'IXSCAN' || leaf.index?.kind !== 'btree' || !leaf.bounds) return undefined;
  const { bounds, index } = leaf;
  let points = 0;
  while (points < bounds.length && bounds[points].length > 0 && bounds[points].every(isPoint)) points++;
  if (points === 0 || points >= bounds.length || index.fields.some((_, i) => i >= points && index.isMultikeyField(i)))
    return undefined;
  const direction = prefixOrder(index, points, sort);
  const count = bounds.slice(0, points).reduce((product, list) => product * list.length, 1);
  if (direction === undefined || count > MAX_MERGED_SCANS) return undefined;
  let combinations: (readonly Interval[])[][] = [[]];
  for (const list of bounds.slice(0, points))
    combinations = combinations.flatMap((head) => list.map((item) => [...head, [item]]));
  return combinations.map((head) => {
    const one: PlanNode = { ...leaf, bounds: [...head, ...bounds.slice(points)], direction };
    return branch === leaf ? one : { ...branch, children: [one] };
  });
}
