import type { TargetFacts } from '../../facts';
import type { ExistingIndex } from '../../indexes';
import { asNumber, isDocument, type EjsonDocument } from '../../../ejson/documents';
import { classOf, type Predicate } from '../findings/predicates';

/** Of an index: the server allows 32; more than a few cost more than they save. */
export const MOST_FIELDS = 5;
/** Up to here the server turns `$in` and a sort into one ordered scan per value. */
const MOST_SCANS = 200;
/** An equality that matches more than this leaves much to a range; a range that matches less than the other is selective. */
const BROAD = 0.2;
const NARROW = 0.01;

/** Fields of an index by what the query does with them. */
export interface Shape {
  readonly equality: readonly string[];
  readonly sort: readonly (readonly [string, 1 | -1])[];
  readonly range: readonly string[];
  /** A selective range stands in front of the sort: with the shares of documents that equality and range let through. */
  readonly rangeFirst?: { readonly equality: number; readonly range: number };
}

type Values = NonNullable<TargetFacts['columnValues']>;

/**
 * Equality, then sort, then range; where equality is known to let much through and a range little, also equality, range, sort.
 * Empty when nothing of the query can enter an index.
 */
export function indexShapes(
  predicates: readonly Predicate[],
  sort: EjsonDocument | null,
  existing: readonly ExistingIndex[],
  values: Values = {},
): Shape[] {
  const single = new Set<string>();
  const lists = new Map<string, number>();
  const range = new Set<string>();
  for (const predicate of predicates) {
    const kind = classOf(predicate);
    if (kind === 'range') range.add(predicate.field);
    if (kind !== 'equality') continue;
    if (predicate.operator === '$in' && Array.isArray(predicate.value) && predicate.value.length > 1)
      lists.set(predicate.field, predicate.value.length);
    else single.add(predicate.field);
  }
  if (single.has('_id')) return [];
  const sorted = Object.entries(sort ?? {}).filter(([field]) => !single.has(field));
  const usable = sorted.every((entry): entry is [string, 1 | -1] => entry[1] === 1 || entry[1] === -1);
  const order = usable ? sorted : [];
  // Too many values would make too many ordered scans: they stand behind the sort then, like a range.
  const scans = [...lists.values()].reduce((product, count) => product * count, 1);
  const late = order.length > 0 && scans > MOST_SCANS;
  const sortFields = new Set(order.map(([field]) => field));
  const share = (field: string): number | undefined =>
    matchingShare(
      predicates.filter((one) => one.field === field),
      values,
    );
  const bySelectivity = (fields: readonly string[]): string[] =>
    [...fields].sort((a, b) => (share(a) ?? 1) - (share(b) ?? 1));
  const equality = bySelectivity(
    [...single, ...(late ? [] : [...lists.keys()])].filter((field) => !sortFields.has(field)),
  );
  const ranges = [...(late ? lists.keys() : []), ...bySelectivity([...range])].filter(
    (field) => !single.has(field) && !sortFields.has(field) && !equality.includes(field),
  );
  if (!equality.length && !order.length && !ranges.length) return [];
  const shape: Shape = { equality: leadingFirst(equality, existing), sort: order, range: ranges };
  const shares = equality.map(share);
  const broad = shares.every((one) => one !== undefined)
    ? shares.reduce((product, one) => product * one, 1)
    : undefined;
  const narrow = ranges.length ? share(ranges[0]) : undefined;
  if (!order.length || broad === undefined || broad <= BROAD || narrow === undefined || narrow >= NARROW)
    return [shape];
  return [shape, { ...shape, rangeFirst: { equality: broad, range: narrow } }];
}

/** Fields that already lead an index in this order, so that one index can replace it. */
function leadingFirst(equality: readonly string[], existing: readonly ExistingIndex[]): string[] {
  let best: string[] = [];
  for (const { columns: key } of existing) {
    const prefix: string[] = [];
    for (const field of Object.keys(key)) {
      if (!equality.includes(field) || typeof key[field] !== 'number') break;
      prefix.push(field);
    }
    if (prefix.length > best.length) best = prefix;
  }
  return [...best, ...equality.filter((field) => !best.includes(field))];
}

/** Share (0..1) of the documents that conditions on one field let through, by what a sample says of it. */
function matchingShare(predicates: readonly Predicate[], values: Values): number | undefined {
  const [first] = predicates;
  const known = first && Object.hasOwn(values, first.field) ? values[first.field] : undefined;
  if (!known) return undefined;
  let { least, most } = known;
  let isRange = false;
  for (const { operator, value } of predicates) {
    if (operator === '$eq') return 1 / known.distinct;
    if (operator === '$in' && Array.isArray(value)) return Math.min(1, value.length / known.distinct);
    const end = /^\$[gl]te?$/.test(operator) ? numberIn(value) : undefined;
    if (end === undefined || least === undefined || most === undefined) continue;
    isRange = true;
    if (operator.startsWith('$g')) least = Math.max(least, end);
    else most = Math.min(most, end);
  }
  if (
    !isRange ||
    least === undefined ||
    most === undefined ||
    known.least === undefined ||
    known.most === undefined ||
    known.most <= known.least
  )
    return undefined;
  return Math.max(0, most - least) / (known.most - known.least);
}

/** A number, or a date in ms, in any of the forms that an answer has it in. */
export function numberIn(value: unknown): number | undefined {
  if (value instanceof Date) return value.getTime();
  if (!isDocument(value) || value.$date === undefined) return asNumber(value);
  return typeof value.$date === 'string' ? Date.parse(value.$date) : asNumber(value.$date);
}

/** The fields in their order, with directions. */
export function keyOf({ equality, sort, range, rangeFirst }: Shape): (readonly [string, 1 | -1])[] {
  const ascending = (field: string): readonly [string, 1] => [field, 1];
  const middle = rangeFirst ? [...range.map(ascending), ...sort] : [...sort, ...range.map(ascending)];
  return [...equality.map(ascending), ...middle];
}
