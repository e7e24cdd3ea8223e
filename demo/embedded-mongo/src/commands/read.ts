import { runPipeline } from '../aggregation/run';
import { ServerError, typeMismatch } from '../errors';
import { contextOf, countersOf, execute, start } from '../execution/executor';
import type { Executor } from '../execution/executor';
import { memberDoc } from '../execution/stage';
import { explainStages, totals } from '../explain/plan';
import { planSummary, shapeHash } from '../explain/summary';
import { planCount, planDistinct } from '../planner/distinct';
import { hasStage } from '../planner/nodes';
import type { PlanNode } from '../planner/nodes';
import type { Query } from '../planner/query';
import { toQuery } from '../query/match';
import { normalise } from '../query/normalise';
import { parseQuery } from '../query/parse';
import { parseProjection } from '../query/projection';
import { parseSort } from '../query/sort';
import { Collection } from '../storage/collection';
import { parseCollation, stringOrder } from '../values/collation';
import { compareValues, valueKey } from '../values/compare';
import { valuesAt } from '../values/paths';
import { isDoc, toNumber } from '../values/types';
import type { Doc } from '../values/types';
import { collectionName } from './context';
import type { CommandContext } from './context';

function nonNegative(body: Doc, field: string): number | undefined {
  const value = body[field];
  if (value === undefined || value === null) return undefined;
  const number = toNumber(value);
  if (number === undefined) throw typeMismatch(`Field '${field}' must be of type number`);
  if (number < 0) throw new ServerError(51024, `BSON field '${field}' value must be >= 0, actual value '${number}'`);
  return number;
}

/** The collection of a name, or an empty one that is not kept. */
export function readable({ database }: Pick<CommandContext, 'database'>, name: string): Collection {
  return database.collections.get(name) ?? new Collection(database.name, name, {}, true);
}

export function findQuery(body: Doc, collection: Collection): Query {
  const sort = isDoc(body.sort) && '$natural' in body.sort ? undefined : parseSort(body.sort);
  const order = isDoc(body.sort) && '$natural' in body.sort ? body.sort : isDoc(body.hint) && '$natural' in body.hint ? body.hint : undefined;
  const hint = order || body.hint === undefined || body.hint === '' || (isDoc(body.hint) && Object.keys(body.hint).length === 0) ? undefined : body.hint;
  const limit = nonNegative(body, 'limit');
  for (const unsupported of ['min', 'max', 'tailable', 'awaitData']) {
    if (body[unsupported]) throw new ServerError(238, `The embedded server does not support '${unsupported}' in find.`);
  }
  return {
    match: normalise(parseQuery(body.filter ?? {})), sort, skip: nonNegative(body, 'skip') || undefined, limit: limit || undefined,
    projection: parseProjection(body.projection), hint, natural: order ? (toNumber(order.$natural) === -1 ? -1 : 1) : undefined,
    collation: parseCollation(body.collation) ?? collection.collation, returnKey: body.returnKey === true,
  };
}

/** The pipeline that a find on a view stands for. */
export function viewPipeline(body: Doc): Doc[] {
  const stages: Doc[] = [];
  if (isDoc(body.filter) && Object.keys(body.filter).length > 0) stages.push({ $match: body.filter });
  if (isDoc(body.sort) && Object.keys(body.sort).length > 0) stages.push({ $sort: body.sort });
  if (body.skip) stages.push({ $skip: body.skip });
  if (body.limit) stages.push({ $limit: body.limit });
  if (isDoc(body.projection) && Object.keys(body.projection).length > 0) stages.push({ $project: body.projection });
  return stages;
}

export function runOptions(context: CommandContext, dry = false) {
  const { store, database, body, deadline } = context;
  const variables = isDoc(body.let) ? body.let : {};
  return { store, database, deadline, dry, variables, collation: parseCollation(body.collation), hint: body.hint, allowDiskUse: body.allowDiskUse === true };
}

function* documents(executor: Executor, context: CommandContext): Generator<Doc> {
  for (const member of executor) {
    yield memberDoc(member);
    note(context, executor);
  }
  note(context, executor);
}

