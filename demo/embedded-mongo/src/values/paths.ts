import { isDoc } from './types';

const INDEX = /^(?:0|[1-9]\d*)$/;

/**
 * Calls `test` with each value that a dotted path reaches in a document, arrays on the way expanded, until one returns true.
 * A path that reaches nothing gives undefined; an array at the end is given after its elements when `expandLast`.
 */
export function someValue(
  value: unknown,
  path: readonly string[],
  at: number,
  expandLast: boolean,
  test: (value: unknown) => boolean,
): boolean {
  for (; at < path.length; at++) {
    if (Array.isArray(value)) return someInArray(value, path, at, expandLast, test);
    if (!isDoc(value)) return test(undefined);
    value = value[path[at]];
  }
  if (expandLast && Array.isArray(value) && value.some((item: unknown) => test(item))) return true;
  return test(value);
}

function someInArray(
  array: readonly unknown[],
  path: readonly string[],
  at: number,
  expandLast: boolean,
  test: (value: unknown) => boolean,
): boolean {
  for (const item of array) if (isDoc(item) && someValue(item, path, at, expandLast, test)) return true;
  if (!INDEX.test(path[at])) return false;
  const index = Number(path[at]);
  return index < array.length && someValue(array[index], path, at + 1, expandLast, test);
}

/** The values at a path for a sort key: arrays expanded, missing ones undefined. */
export function valuesAt(value: unknown, path: readonly string[]): unknown[] {
  const found: unknown[] = [];
  someValue(value, path, 0, true, (item) => {
    found.push(item);
    return false;
  });
  return found;
}

/** The value at a path of documents only; arrays are not entered. */
export function getPath(value: unknown, path: readonly string[]): unknown {
  for (const field of path) {
    if (!isDoc(value)) return undefined;
    value = value[field];
  }
  return value;
}
