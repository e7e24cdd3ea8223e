import { badValue } from '../errors';
import { TYPE_ORDER, typeOrder } from '../values/compare';
import { bsonType, toNumber } from '../values/types';

const CODES: Readonly<Record<string, number>> = {
  double: 1,
  string: 2,
  object: 3,
  array: 4,
  binData: 5,
  undefined: 6,
  objectId: 7,
  bool: 8,
  date: 9,
  null: 10,
  regex: 11,
  dbPointer: 12,
  javascript: 13,
  symbol: 14,
  javascriptWithScope: 15,
  int: 16,
  timestamp: 17,
  long: 18,
  decimal: 19,
  minKey: -1,
  maxKey: 127,
};
const NUMBERS = [1, 16, 18, 19];
const CODE_ORDER: Readonly<Record<number, number>> = {
  1: TYPE_ORDER.number,
  2: TYPE_ORDER.string,
  3: TYPE_ORDER.object,
  4: TYPE_ORDER.array,
  5: TYPE_ORDER.binary,
  6: TYPE_ORDER.undefined,
  7: TYPE_ORDER.objectId,
  8: TYPE_ORDER.boolean,
  9: TYPE_ORDER.date,
  10: TYPE_ORDER.null,
  11: TYPE_ORDER.regex,
  13: TYPE_ORDER.code,
  14: TYPE_ORDER.string,
  15: TYPE_ORDER.code,
  16: TYPE_ORDER.number,
  17: TYPE_ORDER.timestamp,
  18: TYPE_ORDER.number,
  19: TYPE_ORDER.number,
  [-1]: TYPE_ORDER.minKey,
  127: TYPE_ORDER.maxKey,
};

/** The type codes of a `$type` operand; the alias `number` stays as it is. */
export function typeCodes(value: unknown): (number | 'number')[] {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  return list.map((item) => {
    if (item === 'number') return item;
    if (typeof item === 'string') {
      if (!(item in CODES)) throw badValue(`Unknown type name alias: ${item}`);
      return CODES[item];
    }
    const code = toNumber(item);
    if (code === undefined || !(code in CODE_ORDER)) throw badValue(`Invalid numerical type code: ${String(item)}`);
    return code;
  });
}

/** The place of a type code in the order of types. */
export function orderOfCode(code: number | 'number'): number {
  return code === 'number' ? TYPE_ORDER.number : CODE_ORDER[code];
}

export function hasType(value: unknown, codes: readonly (number | 'number')[]): boolean {
  const order = typeOrder(value);
  return codes.some((code) => {
    if (value === undefined) return false;
    if (orderOfCode(code) !== order) return false;
    return code === 'number' || !NUMBERS.includes(code) || numberCode(value) === code;
  });
}

function numberCode(value: unknown): number {
  const type = bsonType(value);
  if (type === 'Long') return CODES.long;
  if (type === 'Decimal128') return CODES.decimal;
  if (type === 'Double') return CODES.double;
  if (type === 'Int32') return CODES.int;
  return Number.isInteger(value) && Math.abs(Number(value)) <= 0x7fffffff ? CODES.int : CODES.double;
}
