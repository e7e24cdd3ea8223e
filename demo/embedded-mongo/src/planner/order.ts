import type { Query } from './query';
import type { Sort } from '../query/sort';
import type { Index } from '../storage/collectionIndex';
import { sameCollation } from '../values/collation';
import type { Collation } from '../values/collation';
import { isAll, isPoint } from './intervals';
import type { Interval } from './intervals';
import { coversField, isFetched } from './nodes';
import type { Direction, PlanNode } from './nodes';
import { fetch } from './access';

/** Bytes a sort may hold without going to disk. */
export const SORT_MEMORY = 104857600;
const MAX_MERGED_SCANS = 200;

type Bounds = readonly (readonly Interval[])[];

function isOnePoint(intervals: readonly Interval[]): boolean {
  return intervals.length === 1 && isPoint(intervals[0]);
}

/** The direction in which a scan of these bounds gives the order of a sort; undefined when neither does. */
export function scanOrder(index: Index, bounds: Bounds, sort: Sort, collation: Collation | undefined): Direction | undefined {
  if (index.kind !== 'btree' || !sameCollation(index.collation, collation)) return undefined;
  let direction: Direction | undefined;
  let position = 0;
  for (const part of sort.parts) {
    if (part.meta) return undefined;
    const fixed = index.fields.findIndex((field, i) => field === part.field && isOnePoint(bounds[i]) && !index.isMultikeyField(i));
    if (fixed >= 0) continue;
    while (position < index.fields.length && index.fields[position] !== part.field && isOnePoint(bounds[position])) position++;
    if (index.fields[position] !== part.field) return undefined;
    if (index.isMultikeyField(position) && !(isAll(bounds[position]) && bounds.every(isAll))) return undefined;
    const wanted: Direction = index.directions[position] === part.direction ? 1 : -1;
    direction ??= wanted;
    if (direction !== wanted) return undefined;
    position++;
  }
  return direction ?? 1;
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
  return { stage: 'SORT', children: [input], sort, ...limit };
}

function mergeScans(access: PlanNode, sort: Sort, collation: Collation | undefined): PlanNode | undefined {
  const isFetch = access.stage === 'FETCH' && access.children[0].stage === 'IXSCAN';
  if (access.stage === 'FETCH' && access.children[0].stage === 'OR') {
    const inner = mergeScans(access.children[0], sort, collation);
    return inner && { ...access, children: [inner] };
  }
  const branches = access.stage === 'OR' ? access.children : [isFetch ? access.children[0] : access];
  const parts = branches.map((branch) => split(branch, sort, collation));
  if (parts.some((part) => part === undefined)) return undefined;
  const scans = parts.flatMap((part) => part ?? []);
  if (scans.length < 2 || scans.length > MAX_MERGED_SCANS) return undefined;
  const merge: PlanNode = { stage: 'SORT_MERGE', children: scans, sort };
  return isFetch ? { ...access, children: [merge] } : merge;
}

/** One scan per combination of leading points, each of which gives the order; undefined when that is not possible. */
function split(branch: PlanNode, sort: Sort, collation: Collation | undefined): PlanNode[] | undefined {
  const direct = orderOf(branch, sort, collation);
  if (direct !== undefined) return [turned(branch, direct)];
  const leaf = branch.stage === 'FETCH' ? branch.children[0] : branch;
  if (leaf.stage !== 'IXSCAN' || !leaf.index || !leaf.bounds) return undefined;
  const { bounds, index } = leaf;
  let points = 0;
  while (points < bounds.length && bounds[points].length > 0 && bounds[points].every(isPoint)) points++;
  if (points === 0 || points >= bounds.length) return undefined;
  const count = bounds.slice(0, points).reduce((product, list) => product * list.length, 1);
  if (count > MAX_MERGED_SCANS) return undefined;
  let combinations: (readonly Interval[])[][] = [[]];
  for (const list of bounds.slice(0, points)) combinations = combinations.flatMap((head) => list.map((item) => [...head, [item]]));
  const scans: PlanNode[] = [];
  for (const head of combinations) {
    const narrowed = [...head, ...bounds.slice(points)];
    const direction = scanOrder(index, narrowed, sort, collation);
    if (direction === undefined) return undefined;
    const one: PlanNode = { ...leaf, bounds: narrowed, direction };
    scans.push(branch === leaf ? one : { ...branch, children: [one] });
  }
  return scans;
}
