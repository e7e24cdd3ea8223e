import { asDocument, asNumber, isDocument, type EjsonDocument } from '../../ejson/documents';
import type { Hole } from '../statement';

/** Fields of one document that are looked at, and how deep: a sample need not be read to its end. */
const MOST_FIELDS = 2_000;
const DEEPEST = 8;

const TYPES: Readonly<Record<string, string>> = {
  $oid: 'objectId',
  $date: 'date',
  $numberInt: 'number',
  $numberLong: 'number',
  $numberDouble: 'number',
  $numberDecimal: 'number',
  $binary: 'binData',
  $uuid: 'binData',
  $regularExpression: 'regex',
  $timestamp: 'timestamp',
  $minKey: 'minKey',
  $maxKey: 'maxKey',
  $symbol: 'symbol',
  $code: 'javascript',
};

/** Name of a canonical EJSON value's type as `$type` has it, with every kind of number as `number`. */
function typeOf(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value !== 'object') return typeof value;
  if (Array.isArray(value)) return 'array';
  const [first] = Object.keys(value);
  return first !== undefined && Object.hasOwn(TYPES, first) ? TYPES[first] : 'object';
}

/** Types by dotted field over documents in canonical EJSON; a list counts as `array` and as what it holds. */
export function fieldTypesOf(documents: readonly EjsonDocument[]): Readonly<Record<string, readonly string[]>> {
  const types = new Map<string, Set<string>>();
  const note = (field: string, type: string): void =>
    void (types.get(field) ?? types.set(field, new Set()).get(field))?.add(type);
  for (const document of documents) {
    const open: [unknown, string, number][] = Object.entries(document).map(([field, value]) => [value, field, 1]);
    for (let next = open.pop(), read = 0; next && read < MOST_FIELDS; next = open.pop(), read++) {
      const [value, field, depth] = next;
      const type = typeOf(value);
      note(field, type);
      if (depth >= DEEPEST) continue;
      if (type === 'array') for (const item of (value as unknown[]).slice(0, 50)) open.push([item, field, depth + 1]);
      else if (type === 'object')
        for (const [key, inner] of Object.entries(value as EjsonDocument))
          open.push([inner, `${field}.${key}`, depth + 1]);
    }
  }
  return Object.fromEntries([...types].map(([field, seen]) => [field, [...seen].sort()]));
}

/** A value for each hole from documents in canonical EJSON, as far as they have one; the document that fills most goes first. */
export function valuesFor(holes: readonly Hole[], documents: readonly EjsonDocument[]): ReadonlyMap<string, unknown> {
  const found = documents.map((document) => valuesIn(holes, document));
  found.sort((a, b) => b.size - a.size);
  const values = new Map<string, unknown>();
  for (const hole of holes) {
    const value =
      fixedValue(hole) ?? boundValue(hole, holes, found) ?? found.find((one) => one.has(hole.name))?.get(hole.name);
    if (value !== undefined) values.set(hole.name, value);
  }
  return values;
}

const BOUND = /\.\$(gte?|lte?)$/;

/** Where both ends of a range are open, the least and the greatest value: those of one document would leave nothing between. */
function boundValue(hole: Hole, holes: readonly Hole[], found: readonly ReadonlyMap<string, unknown>[]): unknown {
  const [bound, operator] = BOUND.exec(hole.path) ?? [];
  if (bound === undefined) return undefined;
  const field = hole.path.slice(0, -bound.length);
  const isLower = operator.startsWith('g');
  const other = holes.some(
    ({ path }) => path.startsWith(`${field}.$`) && BOUND.exec(path)?.[1].startsWith(isLower ? 'l' : 'g'),
  );
  if (!other) return undefined;
  const all = found.map((one) => one.get(hole.name)).filter((value) => value !== undefined);
  return all.reduce<unknown>(
    (best, value) => (best === undefined || isLess(value, best) === isLower ? value : best),
    undefined,
  );
}

function isLess(a: unknown, b: unknown): boolean {
  const [x, y] = [a, b].map((value) => asNumber(value) ?? asNumber(asDocument(value)?.$date) ?? String(value));
  return typeof x === typeof y && x < y;
}

function valuesIn(holes: readonly Hole[], document: EjsonDocument): Map<string, unknown> {
  const values = new Map<string, unknown>();
  for (const hole of holes) {
    const field = fieldOf(hole.path);
    const value = field && fittingValue(hole, valueAt(document, field));
    if (value !== undefined) values.set(hole.name, value);
  }
  return values;
}

/** Names and indexes of a hole's path: `filter.$or[0].a`, `pipeline[1].$match["b c"].$in`. */
function partsOf(path: string): string[] {
  return [...path.matchAll(/\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]|([^.[\]]+)/g)].map(
    ([, index, quoted, plain]) => index ?? quoted ?? plain,
  );
}

/** The dotted field that is compared with the hole; undefined where it is none. */
function fieldOf(path: string): readonly string[] | undefined {
  const [root, ...rest] = partsOf(path);
  const parts =
    root === 'pipeline'
      ? behindMatch(rest)
      : root === 'filter' || root === 'update' || root === 'replacement'
        ? rest
        : undefined;
  const names = parts?.filter((part) => !part.startsWith('$') && !/^\d+$/.test(part));
  return names?.length ? names : undefined;
}

function behindMatch(parts: readonly string[]): readonly string[] | undefined {
  const at = parts.indexOf('$match');
  return at < 0 ? undefined : parts.slice(at + 1);
}

function valueAt(document: EjsonDocument, field: readonly string[]): unknown {
  let value: unknown = document;
  for (const name of field) {
    while (Array.isArray(value)) value = (value as unknown[])[0];
    if (!isDocument(value) || !Object.hasOwn(value, name)) return undefined;
    value = value[name];
  }
  return value;
}

/** The sampled value as the hole takes it; undefined where it is of another type. */
function fittingValue({ type, path }: Hole, sampled: unknown): unknown {
  const value = type === 'array' || !Array.isArray(sampled) ? sampled : (sampled as unknown[])[0];
  if (value === undefined || value === null) return undefined;
  const found = typeOf(value);
  switch (type) {
    case 'unknown':
      return value;
    case 'array':
      return Array.isArray(value) ? value.slice(0, 3) : [value];
    case 'document':
      return found === 'object' ? value : undefined;
    case 'regex':
      return found === 'string'
        ? { $regularExpression: { pattern: pattern(value as string), options: '' } }
        : undefined;
    case 'string':
      if (found !== 'string') return undefined;
      return /\$regex$/.test(path) ? pattern(value as string) : value;
    case 'boolean':
      return found === 'bool' ? value : undefined;
    default:
      return found === type ? value : undefined;
  }
}

/** The first word, so that the pattern finds more than the one document it was taken from. */
function pattern(text: string): string {
  return (/[\p{L}\p{N}]+/u.exec(text)?.[0] ?? text).replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

/** Paging has usual values: the first page. */
function fixedValue({ path, type }: Hole): unknown {
  if (type !== 'number' && type !== 'unknown') return undefined;
  if (/(^|\.)\$?skip$/.test(path)) return { $numberInt: '0' };
  return /(^|\.)(\$?limit|\$sample\.size|batchSize)$/.test(path) ? { $numberInt: '20' } : undefined;
}
