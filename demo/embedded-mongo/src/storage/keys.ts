import { createHash } from 'node:crypto';
import { serialize } from 'bson';
import { ServerError } from '../errors';
import { isDoc, toNumber } from '../values/types';
import type { Doc } from '../values/types';

/** The keys of a document in one index, and which fields of the pattern met an array on which parts of their path. */
export interface DocumentKeys {
  readonly keys: unknown[][];
  /** Per field of the pattern: the path prefixes that were arrays. */
  readonly arrays: readonly (readonly string[])[];
  /** Whether no field of the pattern exists in the document. */
  readonly absent: boolean;
}

interface FieldValues {
  readonly values: unknown[];
  readonly arrays: string[];
  exists: boolean;
}

function collect(value: unknown, path: readonly string[], at: number, found: FieldValues): void {
  for (; at < path.length; at++) {
    if (Array.isArray(value)) {
      found.arrays.push(path.slice(0, at).join('.'));
      if (/^\d+$/.test(path[at]) && Number(path[at]) < value.length) {
        value = value[Number(path[at])] as unknown;
        continue;
      }
      if (value.length === 0) found.values.push(null);
      for (const item of value) collect(isDoc(item) ? item : undefined, path, at, found);
      return;
    }
    if (!isDoc(value) || !(path[at] in value)) {
      found.values.push(null);
      return;
    }
    value = value[path[at]];
  }
  if (value === undefined) {
    found.values.push(null);
    return;
  }
  found.exists = true;
  if (!Array.isArray(value)) found.values.push(value);
  else {
    found.arrays.push(path.join('.'));
    if (value.length === 0) found.values.push(undefined);
    else found.values.push(...(value as unknown[]));
  }
}

/** A 64-bit number of a value for a hashed index: stable, and equal for equal values. It is not the number a server would give. */
export function hashOf(value: unknown): bigint {
  // Equal numbers of different types have one hash.
  const bytes = serialize({ '': toNumber(value) ?? value ?? null });
  return createHash('md5').update(bytes).digest().readBigInt64LE(0);
}

/** Generates the index keys of a document. `paths` and `hashed` are parallel to the fields of the key pattern. */
export function keysOf(doc: Doc, paths: readonly (readonly string[])[], hashed: readonly boolean[]): DocumentKeys {
  const fields = paths.map((path) => {
    const found: FieldValues = { values: [], arrays: [], exists: false };
    const value = path.length === 1 ? doc[path[0]] : undefined;
    if (path.length === 1 && !Array.isArray(value) && value !== undefined) {
      found.values.push(value);
      found.exists = true;
    } else collect(doc, path, 0, found);
    return found;
  });
  fields.forEach((field, i) => {
    if (!hashed[i]) return;
    if (field.arrays.length > 0) throw new ServerError(16766, 'hashed indexes do not currently support array values');
    field.values[0] = hashOf(field.values[0]);
  });
  return {
    keys: product(fields),
    arrays: fields.map((field) => field.arrays),
    absent: fields.every((field) => !field.exists),
  };
}

function product(fields: readonly FieldValues[]): unknown[][] {
  const many = fields.filter((field) => field.values.length > 1);
  if (many.length === 0) return [fields.map((field) => field.values[0])];
  // Fields of one array of documents belong together: their values are parallel.
  const parents = new Set(many.map((field) => field.arrays[0] ?? ''));
  if (parents.size > 1) throw new ServerError(171, `cannot index parallel arrays [${[...parents].join('] [')}]`);
  const count = Math.max(...many.map((field) => field.values.length));
  return Array.from({ length: count }, (_, i) =>
    fields.map((field) => (field.values.length > 1 ? field.values[i] : field.values[0])),
  );
}
