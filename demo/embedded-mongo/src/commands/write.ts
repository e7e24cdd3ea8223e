import { badValue, failedToParse, ServerError, typeMismatch } from '../errors';
import { execute } from '../execution/executor';
import { memberDoc } from '../execution/stage';
import { readHint } from '../planner/query';
import type { Query } from '../planner/query';
import { normalise } from '../query/normalise';
import { parseQuery, plainId } from '../query/parse';
import { parseProjection, projector } from '../query/projection';
import { parseSort } from '../query/sort';
import type { Collection } from '../storage/collection';
import { parseCollation } from '../values/collation';
import { compareValues } from '../values/compare';
import { isDoc, toNumber } from '../values/types';
import type { Doc } from '../values/types';
import { collectionName } from './context';
import type { CommandContext } from './context';
import { readable, watch } from './read';
import { applyUpdate, isReplacement, upsertBase } from './updates';

const MAX_WRITES = 100000;

function writeError(index: number, error: unknown): Doc {
  if (!(error instanceof ServerError)) throw error;
  return { index, code: error.code, ...error.fields, errmsg: error.message };
}

function statements(body: Doc, field: string): Doc[] {
  const list: unknown = body[field];
  if (!Array.isArray(list)) throw failedToParse(`BSON field '${field}' is missing but a required field`);
  if (list.length === 0 || list.length > MAX_WRITES) {
    throw new ServerError(16, `Write batch sizes must be between 1 and ${MAX_WRITES}. Got ${list.length} operations.`);
  }
  if (!list.every(isDoc)) throw typeMismatch(`BSON field '${field}' must hold objects`);
  return list;
}

/** Runs the statements of a write command one by one; an ordered one stops at the first error. */
function writeAll(
  body: Doc,
  list: readonly Doc[],
  write: (statement: Doc, index: number) => void,
): { writeErrors?: Doc[] } {
  const errors: Doc[] = [];
  for (const [index, statement] of list.entries()) {
    try {
      write(statement, index);
    } catch (error) {
      errors.push(writeError(index, error));
      if (body.ordered !== false) break;
    }
  }
  return errors.length > 0 ? { writeErrors: errors } : {};
}

export function insert(context: CommandContext): Doc {
  const { body, database, notes } = context;
  const list = statements(body, 'documents');
  const collection = database.ensure(collectionName(context));
  let n = 0;
  const errors = writeAll(body, list, (doc) => {
    collection.insert(doc);
    n++;
  });
  Object.assign(notes, { op: 'insert', ninserted: n });
  return { n, ...errors };
}

/** The query of an update, delete or findAndModify statement. */
export function writeQuery(filter: unknown, options: Doc, collection: Collection, one: boolean): Query {
  return {
    match: normalise(parseQuery(filter ?? {})),
    byId: plainId(filter),
    collation: parseCollation(options.collation) ?? collection.collation,
    sort: parseSort(options.sort),
    ...(one && options.sort ? { limit: 1 } : {}),
    ...readHint(options.hint),
  };
}

interface Found {
  readonly record: number;
  readonly doc: Doc;
}

function matching(query: Query, collection: Collection, one: boolean, context: CommandContext): Found[] {
  const executor = execute(query, collection, { deadline: context.deadline });
  watch(context, executor);
  const found: Found[] = [];
  for (const member of executor) {
    found.push({ record: member.record, doc: memberDoc(member) });
    if (one) break;
  }
  return found;
}

export function update(context: CommandContext): Doc {
  const { body, database, notes } = context;
  const list = statements(body, 'updates');
  const collection = database.ensure(collectionName(context));
  let n = 0;
  let nModified = 0;
  const upserted: Doc[] = [];
  const errors = writeAll(body, list, (statement, index) => {
    const { q, u, multi, upsert, arrayFilters } = statement;
    if (isReplacement(u) && multi === true)
      throw failedToParse('multi update is not supported for replacement-style update');
    const query = writeQuery(q, statement, collection, multi !== true);
    const found = matching(query, collection, multi !== true, context);
    const filters = Array.isArray(arrayFilters) ? (arrayFilters as Doc[]) : [];
    const change = { change: u, arrayFilters: filters, filter: isDoc(q) ? q : {}, inserting: false };
    for (const { record, doc } of found) {
      const next = applyUpdate(doc, change);
      n++;
      if (compareValues(doc, next) === 0) continue;
      collection.replace(record, next);
      nModified++;
    }
    if (found.length > 0 || upsert !== true) return;
    const made = collection.insert(applyUpdate(upsertBase(query.match), { ...change, inserting: true }));
    n++;
    upserted.push({ index, _id: made._id });
  });
  Object.assign(notes, { op: 'update', nMatched: n - upserted.length, nModified });
  return { n, nModified, ...(upserted.length > 0 ? { upserted } : {}), ...errors };
}

export function remove(context: CommandContext): Doc {
  const { body, notes } = context;
  const list = statements(body, 'deletes');
  const collection = readable(context, collectionName(context));
  let n = 0;
  const errors = writeAll(body, list, (statement) => {
    const limit = toNumber(statement.limit);
    if (limit !== 0 && limit !== 1)
      throw failedToParse(`The limit field in delete objects must be 0 or 1. Got ${String(statement.limit)}`);
    for (const { record } of matching(
      writeQuery(statement.q, statement, collection, limit === 1),
      collection,
      limit === 1,
      context,
    )) {
      collection.remove(record);
      n++;
    }
  });
  Object.assign(notes, { op: 'remove', ndeleted: n });
  return { n, ...errors };
}

export function findAndModify(context: CommandContext): Doc {
  const { body, database } = context;
  const name = collectionName(context);
  if (body.remove === true && body.update !== undefined)
    throw failedToParse('Cannot specify both an update and remove=true');
  if (body.remove !== true && body.update === undefined)
    throw failedToParse('Either an update or remove=true must be specified');
  if (body.remove === true && body.new === true)
    throw failedToParse("Cannot specify both new=true and remove=true; 'remove' always returns the deleted document");
  const collection = body.remove === true ? readable(context, name) : database.ensure(name);
  const query = writeQuery(body.query, body, collection, true);
  const [found] = matching(query, collection, true, context);
  const projection = parseProjection(body.fields);
  const shown = (doc: Doc) => (projection ? projector(projection)(doc) : doc);
  if (body.remove === true) {
    if (!found) return { lastErrorObject: { n: 0 }, value: null };
    collection.remove(found.record);
    return { lastErrorObject: { n: 1 }, value: shown(found.doc) };
  }
  if (!isDoc(body.update) && !Array.isArray(body.update)) throw badValue('update must be a document or a pipeline');
  const filters = Array.isArray(body.arrayFilters) ? (body.arrayFilters as Doc[]) : [];
  const change = {
    change: body.update,
    arrayFilters: filters,
    filter: isDoc(body.query) ? body.query : {},
    inserting: false,
  };
  if (found) {
    const next = applyUpdate(found.doc, change);
    collection.replace(found.record, next);
    return { lastErrorObject: { n: 1, updatedExisting: true }, value: shown(body.new === true ? next : found.doc) };
  }
  if (body.upsert !== true) return { lastErrorObject: { n: 0, updatedExisting: false }, value: null };
  const made = collection.insert(applyUpdate(upsertBase(query.match), { ...change, inserting: true }));
  return {
    lastErrorObject: { n: 1, updatedExisting: false, upserted: made._id },
    value: body.new === true ? shown(made) : null,
  };
}
