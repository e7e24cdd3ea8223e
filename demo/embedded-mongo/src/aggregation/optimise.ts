import { fieldsOf } from '../query/projection';
import type { Match } from '../query/match';
import { toQuery } from '../query/match';
import { normalise } from '../query/normalise';
import { parseQuery } from '../query/parse';
import { isDoc, toNumber } from '../values/types';
import type { Doc } from '../values/types';
import type { Item } from './stages';

/** The most rewrites of one pipeline; each moves a stage towards the front or removes one. */
const MAX_REWRITES = 1000;
const ONE_TO_ONE = new Set(['$project', '$addFields', '$replaceRoot', '$lookup']);

function fieldsOfMatch(match: Match): string[] {
  if (match.kind === 'expr') return fieldsOf(match.value);
  if (match.kind === 'text' || match.kind === 'other') return ['$$ROOT'];
  return match.path !== '' ? [match.path] : match.children.flatMap(fieldsOfMatch);
}

export function matchFields(spec: unknown): string[] {
  return fieldsOfMatch(parseQuery(spec));
}

function overlaps(a: string, b: string): boolean {
  return a === b || a.startsWith(`${b}.`) || b.startsWith(`${a}.`);
}

/** Whether a projection only names fields to keep (and may compute others). */
export function isInclusion(spec: unknown): boolean {
  return (
    isDoc(spec) && Object.entries(spec).some(([field, value]) => field !== '_id' && value !== false && value !== 0)
  );
}

/** Whether a stage leaves a field as it is. */
function keeps({ name, spec, unwinding }: Item, field: string): boolean {
  if (field === '$$ROOT') return name === '$sort';
  if (!isDoc(spec)) return false;
  switch (name) {
    case '$sort':
      return true;
    case '$addFields':
      return !Object.keys(spec).some((changed) => overlaps(changed, field));
    case '$project':
      if (isInclusion(spec)) {
        if (field === '_id') return spec._id === undefined || spec._id === true || spec._id === 1;
        return Object.entries(spec).some(
          ([name, value]) => (value === true || value === 1) && (field === name || field.startsWith(`${name}.`)),
        );
      }
      return !Object.keys(spec).some((removed) => overlaps(removed, field));
    case '$unwind':
      return (
        !overlaps(String(spec.path).slice(1), field) &&
        !(typeof spec.includeArrayIndex === 'string' && overlaps(spec.includeArrayIndex, field))
      );
    case '$lookup':
    case '$graphLookup':
      return (
        !overlaps(String(spec.as), field) &&
        !(typeof unwinding?.includeArrayIndex === 'string' && overlaps(unwinding.includeArrayIndex, field))
      );
    default:
      return false;
  }
}

function conjuncts(spec: unknown): Match[] {
  const match = normalise(parseQuery(spec));
  return match.kind === 'and' ? [...match.children] : [match];
}

function matchItem(parts: readonly Match[]): Item {
  return { name: '$match', spec: parts.length === 1 ? toQuery(parts[0]) : { $and: parts.map(toQuery) } };
}

/** The field that a stage gives a name: what comes under the new name is what was there under the old one. */
function renamed({ name, spec }: Item, field: string): string | undefined {
  if (!isDoc(spec) || (name !== '$addFields' && !(name === '$project' && isInclusion(spec)))) return undefined;
  const [first, ...rest] = field.split('.');
  const source = spec[first];
  return typeof source === 'string' && /^\$[^$.]+$/.test(source) ? [source.slice(1), ...rest].join('.') : undefined;
}

/** A condition as it reads in front of a stage; undefined when the stage makes what it is about. */
function inFront(part: Match, stage: Item): Match | undefined {
  const fields = fieldsOfMatch(part);
  if (part.kind === 'near' || part.kind === 'exprEq') return undefined;
  if (fields.every((field) => keeps(stage, field))) return part;
  if (part.kind === 'expr') return undefined;
  const names = new Map(fields.map((field) => [field, keeps(stage, field) ? field : renamed(stage, field)]));
  return [...names.values()].includes(undefined) ? undefined : withPaths(part, names);
}

function withPaths(match: Match, names: ReadonlyMap<string, string | undefined>): Match {
  if (match.path === '') return { ...match, children: match.children.map((child) => withPaths(child, names)) };
  const path = names.get(match.path) ?? match.path;
  return {
    ...match,
    path,
    children: match.kind === 'not' ? match.children.map((child) => withPaths(child, names)) : match.children,
  };
}

const DOCUMENT_STAGES = new Set(['$match', '$project', '$addFields', '$replaceRoot']);

