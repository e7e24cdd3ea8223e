import type { Match } from '../query/match';
import { logical } from '../query/match';
import type { Index } from '../storage/collectionIndex';
import type { Collation } from '../values/collation';
import { boundsFor } from './bounds';
import type { Tightness } from './bounds';
import { ALL, intersect, isPoint, union } from './intervals';
import type { Interval } from './intervals';
import type { PlanNode } from './nodes';
import { canAnswer } from './relevance';

/** Alternatives of one `$or` that are tried, as in a server. */
const MAX_OR_ALTERNATIVES = 10;
const MAX_ALTERNATIVES = 64;

/** A condition an index may answer: part of `child`, one of the conditions that must hold together. */
interface Entry {
  readonly path: string;
  readonly leaf: Match;
  readonly child: Match;
  /** Conditions on the elements of an array never say all: the document must be read. */
  readonly inElement: boolean;
}

export function together(conditions: readonly Match[]): Match | undefined {
  if (conditions.length === 0) return undefined;
  return conditions.length === 1 ? conditions[0] : logical('and', conditions);
}

export function fetch(child: PlanNode, filter?: Match): PlanNode {
  return { stage: 'FETCH', children: [child], ...(filter ? { filter } : {}) };
}

/** The ways to find the documents of a query through these indexes, in the order in which they are tried. */
export function indexAccesses(match: Match, indexes: readonly Index[], collation: Collation | undefined): PlanNode[] {
  if (match.kind === 'or') return orAccesses(match.children, indexes, collation);
  const children = match.kind === 'and' ? match.children : [match];
  const entries = children.flatMap((child) => entriesOf(child, child, '', false));
  const found: PlanNode[] = [];
  const single: { index: Index; entry: Entry; node: PlanNode }[] = [];
  for (const index of indexes) {
    for (const chosen of choices(index, entries, collation)) {
      found.push(scan(index, chosen, children));
      const [only] = chosen[0];
      if (index.fields.length === 1 && chosen[0].length === 1) single.push({ index, entry: only, node: scan(index, chosen, [only.child]) });
    }
  }
  const complete = found.some((node) => node.stage === 'IXSCAN' && !node.filter);
  if (!complete) found.push(...intersections(single, children));
  for (const child of children) {
    if (child.kind !== 'or') continue;
    const rest = together(children.filter((other) => other !== child));
    for (const node of orAccesses(child.children, indexes, collation)) found.push(rest ? fetch(node, rest) : node);
  }
  return found.slice(0, MAX_ALTERNATIVES);
}

function entriesOf(match: Match, child: Match, prefix: string, inElement: boolean): Entry[] {
  const path = prefix === '' ? match.path : match.path === '' ? prefix : `${prefix}.${match.path}`;
  switch (match.kind) {
    case 'elemObject':
      return entriesOf(match.children[0], child, path, true);
    case 'elemValue':
      return match.children.flatMap((part) => entriesOf(part, child, path, true));
    case 'and':
      return inElement ? match.children.flatMap((part) => entriesOf(part, child, prefix, true)) : [];
    case 'or':
    case 'nor':
      return [];
    default:
      return path === '' ? [] : [{ path, leaf: match, child, inElement }];
  }
}

/** The ways to use one index: per field of the index, the conditions its bounds come from. */
function choices(index: Index, entries: readonly Entry[], collation: Collation | undefined): Entry[][][] {
  const at = (position: number) =>
    entries.filter((entry) => entry.path === index.fields[position] && canAnswer(entry.leaf, index, position, collation));
  const first = at(0);
  if (first.length === 0) return [];
  const rest = index.fields.slice(1).map((_, i) => at(i + 1));
  const leading = index.isMultikeyField(0) ? groupsOf(first) : [first];
  return leading.map((group) => compound(index, group, rest));
}

/** Conditions of one `$elemMatch` hold for one element, so their bounds may be intersected; others stand alone. */
function groupsOf(entries: readonly Entry[]): Entry[][] {
  const groups: Entry[][] = [];
  for (const entry of entries) {
    const group = entry.inElement ? groups.find(([other]) => other.child === entry.child) : undefined;
    if (group) group.push(entry);
    else groups.push([entry]);
  }
  return groups;
}

