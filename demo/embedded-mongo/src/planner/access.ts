import type { Match } from '../query/match';
import type { Index } from '../storage/collectionIndex';
import type { Collation } from '../values/collation';
import { boundsFor } from './bounds';
import type { Tightness } from './bounds';
import { combineOr, fetch, together } from './combine';
import type { Access } from './combine';
import { ALL, intersect } from './intervals';
import type { Interval } from './intervals';
import { intersections } from './intersections';
import type { PlanNode } from './nodes';
import { canAnswer } from './relevance';

/** Alternatives of one `$or` that are tried, as in a server. */
const MAX_OR_ALTERNATIVES = 10;
const MAX_ALTERNATIVES = 64;

/** A condition an index may answer: part of `child`, one of the conditions that must hold together. */
export interface Entry {
  readonly path: string;
  readonly leaf: Match;
  readonly child: Match;
  /** Conditions on the elements of an array never say all: the document must be read. */
  readonly inElement: boolean;
  /** It stands beside the `$or` that this is a branch of. */
  readonly outside: boolean;
}

/** What an index may answer: the conditions on each of its fields. */
export interface IndexUse {
  readonly index: Index;
  readonly first: readonly Entry[];
  readonly rest: readonly (readonly Entry[])[];
}

/**
 * The ways to find the documents of a query through these indexes, in the order in which they are tried. `outside` are the
 * conditions beside the `$or` that the query is a branch of: they may narrow the scan of a branch.
 */
export function indexAccesses(
  match: Match,
  indexes: readonly Index[],
  collation: Collation | undefined,
  outside: readonly Match[] = [],
): Access[] {
  if (match.kind === 'or') return orAccesses(match.children, indexes, collation, outside);
  const children = match.kind === 'and' ? match.children : [match];
  const unique = uniquePoint(children, indexes, collation);
  if (unique) return [{ node: scan(unique.index, [[unique.entry]], children), used: [] }];
  const found = childOrAccesses(children, indexes, collation, outside);
  const own = children.flatMap((child) => entriesOf(child, child, '', false, false));
  const others = outside.flatMap((child) => entriesOf(child, child, '', false, true));
  const alone = match.kind !== 'and' && match.kind !== 'elemObject';
  const singles: ReadonlySet<Match>[] = [];
  const uses: IndexUse[] = [];
  for (const index of indexes) {
    const use = useOf(index, own, collation);
    if (use.first.length > 0) uses.push(use);
    if (use.first.length + use.rest.flat().length === 0) continue;
    for (const chosen of choices(others.length === 0 ? use : useOf(index, [...own, ...others], collation))) {
      const used = chosen
        .flat()
        .filter((entry) => entry.outside)
        .map(({ child }) => child);
      if (chosen.flat().every((entry) => entry.outside)) continue;
      singles.push(new Set(chosen.flat().map(({ leaf }) => leaf)));
      const leaf =
        alone && used.length === 0 ? { condition: match, tightness: tightnessOf(chosen[0][0], index) } : undefined;
      found.push({ node: scan(index, chosen, [...children, ...used]), used, ...(leaf ? { leaf } : {}) });
    }
  }
  const ors = children.filter(({ kind }) => kind === 'or').length;
  found.push(...intersections(uses, singles, ors, children, scan).map((node) => ({ node, used: [] })));
  return found.slice(0, MAX_ALTERNATIVES);
}

/** An equality with the only field of a unique index finds one document: nothing else is tried then. */
function uniquePoint(
  children: readonly Match[],
  indexes: readonly Index[],
  collation: Collation | undefined,
): { index: Index; entry: Entry } | undefined {
  if (children.length < 2) return undefined;
  for (const child of children) {
    if (child.kind !== 'eq') continue;
    const index = indexes.find(
      (one) =>
        one.unique && one.fields.length === 1 && one.fields[0] === child.path && canAnswer(child, one, 0, collation),
    );
    if (index) return { index, entry: { path: child.path, leaf: child, child, inElement: false, outside: false } };
  }
  return undefined;
}

/** The ways through the branches of each `$or` among the conditions; the others filter what they find or narrow its scans. */
function childOrAccesses(
  children: readonly Match[],
  indexes: readonly Index[],
  collation: Collation | undefined,
  outside: readonly Match[],
): Access[] {
  return children
    .filter(({ kind }) => kind === 'or')
    .flatMap((child) => {
      const rest = children.filter((other) => other !== child);
      const beside = rest.filter(({ kind }) => kind !== 'or');
      return orAccesses(child.children, indexes, collation, [...outside, ...beside]).map(({ node, used }) => {
        const left = together(rest.filter((other) => !used.includes(other)));
        return { node: left ? fetch(node, left) : node, used: used.filter((one) => outside.includes(one)) };
      });
    });
}