/** What works on each document by itself may as well be done on both sides of a `$unionWith`. */
function intoUnion(union: Item, stage: Item): Item[] {
  const spec = isDoc(union.spec) ? union.spec : { coll: union.spec };
  const pipeline: unknown[] = Array.isArray(spec.pipeline) ? spec.pipeline : [];
  return [stage, { ...union, spec: { ...spec, pipeline: [...pipeline, { [stage.name]: stage.spec }] } }];
}

/** Rewrites a pair of neighbours; undefined when there is nothing to gain. */
function rewrite(a: Item, b: Item): Item[] | undefined {
  if (a.name === '$match' && b.name === '$match') return [{ name: '$match', spec: { $and: [a.spec, b.spec] } }];
  if (a.name === '$unionWith' && DOCUMENT_STAGES.has(b.name)) return intoUnion(a, b);
  if (b.name === '$match') {
    if (a.name === '$lookup' && a.unwinding && isDoc(a.spec)) {
      const inside = absorbMatch(a, b);
      if (inside) return inside;
    }
    const parts = conjuncts(b.spec).map((part) => ({ part, front: inFront(part, a) }));
    const early = parts.flatMap(({ front }) => (front ? [front] : []));
    if (early.length === 0) return undefined;
    const late = parts.filter(({ part, front }) => !front && part.kind !== 'exprEq').map(({ part }) => part);
    return [matchItem(early), a, ...(late.length > 0 ? [matchItem(late)] : [])];
  }
  if (b.name === '$limit' || b.name === '$skip') {
    if (ONE_TO_ONE.has(a.name) && !a.unwinding) return [b, a];
    const count = toNumber(b.spec) ?? 0;
    const before = toNumber(a.spec) ?? 0;
    if (a.name === '$skip' && b.name === '$skip') return [{ name: '$skip', spec: before + count }];
    if (b.name === '$limit' && a.name === '$limit') return [{ name: '$limit', spec: Math.min(before, count) }];
    if (b.name === '$limit' && a.name === '$sort') return [{ ...a, limit: Math.min(a.limit ?? Infinity, count) }];
  }
  if (
    a.name === '$lookup' &&
    b.name === '$unwind' &&
    isDoc(a.spec) &&
    isDoc(b.spec) &&
    !a.unwinding &&
    b.spec.path === `$${String(a.spec.as)}`
  ) {
    return [{ ...a, unwinding: { preserveNullAndEmptyArrays: false, ...b.spec } }];
  }
  return undefined;
}

/** Conditions on the fields of what a `$lookup` found go into it, once its array is unwound. */
function absorbMatch(lookup: Item, { spec }: Item): Item[] | undefined {
  const prefix = `${String((lookup.spec as Doc).as)}.`;
  if (lookup.unwinding?.preserveNullAndEmptyArrays === true || lookup.unwinding?.includeArrayIndex !== undefined)
    return undefined;
  const parts = conjuncts(spec);
  const inner = parts.filter((part) => part.path.startsWith(prefix));
  if (inner.length === 0) return undefined;
  const stripped = inner.map((part) => toQuery(strip(part, prefix)));
  const all = [...(lookup.matching ? [lookup.matching] : []), ...stripped];
  const late = parts.filter((part) => !inner.includes(part) && part.kind !== 'exprEq');
  return [
    { ...lookup, matching: all.length === 1 ? all[0] : { $and: all } },
    ...(late.length > 0 ? [matchItem(late)] : []),
  ];
}

function strip(match: Match, prefix: string): Match {
  return {
    ...match,
    path: match.path.slice(prefix.length),
    children: match.children.map((child) => (child.path.startsWith(prefix) ? strip(child, prefix) : child)),
  };
}

/** Moves conditions and limits to the front and joins what belongs together. */
export function optimise(pipeline: readonly Item[]): Item[] {
  const items = [...pipeline];
  let at = 0;
  for (let rewrites = 0; at + 1 < items.length && rewrites < MAX_REWRITES;) {
    const changed = rewrite(items[at], items[at + 1]);
    if (!changed) at++;
    else {
      items.splice(at, 2, ...changed);
      at = Math.max(0, at - 1);
      rewrites++;
    }
  }
  return items.map((item, i) => boundedSort(item, items[i + 1], items[i + 2]));
}

/** A sort before a skip and a limit has to keep the first ones only. */
function boundedSort(item: Item, skip: Item | undefined, limit: Item | undefined): Item {
  if (item.name !== '$sort' || skip?.name !== '$skip' || limit?.name !== '$limit') return item;
  return { ...item, limit: Math.min(item.limit ?? Infinity, Number(skip.spec) + Number(limit.spec)) };
}
