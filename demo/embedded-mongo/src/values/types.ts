import type { Long } from 'bson';

/** A document: plain values and the classes of `bson`. Documents in a collection are never changed in place. */
export type Doc = Record<string, unknown>;

export function isDoc(value: unknown): value is Doc {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return (
    !('_bsontype' in value) && !(value instanceof Date) && !(value instanceof RegExp) && !(value instanceof Uint8Array)
  );
}

/** The name of a `bson` class instance (`ObjectId`, `MinKey`, `BSONRegExp`…), undefined for other values. */
export function bsonType(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !('_bsontype' in value)) return undefined;
  const name = value._bsontype;
  return typeof name === 'string' ? name : undefined;
}

/** A number of any BSON number type, or undefined. */
export function toNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  const type = bsonType(value);
  if (type === 'Long') return (value as Long).toNumber();
  if (type === 'Int32' || type === 'Double') return Number((value as { value: number }).value);
  if (type === 'Decimal128') return Number(String(value));
  return undefined;
}

/** The pattern and flags of a regular expression, from either of its two classes. */
export function regexParts(value: unknown): { pattern: string; options: string } | undefined {
  if (value instanceof RegExp)
    return { pattern: value.source, options: [...value.flags].filter((f) => 'imsx'.includes(f)).join('') };
  if (bsonType(value) === 'BSONRegExp') return value as { pattern: string; options: string };
  return undefined;
}

/** A value whose numbers are plain ones, wherever that loses nothing of their value; itself when they are already. */
export function plainNumbers<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  const type = bsonType(value);
  if (type !== undefined) {
    const number = type === 'Double' || type === 'Int32' || type === 'Long' ? toNumber(value) : undefined;
    return number !== undefined && (type !== 'Long' || Number.isSafeInteger(number)) ? (number as T) : value;
  }
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => plainNumbers(item));
    return items.some((item, i) => item !== value[i]) ? (items as T) : value;
  }
  if (!isDoc(value)) return value;
  let copy: Doc | undefined;
  for (const key in value) {
    const plain = plainNumbers(value[key]);
    if (plain !== value[key]) (copy ??= { ...value })[key] = plain;
  }
  return (copy as T | undefined) ?? value;
}