function compound(index: Index, leading: Entry[], rest: readonly Entry[][]): Entry[][] {
  const chosen = [leading];
  rest.forEach((candidates, i) => {
    const position = i + 1;
    const arrays = index.multikeyPaths[position];
    if (arrays.size === 0) chosen.push(candidates);
    else {
      // Two conditions on one array may hold for different elements: only one of them can give bounds.
      const used = chosen.flat().filter((entry) => sharesArray(index, entry, position));
      const groups = groupsOf(candidates);
      const same = used.length === 0 ? groups[0] : groups.find(([entry]) => entry.inElement && used.every((other) => other.child === entry.child));
      chosen.push(same ?? []);
    }
  });
  return chosen;
}

function sharesArray(index: Index, entry: Entry, position: number): boolean {
  const own = index.multikeyPaths[index.fields.indexOf(entry.path)];
  return [...index.multikeyPaths[position]].some((path) => own.has(path));
}

function scan(index: Index, chosen: readonly (readonly Entry[])[], children: readonly Match[]): PlanNode {
  const answered = new Map<Match, Tightness>();
  const bounds = chosen.map((entries, position) => {
    let intervals: Interval[] = [ALL];
    for (const { leaf, child, inElement } of entries) {
      const part = boundsFor(leaf, index, position);
      intervals = intersect(intervals, part.intervals, index.strings);
      answered.set(child, inElement ? 'fetch' : part.tightness);
    }
    return intervals;
  });
  const covered = together(children.filter((child) => answered.get(child) === 'covered'));
  const residual = together(children.filter((child) => !['exact', 'covered'].includes(answered.get(child) ?? 'fetch')));
  const node: PlanNode = { stage: 'IXSCAN', children: [], index, direction: 1, bounds, ...(covered ? { filter: covered } : {}) };
  return residual ? fetch(node, residual) : node;
}

/** Two single-field equalities read side by side: the records of each are in order, so equal ones meet. */
function intersections(single: readonly { index: Index; entry: Entry; node: PlanNode }[], children: readonly Match[]): PlanNode[] {
  const found: PlanNode[] = [];
  const sorted = single.filter(({ node }) => {
    const leafScan = node.stage === 'IXSCAN' ? node : node.children[0];
    return leafScan.bounds?.length === 1 && leafScan.bounds[0].length === 1 && isPoint(leafScan.bounds[0][0]);
  });
  for (let i = 0; i < sorted.length; i++) {
    for (let j = i + 1; j < sorted.length; j++) {
      if (sorted[i].entry.child === sorted[j].entry.child) continue;
      const scans = [sorted[i].node, sorted[j].node].map((node) => (node.stage === 'IXSCAN' ? node : node.children[0]));
      // Between the two reads a document may have changed: all conditions are checked again.
      found.push(fetch({ stage: 'AND_SORTED', children: scans }, together(children)));
    }
  }
  return found;
}

function orAccesses(branches: readonly Match[], indexes: readonly Index[], collation: Collation | undefined): PlanNode[] {
  const alternatives = branches.map((branch) => indexAccesses(branch, indexes, collation));
  if (alternatives.some((list) => list.length === 0)) return [];
  const count = Math.min(MAX_OR_ALTERNATIVES, Math.max(...alternatives.map((list) => list.length)));
  return Array.from({ length: count }, (_, i) => combineOr(alternatives.map((list) => list[Math.min(i, list.length - 1)])));
}

/** One access of the documents of any branch. Scans of one single-field index become one scan. */
export function combineOr(branches: readonly PlanNode[]): PlanNode {
  const merged: PlanNode[] = [];
  for (const branch of branches) {
    const at = merged.findIndex((other) => isMergeable(other, branch));
    if (at < 0) merged.push(branch);
    else {
      const intervals = union([...(merged[at].bounds?.[0] ?? []), ...(branch.bounds?.[0] ?? [])], branch.index?.strings);
      merged[at] = { ...merged[at], bounds: [intervals] };
    }
  }
  return merged.length === 1 ? merged[0] : { stage: 'OR', children: merged };
}

function isMergeable(a: PlanNode, b: PlanNode): boolean {
  return a.stage === 'IXSCAN' && b.stage === 'IXSCAN' && a.index === b.index && a.index?.fields.length === 1 && !a.filter && !b.filter;
}
