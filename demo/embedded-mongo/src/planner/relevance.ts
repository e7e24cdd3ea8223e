import type { Match } from '../query/match';
import { compile } from '../query/evaluate';
import type { Index } from '../storage/collectionIndex';
import { sameCollation } from '../values/collation';
import type { Collation } from '../values/collation';
import { compareValues, typeOrder } from '../values/compare';
import { isDoc } from '../values/types';

const TREE_KINDS = new Set(['eq', 'lt', 'lte', 'gt', 'gte', 'in', 'regex', 'mod', 'exists', 'type', 'exprEq']);
const NEGATABLE = new Set(['eq', 'lt', 'lte', 'gt', 'gte', 'in', 'exists']);

/** Whether an index can answer a condition on its field number `position`, for a query with this collation. */
export function canAnswer(match: Match, index: Index, position: number, collation: Collation | undefined): boolean {
  const type = Object.values(index.spec.key)[position];
  if (type === 'hashed') return hasHash(match) && collationFits(match, index, collation);
  if (type === 'text' || type === '2dsphere' || type === '2d') return false;
  if (match.kind === 'not') {
    const child = match.children[0];
    if (!NEGATABLE.has(child.kind) || (child.kind === 'in' && hasRegex(child.value)) || asksForArray(child))
      return false;
    const notNull = child.kind === 'eq' && child.value === null;
    // What is not something may be missing, and a sparse index does not have it; an empty array is not null, and its key is.
    if (index.sparse && !notNull) return false;
    if (notNull && index.isMultikeyField(position)) return false;
    return collationFits(child, index, collation);
  }
  if (!TREE_KINDS.has(match.kind)) return false;
  if (match.kind === 'exprEq' && index.isMultikeyField(position)) return false;
  if (index.sparse && matchesMissing(match)) return false;
  return collationFits(match, index, collation);
}

function hasHash({ kind, value, children }: Match): boolean {
  if (kind === 'not') return children[0].kind === 'exists';
  return kind === 'eq' || kind === 'exprEq' || kind === 'exists' || (kind === 'in' && !hasRegex(value));
}

function hasRegex(values: unknown): boolean {
  return Array.isArray(values) && values.some((value: unknown) => typeOrder(value) === 50);
}

function asksForArray({ kind, value }: Match): boolean {
  return kind === 'in' ? (value as unknown[]).some(Array.isArray) : kind === 'eq' && Array.isArray(value);
}

function matchesMissing({ kind, value }: Match): boolean {
  if (kind === 'in') return (value as unknown[]).includes(null);
  return (kind === 'eq' || kind === 'lte' || kind === 'gte') && value === null;
}

function collationFits({ kind, value }: Match, index: Index, collation: Collation | undefined): boolean {
  if (sameCollation(index.collation, collation)) return true;
  if (kind === 'regex' || kind === 'mod' || kind === 'exists' || kind === 'type') return true;
  return !(kind === 'in' ? (value as unknown[]) : [value]).some(dependsOnStrings);
}

function dependsOnStrings(value: unknown): boolean {
  return typeof value === 'string' || Array.isArray(value) || isDoc(value);
}

/** Whether every document that fulfils a query also fulfils the filter of a partial index, as far as the texts show it. */
export function implies(query: Match, filter: Match): boolean {
  if (filter.kind === 'and') return filter.children.every((part) => implies(query, part));
  if (filter.kind === 'or') return filter.children.some((part) => implies(query, part));
  if (query.kind === 'and') return query.children.some((part) => implies(part, filter));
  if (query.kind === 'or') return query.children.every((part) => implies(part, filter));
  if (query.path !== filter.path) return false;
  switch (filter.kind) {
    case 'exists':
      return query.kind !== 'not' && !matchesMissing(query) && query.kind !== 'exprEq';
    case 'eq':
    case 'type':
      if (query.kind === 'eq' && filter.kind === 'eq') return compareValues(query.value, filter.value) === 0;
      return query.kind === 'eq' ? holdsFor(query.value, filter) : JSON.stringify(query) === JSON.stringify(filter);
    case 'lt':
    case 'lte':
    case 'gt':
    case 'gte':
      if (query.kind === 'eq') return holdsFor(query.value, filter);
      if (query.kind === 'in') return (query.value as unknown[]).every((value) => holdsFor(value, filter));
      return isWithin(query, filter);
    default:
      return JSON.stringify(query) === JSON.stringify(filter);
  }
}

function holdsFor(value: unknown, filter: Match): boolean {
  return !Array.isArray(value) && compile({ ...filter, path: 'v' })({ v: value });
}

function isWithin(query: Match, filter: Match): boolean {
  if (query.kind[0] !== filter.kind[0] || typeOrder(query.value) !== typeOrder(filter.value)) return false;
  const order = compareValues(query.value, filter.value) * (filter.kind.startsWith('g') ? 1 : -1);
  return order > 0 || (order === 0 && (filter.kind.endsWith('e') || !query.kind.endsWith('e')));
}