/** Tells the profiler what a query has read so far. */
function note(context: CommandContext, executor: Executor): void {
  if (context.database.profile.level === 0) return;
  context.notes.execStats = undefined;
  pending.set(context.notes, executor);
}

/** Executors whose counters the profiler reads when the command is done. */
const pending = new WeakMap<object, Executor>();

/** Fills the notes of a command with the counters of its query. */
export function completeNotes({ notes }: CommandContext): void {
  const executor = pending.get(notes);
  if (!executor) return;
  const counters = countersOf(executor.root);
  const plan = executor.root.node;
  Object.assign(notes, totals(counters), {
    planSummary: planSummary(plan), execStats: explainStages(counters), ...(hasStage(plan, 'SORT') ? { hasSortStage: true } : {}),
    ...(executor.winner ? { fromMultiPlanner: true } : {}),
  });
}

export function watch(context: CommandContext, executor: Executor | undefined): void {
  if (executor) note(context, executor);
}

function shapeNotes(context: CommandContext, query: Query): void {
  context.notes.queryHash = shapeHash(toQuery(query.match), query.sort?.pattern, query.projection?.spec);
  context.notes.planCacheKey = context.notes.queryHash;
}

export function find(context: CommandContext): Doc {
  const { body, database, deadline } = context;
  const name = collectionName(context);
  const batchSize = nonNegative(body, 'batchSize');
  if (database.views.has(name)) {
    const run = runPipeline(name, viewPipeline(body), runOptions(context));
    return reply(context, name, run.docs, batchSize, body.singleBatch === true);
  }
  const collection = readable(context, name);
  const query = findQuery(body, collection);
  shapeNotes(context, query);
  const executor = execute(query, collection, { deadline, allowDiskUse: body.allowDiskUse === true });
  watch(context, executor);
  return reply(context, name, documents(executor, context), batchSize, body.singleBatch === true);
}

function reply(context: CommandContext, name: string, docs: Iterable<Doc>, batchSize: number | undefined, single: boolean): Doc {
  const { cursor, returned, exhausted } = context.cursors.first(`${context.database.name}.${name}`, docs, batchSize, single);
  Object.assign(context.notes, { nreturned: returned, ...(exhausted ? { cursorExhausted: true } : {}) });
  return { cursor };
}

export function getMore(context: CommandContext): Doc {
  const { body, database, cursors, notes } = context;
  if (typeof body.collection !== 'string') throw typeMismatch("Field 'collection' must be of type string");
  const id = toNumber(body.getMore);
  if (id === undefined) throw typeMismatch("Field 'getMore' must be of type long");
  const namespace = `${database.name}.${body.collection}`;
  Object.assign(notes, { op: 'getmore', ns: namespace });
  const { cursor, returned, exhausted } = cursors.next(id, namespace, nonNegative(body, 'batchSize'));
  Object.assign(notes, { nreturned: returned, ...(exhausted ? { cursorExhausted: true } : {}) });
  return { cursor };
}

export function killCursors({ body, cursors }: CommandContext): Doc {
  const ids = Array.isArray(body.cursors) ? (body.cursors as unknown[]) : [];
  const killed = ids.filter((id) => cursors.kill(toNumber(id) ?? -1));
  return { cursorsKilled: killed, cursorsNotFound: ids.filter((id) => !killed.includes(id)), cursorsAlive: [], cursorsUnknown: [] };
}

export function aggregate(context: CommandContext): Doc {
  const { body } = context;
  if (!isDoc(body.cursor)) {
    if (body.explain === true) throw new ServerError(9, "Use the 'explain' command to explain an aggregation");
    throw new ServerError(9, "The 'cursor' option is required, except for aggregate with the explain argument");
  }
  const name = body.aggregate === 1 ? '$cmd.aggregate' : collectionName(context);
  if (!Array.isArray(body.pipeline)) throw typeMismatch("'pipeline' option must be specified as an array");
  const run = runPipeline(name, body.pipeline as unknown[], runOptions(context));
  watch(context, run.executor);
  return reply(context, name, run.docs, toNumber(body.cursor.batchSize), false);
}

