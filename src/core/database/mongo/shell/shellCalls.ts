import { badArguments } from '../errors/valueErrors';

type Call = (args: readonly unknown[]) => unknown;

const now = (): unknown => ({ $date: { $numberLong: String(Date.now()) } });

const long: Call = ([value]) => integer(value ?? { $numberInt: '0' }, '$numberLong', 64);
const int: Call = ([value]) => integer(value ?? { $numberInt: '0' }, '$numberInt', 32);
const decimal: Call = ([value]) => {
  const text = numberText(value) ?? (typeof value === 'string' ? value.trim() : '0');
  return isDecimal(text) ? { $numberDecimal: text } : badArguments(`${JSON.stringify(value)} is no decimal number.`);
};
const double: Call = ([value]) => {
  const number = Number(numberText(value) ?? value);
  return Number.isNaN(number) && value !== 'NaN'
    ? badArguments('A number is needed.')
    : { $numberDouble: String(number) };
};
const date: Call = (args) => (args.length === 0 ? now() : dateOf(args));
const objectId: Call = ([value]) => {
  if (value === undefined) return badArguments('ObjectId() needs its 24 hexadecimal digits.');
  return typeof value === 'string'
    ? checkedWrapper({ $oid: value })
    : isObjectId(value)
      ? value
      : badArguments('An ObjectId is 24 hexadecimal digits in quotes.');
};
const uuid: Call = ([value]) =>
  typeof value === 'string' ? checkedWrapper({ $uuid: value }) : badArguments('A UUID is written in quotes.');
const regex: Call = ([pattern, options = '']) => {
  if (typeof options !== 'string') return badArguments('The options of a regular expression are written in quotes.');
  if (typeof pattern === 'string')
    return { $regularExpression: { pattern, options: [...options.replace(/[gyu]/g, '')].sort().join('') } };
  return typeof pattern === 'object' && pattern !== null && '$regularExpression' in pattern
    ? pattern
    : badArguments('The pattern of a regular expression is written in quotes.');
};
const timestamp: Call = (args) => {
  const [first, second] = args;
  const parts =
    typeof first === 'object' && first !== null && 't' in first
      ? (first as { t?: unknown; i?: unknown })
      : { t: first, i: second };
  const [t, i] = [parts.t, parts.i].map((part) => Number(numberText(part ?? { $numberInt: '0' })));
  return [t, i].every((part) => Number.isInteger(part) && part >= 0 && part <= 0xffffffff)
    ? { $timestamp: { t, i } }
    : badArguments('A Timestamp is two whole numbers: seconds and a counter.');
};
const binary: Call = ([subType, base64]) => {
  const type = Number(numberText(subType));
  if (!Number.isInteger(type) || type < 0 || type > 255 || typeof base64 !== 'string')
    return badArguments('BinData() takes a sub-type and a text in Base64.');
  return { $binary: { base64, subType: type.toString(16).padStart(2, '0') } };
};

const CALLS: Readonly<Record<string, Call>> = {
  ObjectId: objectId,
  ObjectID: objectId,
  'bson.ObjectId': objectId,
  'mongoose.Types.ObjectId': objectId,
  'Types.ObjectId': objectId,
  ISODate: date,
  Date: date,
  'Date.now': () => ({ $numberLong: String(Date.now()) }),
  NumberLong: long,
  Long: long,
  'Long.fromString': long,
  'Long.fromNumber': long,
  Int64: long,
  NumberInt: int,
  Int32: int,
  NumberDecimal: decimal,
  Decimal128: decimal,
  'Decimal128.fromString': decimal,
  NumberDouble: double,
  Double: double,
  UUID: uuid,
  RegExp: regex,
  BSONRegExp: regex,
  Timestamp: timestamp,
  BinData: binary,
  MinKey: () => ({ $minKey: 1 }),
  MaxKey: () => ({ $maxKey: 1 }),
};

/** Canonical EJSON of a call of the shell; undefined when there is no such function, a HeatlensError when it cannot be. */
export function shellCall(name: string, args: readonly unknown[]): unknown {
  return Object.hasOwn(CALLS, name) ? CALLS[name](args) : undefined;
}

function numberText(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const [key, inner] = Object.entries(value)[0] ?? [];
  return key?.startsWith('$number') ? String(inner) : undefined;
}

