import { ObjectId } from 'bson';
import { update } from 'mingo/updater';
import { failedToParse, ServerError } from '../errors';
import { runMingo } from '../aggregation/operators';
import type { Match } from '../query/match';
import { toMingo } from '../values/mingo';
import { getPath } from '../values/paths';
import { isDoc, plainNumbers } from '../values/types';
import type { Doc } from '../values/types';

const MODIFIERS = new Set([
  '$set',
  '$unset',
  '$inc',
  '$mul',
  '$min',
  '$max',
  '$rename',
  '$push',
  '$pull',
  '$pullAll',
  '$pop',
  '$addToSet',
  '$currentDate',
  '$bit',
  '$setOnInsert',
]);

/** A copy of the documents and arrays of a value; other values are shared, they never change. */
export function copyOf<T>(value: T): T {
  if (Array.isArray(value)) return value.map(copyOf) as T;
  if (!isDoc(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copyOf(item)])) as T;
}

/** Whether an update replaces the document. Throws for a mix of modifiers and fields, and for unknown modifiers. */
export function isReplacement(change: unknown): boolean {
  if (Array.isArray(change)) return false;
  if (!isDoc(change)) throw failedToParse('Update argument must be either an object or an array');
  const names = Object.keys(change);
  const modifiers = names.filter((name) => name.startsWith('$'));
  if (modifiers.length === 0) return true;
  if (modifiers.length < names.length) {
    throw new ServerError(
      52,
      `The dollar ($) prefixed field '${modifiers[0]}' in '${modifiers[0]}' is not valid for storage.`,
    );
  }
  const unknown = modifiers.find((name) => !MODIFIERS.has(name));
  if (unknown)
    throw failedToParse(
      `Unknown modifier: ${unknown}. Expected a valid update modifier or pipeline-style update specified as an array`,
    );
  return false;
}

export interface Change {
  readonly change: unknown;
  readonly arrayFilters: readonly Doc[];
  readonly filter: Doc;
  readonly inserting: boolean;
}

/** The document that an update makes of another one. */
export function applyUpdate(doc: Doc, { change, arrayFilters, filter, inserting }: Change): Doc {
  if (Array.isArray(change)) {
    let docs = [copyOf(doc)];
    for (const stage of change as Doc[])
      for (const [name, spec] of Object.entries(stage)) docs = runMingo(docs, name, spec, {}, undefined);
    return docs[0];
  }
  if (isReplacement(change)) return { ...('_id' in doc ? { _id: doc._id } : {}), ...(change as Doc) };
  checkConflicts(change as Doc);
  const copy = copyOf(doc);
  for (const [name, fields] of Object.entries(change as Doc)) {
    const operator = name === '$setOnInsert' ? (inserting ? '$set' : undefined) : name;
    if (!operator) continue;
    if (!isDoc(fields))
      throw failedToParse(
        `Modifiers operate on fields but we found another type instead. For example: {$mod: {<field>: ...}}`,
      );
    if (COMPUTES.has(operator)) Object.keys(fields).forEach((path) => makePlain(copy, path.split('.')));
    if (MAKES_FIELDS.has(operator)) Object.keys(fields).forEach((path) => checkViable(copy, path));
    try {
      update(copy as never, { [operator]: copyOf(toMingo(fields)) }, arrayFilters as never, filter as never, {
        cloneMode: 'deep',
      });
    } catch (error) {
      throw updateError(error instanceof Error ? error.message : String(error));
    }
  }
  return copy;
}

const MAKES_FIELDS = new Set(['$set', '$inc', '$mul', '$min', '$max', '$push', '$addToSet', '$currentDate', '$bit']);

const COMPUTES = new Set(['$inc', '$mul', '$min', '$max', '$bit']);

/** What is computed with has to be a plain number. */
function makePlain(doc: Doc, path: readonly string[]): void {
  const target = getPath(doc, path.slice(0, -1));
  const last = path[path.length - 1];
  if (isDoc(target) && last in target) target[last] = plainNumbers(target[last]);
}

/** A field can only be made in a document or an array. */
function checkViable(doc: Doc, path: string): void {
  const fields = path.split('.');
  let value: unknown = doc;
  for (const [i, field] of fields.slice(0, -1).entries()) {
    value = isDoc(value)
      ? value[field]
      : Array.isArray(value) && /^\d+$/.test(field)
        ? (value[Number(field)] as unknown)
        : undefined;
    if (value === undefined) return;
    if (!isDoc(value) && !Array.isArray(value))
      throw new ServerError(
        28,
        `Cannot create field '${fields[i + 1]}' in element {${field}: ${JSON.stringify(value)}}`,
      );
  }
}

/** Two modifiers may not change one field, or a field and a part of it. */
function checkConflicts(change: Doc): void {
  const paths = Object.values(change)
    .flatMap((fields) => (isDoc(fields) ? Object.keys(fields) : []))
    .sort();
  for (const [i, path] of paths.entries()) {
    const next = paths[i + 1];
    if (next !== undefined && (next === path || next.startsWith(`${path}.`))) {
      throw new ServerError(40, `Updating the path '${next}' would create a conflict at '${path}'`);
    }
  }
}

function updateError(message: string): ServerError {
  if (/immutable field/.test(message)) return new ServerError(66, message);
  return /Cannot create field|not viable/i.test(message) ? new ServerError(28, message) : new ServerError(14, message);
}

/** The document an upsert starts from: the equalities of its filter. */
export function upsertBase(match: Match): Doc {
  const doc: Doc = {};
  const parts = match.kind === 'and' ? match.children : [match];
  for (const { kind, path, value } of parts) {
    if (kind !== 'eq' || path === '') continue;
    const fields = path.split('.');
    let target = doc;
    for (const field of fields.slice(0, -1)) target = (target[field] ??= {}) as Doc;
    target[fields[fields.length - 1]] = value;
  }
  return '_id' in doc ? { _id: doc._id, ...doc } : { _id: new ObjectId(), ...doc };
}
