import { badValue } from '../errors';
import { compareValues } from '../values/compare';
import type { StringOrder } from '../values/compare';
import { valuesAt } from '../values/paths';
import { isDoc, toNumber } from '../values/types';
import type { Doc } from '../values/types';

export interface SortPart {
  readonly field: string;
  readonly path: readonly string[];
  readonly direction: 1 | -1;
  /** `textScore` and the like: sorts by what the search found, not by a field. */
  readonly meta?: string;
}

export interface Sort {
  readonly pattern: Doc;
  readonly parts: readonly SortPart[];
}

/** Reads a sort document; undefined for an empty one. `$natural` is left to the caller. */
export function parseSort(pattern: unknown): Sort | undefined {
  if (pattern === undefined || pattern === null) return undefined;
  if (!isDoc(pattern)) throw badValue('sort must be a document');
  const parts = Object.entries(pattern).map(([field, value]): SortPart => {
    if (isDoc(value) && typeof value.$meta === 'string')
      return { field, path: field.split('.'), direction: -1, meta: value.$meta };
    const number = toNumber(value);
    if (number !== 1 && number !== -1)
      throw badValue(`$sort key ordering must be 1 (for ascending) or -1 (for descending)`);
    if (field === '' || field.startsWith('$'))
      throw badValue(`FieldPath field names may not start with '$'. Consider using $getField or $setField.`);
    return { field, path: field.split('.'), direction: number };
  });
  return parts.length === 0 ? undefined : { pattern, parts };
}

/** The value a document sorts by: of an array the smallest (ascending) or the greatest (descending) element. */
export function sortValue(doc: Doc, { path, direction }: SortPart, strings: StringOrder): unknown {
  const direct = path.length === 1 ? doc[path[0]] : undefined;
  if (path.length === 1 && !Array.isArray(direct)) return direct === undefined ? null : direct;
  const values = valuesAt(doc, path);
  const elements = values.filter((value) => !Array.isArray(value)).map((value) => (value === undefined ? null : value));
  if (elements.length === 0) return values.some(Array.isArray) ? undefined : null;
  return elements.reduce((best, value) => (compareValues(value, best, strings) * direction < 0 ? value : best));
}

export function compareSortKeys(
  a: readonly unknown[],
  b: readonly unknown[],
  parts: readonly SortPart[],
  strings: StringOrder,
): number {
  for (let i = 0; i < parts.length; i++) {
    const order = compareValues(a[i], b[i], strings);
    if (order) return order * parts[i].direction;
  }
  return 0;
}