function isObjectId(value: unknown): boolean {
  return typeof value === 'object' && value !== null && '$oid' in value;
}

function isDecimal(text: string): boolean {
  return /^[-+]?(\d+(\.\d*)?|\.\d+)(e[-+]?\d+)?$|^[-+]?inf(inity)?$|^nan$/i.test(text);
}

function integer(value: unknown, wrapper: '$numberInt' | '$numberLong', bits: 32 | 64): unknown {
  const text = (numberText(value) ?? (typeof value === 'string' ? value.trim() : '')).replace(/\.0+$/, '');
  if (!/^[-+]?\d{1,20}$/.test(text)) return badArguments('A whole number is needed.');
  const whole = BigInt(text.replace(/^\+/, ''));
  return BigInt.asIntN(bits, whole) === whole
    ? { [wrapper]: whole.toString() }
    : badArguments(`${text} does not fit into ${bits} bits.`);
}

/** A date without a zone is UTC, as `ISODate` reads it: the zone of the program is not known. */
function dateOf(args: readonly unknown[]): unknown {
  const [first] = args;
  if (args.length > 1) {
    const parts = args.map((arg) => Number(numberText(arg)));
    if (parts.some((part) => !Number.isInteger(part)) || args.length > 7)
      return badArguments('The parts of a date are whole numbers.');
    const [year, month, ...rest] = parts;
    return dateValue(Date.UTC(year, month, ...rest));
  }
  const millis = numberText(first);
  if (millis !== undefined) return dateValue(Number(millis));
  if (typeof first === 'object' && first !== null && '$date' in first) return first;
  return typeof first === 'string' ? dateText(first) : badArguments('A date is a text such as "2024-01-31T12:00:00Z".');
}

function dateText(text: string): unknown {
  const written = text.trim();
  // Without a zone it is UTC, whatever the zone of the machine that reads it.
  const zoned = /^[-+]?\d{4,6}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d([.,]\d+)?)?$/.test(written)
    ? `${written.replace(' ', 'T').replace(',', '.')}Z`
    : written;
  const millis = Date.parse(zoned);
  return Number.isNaN(millis) ? badArguments(`${JSON.stringify(text.slice(0, 40))} is no date.`) : dateValue(millis);
}

function dateValue(millis: number): unknown {
  return Number.isFinite(millis) && Math.abs(millis) <= 8.64e15
    ? { $date: { $numberLong: String(millis) } }
    : badArguments('That is no date.');
}

const NUMBERS: Readonly<Record<string, Call>> = {
  $numberInt: int,
  $numberLong: long,
  $numberDouble: double,
  $numberDecimal: decimal,
};

/**
 * A document in canonical form if it is EJSON for a value (`{ $oid: … }`, `{ $date: … }`), else as it is; a HeatlensError when
 * it is for one, but cannot be read. `$regex` is an operator and stays.
 */
export function checkedWrapper(document: Readonly<Record<string, unknown>>): unknown {
  const keys = Object.keys(document);
  if (keys.length !== 1) return document;
  const [key] = keys;
  const value = document[key];
  if (Object.hasOwn(NUMBERS, key)) return NUMBERS[key]([value]);
  switch (key) {
    case '$oid':
      return typeof value === 'string' && /^[\da-fA-F]{24}$/.test(value)
        ? { $oid: value.toLowerCase() }
        : badArguments('An ObjectId has 24 hexadecimal digits.');
    case '$uuid':
      return typeof value === 'string' && /^[\da-f]{8}-?([\da-f]{4}-?){3}[\da-f]{12}$/i.test(value)
        ? document
        : badArguments('A UUID has 32 hexadecimal digits.');
    case '$date':
      return dateOf([value]);
    case '$minKey':
    case '$maxKey':
      return { [key]: 1 };
    case '$timestamp':
      return timestamp([value]);
    case '$regularExpression': {
      const { pattern, options = '' } =
        typeof value === 'object' && value !== null ? (value as { pattern?: unknown; options?: unknown }) : {};
      return typeof pattern === 'string' && typeof options === 'string' && /^[imsux]*$/.test(options)
        ? { [key]: { pattern, options } }
        : badArguments('$regularExpression needs pattern and options as texts.');
    }
    default:
      return document;
  }
}