export function countQuery(body: Doc, collection: Collection): Query {
  return {
    match: normalise(parseQuery(body.query ?? {})), collation: parseCollation(body.collation) ?? collection.collation,
    ...(body.hint === undefined ? {} : { hint: body.hint }),
  };
}

/** A query that is only counted, with the stage that counts on top. */
export function countExecutor(body: Doc, collection: Collection, deadline: number | undefined): Executor {
  const query = countQuery(body, collection);
  const limit = Math.abs(toNumber(body.limit) ?? 0) || undefined;
  const skip = nonNegative(body, 'skip') || undefined;
  const parts = { ...(limit ? { limit } : {}), ...(skip ? { skip } : {}) };
  const context = contextOf(collection, query, {});
  if (query.match.kind === 'and' && query.match.children.length === 0 && query.hint === undefined) {
    return start({ stage: 'RECORD_STORE_FAST_COUNT', children: [], ...parts }, context, { deadline });
  }
  const top = (plan: PlanNode): PlanNode => ({ stage: 'COUNT', children: [plan], ...parts });
  const scan = planCount(query, collection);
  return scan ? start(top(scan), context, { deadline }) : execute({ ...query, count: true }, collection, { deadline }, top);
}

export function count(context: CommandContext): Doc {
  const { body, database, deadline } = context;
  const name = collectionName(context);
  if (database.views.has(name)) {
    const stages = viewPipeline({ filter: body.query, skip: body.skip, limit: body.limit });
    return { n: runPipeline(name, stages, runOptions(context)).docs.length };
  }
  const executor = countExecutor(body, readable(context, name), deadline);
  watch(context, executor);
  let results = 0;
  while (executor.next()) results++;
  const top = countersOf(executor.root).counters;
  if (typeof top.nCounted === 'number') return { n: top.nCounted };
  const skipped = Math.max(0, results - (nonNegative(body, 'skip') ?? 0));
  return { n: Math.min(skipped, Math.abs(toNumber(body.limit) ?? 0) || Infinity) };
}

export function distinctExecutor(body: Doc, collection: Collection, deadline: number | undefined): Executor {
  const key = String(body.key);
  const query = countQuery(body, collection);
  const usable = collection.indexes.some((index) => index.fields.includes(key) && index.kind === 'btree' && !index.hidden);
  if (!usable) return execute(query, collection, { deadline });
  const projected: Query = { ...query, projection: parseProjection({ [key]: 1, _id: 0 }) };
  const plan = planDistinct(projected, collection, key, false);
  return plan ? start(plan, contextOf(collection, query, {}), { deadline }) : execute(projected, collection, { deadline });
}

export function distinct(context: CommandContext): Doc {
  const { body, database, deadline } = context;
  const name = collectionName(context);
  if (typeof body.key !== 'string') throw typeMismatch("Field 'key' must be of type string");
  const path = body.key.split('.');
  const collation = parseCollation(body.collation);
  const strings = stringOrder(collation);
  let docs: Iterable<Doc>;
  if (database.views.has(name)) docs = runPipeline(name, viewPipeline({ filter: body.query }), runOptions(context)).docs;
  else {
    const executor = distinctExecutor(body, readable(context, name), deadline);
    watch(context, executor);
    docs = documents(executor, context);
  }
  const found = new Map<string, unknown>();
  for (const doc of docs) {
    for (const value of distinctValues(doc, path)) found.set(valueKey(value, collation && collation.strength < 3 ? (text) => text.toLowerCase() : undefined), value);
  }
  return { values: [...found.values()].sort((a, b) => compareValues(a, b, strings)) };
}

function distinctValues(doc: Doc, path: readonly string[]): unknown[] {
  // A key that stands for an empty array is undefined; a server gives null for it.
  const direct = path.length === 1 && path[0] in doc ? doc[path[0]] : NONE;
  if (direct === undefined) return [null];
  return valuesAt(doc, path).filter((value) => value !== undefined && !Array.isArray(value));
}

const NONE = Symbol('none');
