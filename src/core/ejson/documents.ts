/** A document as extended JSON: what a server answers, what a statement's text gives, and what the wire takes. Nothing is known of it. */
export type EjsonDocument = Readonly<Record<string, unknown>>;

/** The value as a document: not an array, and not a BSON value such as an ObjectId. */
export function asDocument(value: unknown): EjsonDocument | undefined {
  return isDocument(value) ? value : undefined;
}

export function isDocument(value: unknown): value is EjsonDocument {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !('_bsontype' in value) &&
    !(value instanceof Date)
  );
}

export function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** A finite number, whatever way it is written: plain, EJSON, BSON, or as digits in a string. */
export function asNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : wrappedNumber(value);
  return number !== undefined && Number.isFinite(number) ? number : undefined;
}

/**
 * How many or how long, as a server says it: a number from 0 to what is counted without gaps (2^53). Anything else is no answer,
 * and is as unknown as one that is absent.
 */
export function asCount(value: unknown): number | undefined {
  const number = asNumber(value);
  return number !== undefined && number >= 0 && number <= Number.MAX_SAFE_INTEGER ? number : undefined;
}

const NUMBER_WRAPPERS = ['$numberLong', '$numberInt', '$numberDouble'];

/** The number inside `{$numberLong}`, a `Long` or a bigint; undefined for anything else. */
function wrappedNumber(value: unknown): number | undefined {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'object' || value === null) return undefined;
  if ('_bsontype' in value) return bsonNumber(value);
  let only: string | undefined;
  for (const key in value) {
    if (only !== undefined) return longParts({ ...value });
    only = key;
  }
  if (only === undefined || !NUMBER_WRAPPERS.includes(only)) return undefined;
  const digits = (value as EjsonDocument)[only];
  const number =
    typeof digits === 'string' && digits.trim() !== '' ? Number(digits) : typeof digits === 'number' ? digits : NaN;
  return Number.isNaN(number) && digits !== 'NaN' ? undefined : number;
}

function bsonNumber(value: { _bsontype: unknown } & EjsonDocument): number | undefined {
  if (value._bsontype === 'Long') return longParts({ low: value.low, high: value.high, unsigned: value.unsigned });
  if (value._bsontype === 'Int32' || value._bsontype === 'Double')
    return typeof value.value === 'number' ? value.value : undefined;
  return undefined;
}

/** A Long that somebody printed with its fields. */
function longParts({ low, high, unsigned, ...others }: EjsonDocument): number | undefined {
  if (typeof low !== 'number' || typeof high !== 'number' || typeof unsigned !== 'boolean') return undefined;
  if (Object.keys(others).length > 0) return undefined;
  return (unsigned ? high >>> 0 : high) * 0x1_0000_0000 + (low >>> 0);
}

/**
 * The value with every wrapped number plain. What needs no change is returned as it is, not copied; no depth of nesting
 * overflows the stack.
 */
export function plainNumbers(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'object' || value === null) return value;
  const own = wrappedNumber(value);
  if (own !== undefined) return own;
  return hasWrappedNumber(value) ? copyPlain(value) : value;
}

function hasWrappedNumber(value: object): boolean {
  const open: object[] = [value];
  for (let node = open.pop(); node; node = open.pop()) {
    for (const key in node) {
      const child = (node as EjsonDocument)[key];
      if (typeof child === 'bigint') return true;
      if (typeof child !== 'object' || child === null) continue;
      if (wrappedNumber(child) !== undefined) return true;
      if (!('_bsontype' in child)) open.push(child);
    }
  }
  return false;
}

function copyPlain(value: object): unknown {
  const empty = (of: object): Record<string, unknown> => (Array.isArray(of) ? [] : {}) as Record<string, unknown>;
  const result = empty(value);
  const open: [object, Record<string, unknown>][] = [[value, result]];
  for (let pair = open.pop(); pair; pair = open.pop()) {
    const [from, to] = pair;
    for (const key in from) {
      const child = (from as EjsonDocument)[key];
      const number = wrappedNumber(child);
      if (number !== undefined) setOwn(to, key, number);
      else if (typeof child !== 'object' || child === null || '_bsontype' in child || child instanceof Date)
        setOwn(to, key, child);
      else {
        const copy = empty(child);
        setOwn(to, key, copy);
        open.push([child, copy]);
      }
    }
  }
  return result;
}

/** Sets a property of any name: a plain assignment of `__proto__` would set the prototype. */
export function setOwn(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__')
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  else target[key] = value;
}

/** The entries that are documents, of a value that should be a list. */
export function documentsOf(value: unknown): EjsonDocument[] {
  return Array.isArray(value) ? value.filter(isDocument) : [];
}

/** Whether the value and all within it are more than so many; no depth of nesting overflows the stack. */
export function hasMoreValuesThan(value: unknown, most: number): boolean {
  const open: unknown[] = [value];
  let count = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (typeof next !== 'object' || next === null) continue;
    for (const inner of Array.isArray(next) ? (next as unknown[]) : Object.values(next)) {
      if (++count > most) return true;
      if (typeof inner === 'object' && inner !== null) open.push(inner);
    }
  }
  return false;
}

/** Whether it is an object with something in it, as a condition that tests something is. */
export function isNonEmpty(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  for (const _ in value) return true;
  return false;
}
