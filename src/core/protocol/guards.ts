/** Tells whether what came from elsewhere is what its type says, and no larger than it may be. */
export type Guard<T> = (value: unknown) => value is T;

/** UTF-16 units of a text that nothing else bounds: the longest answer of a database as indented text. */
export const LONGEST_TEXT = 250_000_000;
const LONGEST_LIST = 1_000_000;

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isBoolean(value: unknown): value is boolean {
  return typeof value === 'boolean';
}

/** No NaN, which is what a lost number becomes. */
export function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

/** An index or a count. */
export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

export function isBuffer(value: unknown): value is ArrayBuffer {
  return value instanceof ArrayBuffer;
}

export function textOf(maximum: number): Guard<string> {
  return (value): value is string => typeof value === 'string' && value.length <= maximum;
}

export function oneOf<const T extends string>(...values: readonly T[]): Guard<T> {
  const known: readonly unknown[] = values;
  return (value): value is T => known.includes(value);
}

export function either<A, B>(a: Guard<A>, b: Guard<B>): Guard<A | B> {
  return (value): value is A | B => a(value) || b(value);
}

export function optional<T>(guard: Guard<T>): Guard<T | undefined> {
  return (value): value is T | undefined => value === undefined || guard(value);
}

export function nullable<T>(guard: Guard<T>): Guard<T | null> {
  return (value): value is T | null => value === null || guard(value);
}

export function listOf<T>(guard: Guard<T>, maximum = LONGEST_LIST): Guard<readonly T[]> {
  return (value): value is readonly T[] => Array.isArray(value) && value.length <= maximum && value.every(guard);
}

/** An object with these fields, and perhaps others, which are not looked at. */
export function shapeOf<T extends object>(fields: { readonly [Name in keyof T]-?: Guard<T[Name]> }): Guard<T> {
  const entries = Object.entries<Guard<unknown>>(fields);
  return (value): value is T => isRecord(value) && entries.every(([name, guard]) => guard(value[name]));
}

/** An object that our own code made, on the other side of the channel: its parts are taken as they are. */
export function made<T extends object>(): Guard<T> {
  return (value): value is T => isRecord(value);
}
