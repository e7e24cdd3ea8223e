import type { ObjectId } from 'bson';
import { bsonType, isDoc, regexParts, toNumber } from './types';

/** The ends of the range of dates. */
export const EARLIEST = new Date(-8.64e15);
export const LATEST = new Date(8.64e15);

/** A value in the notation of index bounds and error messages. */
export function printValue(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === 'string') return `"${value}"`;
  if (typeof value === 'number') {
    if (Number.isNaN(value)) return 'nan.0';
    return Number.isFinite(value) ? String(value) : `${value < 0 ? '-' : ''}inf.0`;
  }
  if (value instanceof Date) {
    if (value.getTime() === EARLIEST.getTime()) return 'new Date(-9223372036854775808)';
    return value.getTime() === LATEST.getTime() ? 'new Date(9223372036854775807)' : `new Date(${value.getTime()})`;
  }
  const regex = regexParts(value);
  if (regex) return `/${regex.pattern}/${regex.options}`;
  if (Array.isArray(value)) return value.length === 0 ? '[]' : `[ ${value.map(printValue).join(', ')} ]`;
  if (value instanceof Uint8Array) return `BinData(0, ${Buffer.from(value).toString('hex').toUpperCase()})`;
  const type = bsonType(value);
  if (type === 'Double' || type === 'Int32') return printValue(toNumber(value));
  if (type === 'MinKey' || type === 'MaxKey') return type;
  if (type === 'ObjectId') return `ObjectId('${(value as ObjectId).toHexString()}')`;
  if (isDoc(value)) {
    const fields = Object.entries(value).map(([key, item]) => `${key}: ${printValue(item)}`);
    return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
  }
  return String(value);
}
