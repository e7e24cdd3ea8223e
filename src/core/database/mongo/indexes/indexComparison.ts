import { numberIn, type Shape } from './indexShape';
import type { ExistingIndex } from '../../indexes';
import { isDocument } from '../../../ejson/documents';
import { conjunction, type Predicate } from '../findings/predicates';

/** Whether the index already begins with the suggestion; the order and direction of equality fields does not matter. */
export function serves(
  { columns: key }: ExistingIndex,
  { equality, sort, range, rangeFirst }: Shape,
  length: number,
): boolean {
  const fields = Object.keys(key);
  if (fields.length < length || Object.values(key).some((direction) => typeof direction !== 'number')) return false;
  if (!equality.every((field) => fields.indexOf(field) >= 0 && fields.indexOf(field) < equality.length)) return false;
  const rest = fields.slice(equality.length);
  if (rangeFirst) return [...range, ...sort.map(([field]) => field)].every((field, at) => rest[at] === field);
  const directions = sort.map(([field, direction], at) => (rest[at] === field ? Number(key[field]) * direction : 0));
  if (directions.some((product) => product === 0 || Math.sign(product) !== Math.sign(directions[0]))) return false;
  const behind = rest.slice(sort.length, length - equality.length);
  return range.slice(0, length - equality.length - sort.length).every((field) => behind.includes(field));
}

/** Whether the suggestion begins with the index, and can do all that it does. */
export function isExtended({ columns: key }: ExistingIndex, entries: readonly (readonly [string, 1 | -1])[]): boolean {
  const own = Object.entries(key);
  return (
    own.length < entries.length &&
    own.every(([field, direction], at) => entries[at][0] === field && entries[at][1] === direction)
  );
}

/** Whether every document that the query can find is in a partial index: each of its conditions follows from one of the query. */
export function impliesPartial(predicates: readonly Predicate[], { options }: ExistingIndex): boolean {
  const { partialFilterExpression } = options;
  if (!isDocument(partialFilterExpression)) return true;
  const { predicates: wanted, alternatives, others } = conjunction(partialFilterExpression);
  if (alternatives.length || others.length) return false;
  return wanted.every((one) => predicates.some((own) => own.field === one.field && implies(own, one)));
}

/** Whether a value that fulfils the first condition fulfils the second. */
function implies(own: Predicate, wanted: Predicate): boolean {
  if (own.operator === wanted.operator && sameValue(own.value, wanted.value)) return true;
  const values =
    own.operator === '$eq'
      ? [own.value]
      : own.operator === '$in' && Array.isArray(own.value)
        ? (own.value as unknown[])
        : undefined;
  if (values) return values.length > 0 && values.every((value) => fulfils(value, wanted));
  if (wanted.operator === '$exists')
    return Boolean(wanted.value) && /^\$(gt|gte|lt|lte|regex|elemMatch|all|size|mod|type)$/.test(own.operator);
  const end = numberIn(own.value);
  const limit = numberIn(wanted.value);
  if (end === undefined || limit === undefined) return false;
  if (/^\$gte?$/.test(own.operator) && /^\$gte?$/.test(wanted.operator))
    return end > limit || (end === limit && (wanted.operator === '$gte' || own.operator === '$gt'));
  return (
    /^\$lte?$/.test(own.operator) &&
    /^\$lte?$/.test(wanted.operator) &&
    (end < limit || (end === limit && (wanted.operator === '$lte' || own.operator === '$lt')))
  );
}

function fulfils(value: unknown, { operator, value: wanted }: Predicate): boolean {
  if (operator === '$eq') return sameValue(value, wanted);
  if (operator === '$in') return Array.isArray(wanted) && wanted.some((one) => sameValue(value, one));
  // An equality with null finds documents without the field as well.
  if (operator === '$exists') return Boolean(wanted) && value !== null;
  const number = numberIn(value);
  const limit = numberIn(wanted);
  if (number === undefined || limit === undefined) return false;
  return (
    (operator === '$gt' && number > limit) ||
    (operator === '$gte' && number >= limit) ||
    (operator === '$lt' && number < limit) ||
    (operator === '$lte' && number <= limit)
  );
}

function sameValue(a: unknown, b: unknown): boolean {
  const left = numberIn(a);
  return left === undefined ? JSON.stringify(a) === JSON.stringify(b) : left === numberIn(b);
}