function orAccesses(
  branches: readonly Match[],
  indexes: readonly Index[],
  collation: Collation | undefined,
  outside: readonly Match[],
): Access[] {
  const alternatives = branches.map((branch) => indexAccesses(branch, indexes, collation, outside));
  if (alternatives.some((list) => list.length === 0)) return [];
  const found: Access[] = [];
  const at = branches.map(() => 0);
  while (found.length < MAX_OR_ALTERNATIVES) {
    found.push(
      combineOr(
        alternatives.map((list, i) => list[at[i]]),
        indexes,
      ),
    );
    let branch = 0;
    while (branch < at.length && ++at[branch] === alternatives[branch].length) at[branch++] = 0;
    if (branch === at.length) break;
  }
  return found;
}

function entriesOf(match: Match, child: Match, prefix: string, inElement: boolean, outside: boolean): Entry[] {
  const path = prefix === '' ? match.path : match.path === '' ? prefix : `${prefix}.${match.path}`;
  switch (match.kind) {
    case 'elemObject':
      return entriesOf(match.children[0], child, path, true, outside);
    case 'elemValue':
      return match.children.flatMap((part) => entriesOf(part, child, path, true, outside));
    case 'and':
      return inElement ? match.children.flatMap((part) => entriesOf(part, child, prefix, true, outside)) : [];
    case 'or':
    case 'nor':
      return [];
    default:
      return path === '' ? [] : [{ path, leaf: match, child, inElement, outside }];
  }
}

function useOf(index: Index, entries: readonly Entry[], collation: Collation | undefined): IndexUse {
  const [first, ...rest] = index.fields.map((field, i) =>
    entries.filter((entry) => entry.path === field && canAnswer(entry.leaf, index, i, collation)),
  );
  return { index, first, rest };
}

/** The ways to use one index: per field of the index, the conditions its bounds come from. */
function choices({ index, first, rest }: IndexUse): Entry[][][] {
  if (first.length === 0) return [];
  const leading = index.isMultikeyField(0) ? groupsOf(first) : [[...first]];
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

function compound(index: Index, leading: Entry[], rest: readonly (readonly Entry[])[]): Entry[][] {
  const chosen = [leading];
  rest.forEach((candidates, i) => {
    const position = i + 1;
    const arrays = index.multikeyPaths[position];
    if (arrays.size === 0) chosen.push([...candidates]);
    else {
      // Two conditions on one array may hold for different elements: only one of them can give bounds.
      const used = chosen.flat().filter((entry) => sharesArray(index, entry, position));
      const groups = groupsOf(candidates);
      const same =
        used.length === 0
          ? groups[0]
          : groups.find(([entry]) => entry.inElement && used.every((other) => other.child === entry.child));
      chosen.push(same ?? []);
    }
  });
  return chosen;
}

function sharesArray(index: Index, entry: Entry, position: number): boolean {
  const own = index.multikeyPaths[index.fields.indexOf(entry.path)];
  return [...index.multikeyPaths[position]].some((path) => own.has(path));
}

function tightnessOf({ leaf, inElement }: Entry, index: Index): Tightness {
  return inElement ? 'fetch' : boundsFor(leaf, index, 0).tightness;
}

/** A scan of an index in the bounds of the chosen conditions; those of `children` that they do not say all of are checked after it. */
function scan(index: Index, chosen: readonly (readonly Entry[])[], children: readonly Match[]): PlanNode {
  const answered = new Map<Match, Tightness>();
  const bounds = index.fields.map((_, position) => {
    let intervals: Interval[] = [ALL];
    for (const { leaf, child, inElement } of chosen[position] ?? []) {
      const part = boundsFor(leaf, index, position);
      intervals = intersect(intervals, part.intervals, index.strings);
      answered.set(child, inElement ? 'fetch' : part.tightness);
    }
    return intervals;
  });
  const covered = together(children.filter((child) => answered.get(child) === 'covered'));
  const residual = together(children.filter((child) => !['exact', 'covered'].includes(answered.get(child) ?? 'fetch')));
  const node: PlanNode = {
    stage: 'IXSCAN',
    children: [],
    index,
    direction: 1,
    bounds,
    ...(covered ? { filter: covered } : {}),
  };
  return residual ? fetch(node, residual) : node;
}
