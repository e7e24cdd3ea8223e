import { Double, Long } from 'bson';
import { ProtocolError } from './protocolError';

/** Bytes of the values of each BSON type that has a fixed size. */
const FIXED: Readonly<Record<number, number>> = {
  1: 8,
  6: 0,
  7: 12,
  8: 1,
  9: 8,
  10: 0,
  16: 4,
  17: 8,
  18: 8,
  19: 16,
  127: 0,
  255: 0,
};
const DOUBLE = 1;
const DOCUMENT = 3;
const ARRAY = 4;
const BINARY = 5;
const REGEX = 11;
const POINTER = 12;
const SCOPED_CODE = 15;
const LONG = 18;
const INT32_LIMIT = 0x80000000;

type Container = Record<string, unknown> | unknown[];

/** Where the value of an element ends. */
function endOf(bytes: Buffer, type: number, at: number): number {
  if (type in FIXED) return at + FIXED[type];
  if (type === REGEX) return bytes.indexOf(0, bytes.indexOf(0, at) + 1) + 1;
  const length = bytes.readInt32LE(at);
  if (length < 0) throw new ProtocolError('a value of negative length');
  if (type === DOCUMENT || type === ARRAY || type === SCOPED_CODE) return at + length;
  return at + 4 + length + (type === BINARY ? 1 : type === POINTER ? 12 : 0);
}

function isWholeDouble(bytes: Buffer, at: number): boolean {
  const value = bytes.readDoubleLE(at);
  return Number.isInteger(value) && value >= -INT32_LIMIT && value < INT32_LIMIT;
}

/**
 * Gives back to the numbers of a document the types that reading it as plain numbers has lost: a double without a fraction
 * would be written as an integer, and a long one as a short one. All other numbers stay plain.
 */
export function restoreNumberTypes(bytes: Buffer, root: Record<string, unknown>): void {
  const open: { at: number; into: Container }[] = [{ at: 0, into: root }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { into } = next;
    const end = next.at + bytes.readInt32LE(next.at) - 1;
    for (let at = next.at + 4, place = 0; at < end; place++) {
      const type = bytes[at];
      const nameEnd = bytes.indexOf(0, at + 1);
      const value = nameEnd + 1;
      if (type === DOCUMENT || type === ARRAY || type === LONG || (type === DOUBLE && isWholeDouble(bytes, value))) {
        const key = Array.isArray(into) ? place : bytes.toString('utf8', at + 1, nameEnd);
        const known = (into as Record<string | number, unknown>)[key];
        if (typeof known === 'number')
          (into as Record<string | number, unknown>)[key] = type === LONG ? Long.fromNumber(known) : new Double(known);
        else if ((type === DOCUMENT || type === ARRAY) && typeof known === 'object' && known !== null)
          open.push({ at: value, into: known as Container });
      }
      at = endOf(bytes, type, value);
    }
  }
}
