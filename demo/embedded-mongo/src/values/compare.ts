import { MaxKey, MinKey } from 'bson';
import type { ObjectId } from 'bson';
import { bsonType, isDoc, regexParts, toNumber } from './types';

/** Compares two strings; undefined for the simple (binary) comparison. */
export type StringOrder = ((a: string, b: string) => number) | undefined;

export const MIN_KEY = new MinKey();
export const MAX_KEY = new MaxKey();

/** Types in the order in which the server sorts values of different types. */
export const TYPE_ORDER = {
  minKey: -1,
  undefined: 0,
  null: 5,
  number: 10,
  string: 15,
  object: 20,
  array: 25,
  binary: 30,
  objectId: 35,
  boolean: 40,
  date: 45,
  timestamp: 47,
  regex: 50,
  dbRef: 55,
  code: 60,
  maxKey: 127,
} as const;

const CLASS_ORDER: Readonly<Record<string, number>> = {
  MinKey: TYPE_ORDER.minKey,
  MaxKey: TYPE_ORDER.maxKey,
  Long: TYPE_ORDER.number,
  Int32: TYPE_ORDER.number,
  Double: TYPE_ORDER.number,
  Decimal128: TYPE_ORDER.number,
  BSONSymbol: TYPE_ORDER.string,
  Binary: TYPE_ORDER.binary,
  ObjectId: TYPE_ORDER.objectId,
  Timestamp: TYPE_ORDER.timestamp,
  BSONRegExp: TYPE_ORDER.regex,
  DBRef: TYPE_ORDER.dbRef,
  Code: TYPE_ORDER.code,
};

export function typeOrder(value: unknown): number {
  switch (typeof value) {
    case 'number':
    case 'bigint':
      return TYPE_ORDER.number;
    case 'string':
      return TYPE_ORDER.string;
    case 'boolean':
      return TYPE_ORDER.boolean;
    case 'undefined':
      return TYPE_ORDER.undefined;
    default:
      break;
  }
  if (value === null) return TYPE_ORDER.null;
  if (value instanceof Date) return TYPE_ORDER.date;
  if (Array.isArray(value)) return TYPE_ORDER.array;
  if (value instanceof RegExp) return TYPE_ORDER.regex;
  if (value instanceof Uint8Array) return TYPE_ORDER.binary;
  const type = bsonType(value);
  return (type !== undefined && CLASS_ORDER[type]) || TYPE_ORDER.object;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function compareNumbers(a: number, b: number): number {
  if (a < b) return -1;
  if (a > b) return 1;
  if (a === b) return 0;
  // NaN sorts before every other number.
  return Number.isNaN(a) ? (Number.isNaN(b) ? 0 : -1) : 1;
}

/** Longs beyond what a plain number holds are compared as what they are. */
function compareAnyNumbers(a: unknown, b: unknown): number {
  const order = compareNumbers(toNumber(a) ?? NaN, toNumber(b) ?? NaN);
  if (order !== 0 || (!isLong(a) && !isLong(b))) return order;
  const [x, y] = [bigOf(a), bigOf(b)];
  return x === undefined || y === undefined || x === y ? 0 : x < y ? -1 : 1;
}

function isLong(value: unknown): boolean {
  return typeof value === 'bigint' || bsonType(value) === 'Long';
}

function bigOf(value: unknown): bigint | undefined {
  if (isLong(value)) return BigInt(String(value));
  const number = toNumber(value);
  return Number.isInteger(number) ? BigInt(number ?? 0) : undefined;
}

function bytesOf(value: unknown): Uint8Array {
  return value instanceof Uint8Array ? value : (value as { buffer: Uint8Array }).buffer;
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  if (a.length !== b.length) return a.length - b.length;
  return Buffer.compare(a, b);
}

/** Compares values by the order of the server: first by type, then by value. The depth of documents is limited by their parser. */
export function compareValues(a: unknown, b: unknown, strings?: StringOrder): number {
  if (typeof a === 'number' && typeof b === 'number') return compareNumbers(a, b);
  if (typeof a === 'string' && typeof b === 'string') return strings ? strings(a, b) : compareText(a, b);
  const typeA = typeOrder(a);
  const typeB = typeOrder(b);
  if (typeA !== typeB) return typeA - typeB;
  switch (typeA) {
    case TYPE_ORDER.number:
      return compareAnyNumbers(a, b);
    case TYPE_ORDER.string:
      return strings ? strings(String(a), String(b)) : compareText(String(a), String(b));
    case TYPE_ORDER.boolean:
      return Number(a) - Number(b);
    case TYPE_ORDER.date:
      return compareNumbers((a as Date).getTime(), (b as Date).getTime());
    case TYPE_ORDER.objectId:
      return compareText((a as ObjectId).toHexString(), (b as ObjectId).toHexString());
    case TYPE_ORDER.array:
      return compareArrays(a as unknown[], b as unknown[], strings);
    case TYPE_ORDER.object:
      return compareDocs(a, b, strings);
    case TYPE_ORDER.binary:
      return compareBytes(bytesOf(a), bytesOf(b));
    case TYPE_ORDER.regex: {
      const [x, y] = [regexParts(a), regexParts(b)];
      return compareText(x?.pattern ?? '', y?.pattern ?? '') || compareText(x?.options ?? '', y?.options ?? '');
    }
    case TYPE_ORDER.timestamp:
    case TYPE_ORDER.dbRef:
    case TYPE_ORDER.code:
      return compareText(JSON.stringify(a), JSON.stringify(b));
    default:
      return 0;
  }
}

function compareArrays(a: readonly unknown[], b: readonly unknown[], strings: StringOrder): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const order = compareValues(a[i], b[i], strings);
    if (order) return order;
  }
  return a.length - b.length;
}

function compareDocs(a: unknown, b: unknown, strings: StringOrder): number {
  if (!isDoc(a) || !isDoc(b)) return compareText(JSON.stringify(a), JSON.stringify(b));
  const [keysA, keysB] = [Object.keys(a), Object.keys(b)];
  for (let i = 0; i < Math.min(keysA.length, keysB.length); i++) {
    const order =
      typeOrder(a[keysA[i]]) - typeOrder(b[keysB[i]]) ||
      compareText(keysA[i], keysB[i]) ||
      compareValues(a[keysA[i]], b[keysB[i]], strings);
    if (order) return order;
  }
  return keysA.length - keysB.length;
}

/** A text that is equal for equal values, as the key of a map. */
export function valueKey(value: unknown, strings?: (text: string) => string): string {
  const number = toNumber(value);
  if (number !== undefined) return `n${isLong(value) && !Number.isSafeInteger(number) ? String(value) : number}`;
  if (typeof value === 'string') return `s${JSON.stringify(strings ? strings(value) : value)}`;
  if (value instanceof Date) return `d${value.getTime()}`;
  if (Array.isArray(value)) return `[${value.map((item) => valueKey(item, strings)).join(',')}]`;
  if (isDoc(value))
    return `{${Object.entries(value)
      .map(([key, item]) => `${JSON.stringify(key)}:${valueKey(item, strings)}`)
      .join(',')}}`;
  const regex = regexParts(value);
  if (regex) return `/${regex.pattern}/${regex.options}`;
  if (value instanceof Uint8Array) return `b${Buffer.from(value).toString('hex')}`;
  return `${typeOrder(value)}:${String(bsonType(value) === 'Binary' ? JSON.stringify(value) : value)}`;
}
