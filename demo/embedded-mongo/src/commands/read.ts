import { runPipeline } from '../aggregation/run';
import type { PipelineRun } from '../aggregation/run';
import { badValue, ServerError, typeMismatch } from '../errors';
import { contextOf, countersOf, execute, start } from '../execution/executor';
import type { Executor } from '../execution/executor';
import { memberDoc } from '../execution/stage';
import { explainStages, totals } from '../explain/plan';
import { planSummary, shapeHash } from '../explain/summary';
import { planCount, planDistinct } from '../planner/distinct';
import { findKind, hasFilter } from '../planner/planner';
import { hasStage } from '../planner/nodes';
import type { PlanNode } from '../planner/nodes';
import { readHint } from '../planner/query';
import type { Query } from '../planner/query';
import { normalise } from '../query/normalise';
import { parseQuery, plainId } from '../query/parse';
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
import { listSource, querySource } from './cursors';
import type { Source } from './cursors';

function nonNegative(body: Doc, field: string): number | undefined {
  const value = body[field];
  if (value === undefined || value === null) return undefined;
  const number = toNumber(value);
  if (number === undefined) throw typeMismatch(`Field '${field}' must be of type number`);
  if (number < 0) throw new ServerError(51024, `BSON field '${field}' value must be >= 0, actual value '${number}'`);
  return number;
}

function filterOf(body: Doc, field: 'filter' | 'query'): Doc {
  const value = body[field] ?? {};
  if (!isDoc(value)) throw typeMismatch(`BSON field '${field}' is the wrong type, expected type 'object'`);
  return value;
}

/** The collection of a name, or an empty one that is not kept. */
export function readable({ database }: Pick<CommandContext, 'database'>, name: string): Collection {
  return database.collections.get(name) ?? new Collection(database.name, name, {}, true);
}

export function findQuery(body: Doc, collection: Collection): Query {
  const sort = isDoc(body.sort) && '$natural' in body.sort ? undefined : parseSort(body.sort);
  const order = isDoc(body.sort) && '$natural' in body.sort ? readHint(body.sort) : readHint(body.hint);
  const limit = nonNegative(body, 'limit');
  if (body.tailable === true && collection.options.capped !== true)
    throw badValue('tailable cursor requested on non capped collection');
  if (body.tailable === true)
    throw new ServerError(238, 'The embedded server has no tailable cursors. Use MongoDB for them.');
  return {
    match: normalise(parseQuery(filterOf(body, 'filter'))),
    byId: body.showRecordId === true ? undefined : plainId(body.filter),
    sort,
    skip: nonNegative(body, 'skip') || undefined,
    limit: limit || undefined,
    projection: parseProjection(
      body.showRecordId === true
        ? { ...(isDoc(body.projection) ? body.projection : {}), $recordId: { $meta: 'recordId' } }
        : body.projection,
    ),
    ...order,
    min: keyDocument(body.min),
    max: keyDocument(body.max),
    collation: parseCollation(body.collation) ?? collection.collation,
    returnKey: body.returnKey === true,
  };
}

function keyDocument(value: unknown): Doc | undefined {
  return isDoc(value) && Object.keys(value).length > 0 ? value : undefined;
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
  const { store, database, body, deadline, turns } = context;
  const variables = isDoc(body.let) ? body.let : {};
  return {
    store,
    database,
    deadline,
    turns,
    dry,
    variables,
    collation: parseCollation(body.collation),
    hint: body.hint,
    allowDiskUse: body.allowDiskUse === true,
  };
}

/** What the profiler reads when a command is done: its query, what that had read before, and whether its stages are shown. */
interface Watched {
  readonly executor: Executor;
  readonly keysExamined: number;
  readonly docsExamined: number;
  readonly stages: boolean;
}

const watched = new WeakMap<object, Watched>();

/** Lets the profiler know the query of a command. `fromNow` leaves out what the query has read for earlier commands. */
export function watch(
  { database, notes }: CommandContext,
  executor: Executor | undefined,
  { stages = true, fromNow = false } = {},
): void {
  if (!executor || database.profile.level === 0) return;
  watched.set(notes, {
    executor,
    stages,
    ...(fromNow ? totals(countersOf(executor.root)) : { keysExamined: 0, docsExamined: 0 }),
  });
}

/** Fills the notes of a command with the counters of its query. */
export function completeNotes({ notes }: CommandContext): void {
  const found = watched.get(notes);
  if (!found) return;
  const { executor, stages } = found;
  const counters = countersOf(executor.root);
  const { keysExamined, docsExamined } = totals(counters);
  const plan = executor.root.node;
  Object.assign(notes, {
    keysExamined: keysExamined - found.keysExamined,
    docsExamined: docsExamined - found.docsExamined,
    planSummary: planSummary(plan),
    ...(stages ? { execStats: explainStages(counters) } : {}),
    ...(hasStage(plan, 'SORT') ? { hasSortStage: true } : {}),
    ...(executor.winner ? { fromMultiPlanner: true } : {}),
  });
}

function shapeNotes(context: CommandContext, query: Query): void {
  context.notes.queryHash = shapeHash(query);
  context.notes.planCacheKey = context.notes.queryHash;
}

export async function find(context: CommandContext): Promise<Doc> {
  const { body, database, deadline } = context;
  const name = collectionName(context);
  const batchSize = nonNegative(body, 'batchSize');
  if (database.views.has(name)) {
    const run = await runPipeline(name, viewPipeline(body), { ...runOptions(context), lazy: true });
    watch(context, run.executor, { stages: false });
    return reply(context, name, sourceOf(run), batchSize, body.singleBatch === true);
  }
  const collection = readable(context, name);
  const query = findQuery(body, collection);
  shapeNotes(context, query);
  const executor = execute(query, collection, { deadline, allowDiskUse: body.allowDiskUse === true });
  watch(context, executor);
  return reply(context, name, querySource(executor), batchSize, body.singleBatch === true);
}

function sourceOf({ executor, isPending, docs }: PipelineRun): Source {
  return executor && isPending ? querySource(executor) : listSource(docs);
}

async function reply(
  context: CommandContext,
  name: string,
  source: Source,
  batchSize: number | undefined,
  single: boolean,
): Promise<Doc> {
  const { body: command, turns } = context;
  const { cursor, returned, exhausted } = await context.cursors.first(source, {
    namespace: `${context.database.name}.${name}`,
    command,
    batchSize,
    single,
    turns,
  });
  Object.assign(context.notes, {
    nreturned: returned,
    ...(exhausted ? { cursorExhausted: true } : { cursorid: cursor.id }),
  });
  return { cursor };
}

export async function getMore(context: CommandContext): Promise<Doc> {
  const { body, database, cursors, notes, turns } = context;
  if (typeof body.collection !== 'string') throw typeMismatch("Field 'collection' must be of type string");
  const id = toNumber(body.getMore);
  if (id === undefined) throw typeMismatch("Field 'getMore' must be of type long");
  const namespace = `${database.name}.${body.collection}`;
  const { command, source } = cursors.find(id, namespace);
  Object.assign(notes, { op: 'getmore', ns: namespace, cursorid: body.getMore, originatingCommand: command });
  watch(context, source.executor, { fromNow: true });
  const { cursor, returned, exhausted } = await cursors.next(id, namespace, nonNegative(body, 'batchSize'), turns);
  Object.assign(notes, { nreturned: returned, ...(exhausted ? { cursorExhausted: true } : {}) });
  return { cursor };
}

export function killCursors({ body, cursors }: CommandContext): Doc {
  const ids = Array.isArray(body.cursors) ? (body.cursors as unknown[]) : [];
  const killed = ids.filter((id) => cursors.kill(toNumber(id) ?? -1));
  return {
    cursorsKilled: killed,
    cursorsNotFound: ids.filter((id) => !killed.includes(id)),
    cursorsAlive: [],
    cursorsUnknown: [],
  };
}

export async function aggregate(context: CommandContext): Promise<Doc> {
  const { body } = context;
  if (!isDoc(body.cursor)) {
    if (body.explain === true) throw new ServerError(9, "Use the 'explain' command to explain an aggregation");
    throw new ServerError(9, "The 'cursor' option is required, except for aggregate with the explain argument");
  }
  const name = body.aggregate === 1 ? '$cmd.aggregate' : collectionName(context);
  if (!Array.isArray(body.pipeline)) throw typeMismatch("'pipeline' option must be specified as an array");
  const run = await runPipeline(name, body.pipeline as unknown[], { ...runOptions(context), lazy: true });
  watch(context, run.executor, { stages: false });
  if (run.runs.some(({ item }) => item.name === '$sort')) context.notes.hasSortStage = true;
  return reply(context, name, sourceOf(run), toNumber(body.cursor.batchSize), false);
}

export function countQuery(body: Doc, collection: Collection): Query {
  return {
    match: normalise(parseQuery(filterOf(body, 'query'))),
    byId: plainId(body.query),
    collation: parseCollation(body.collation) ?? collection.collation,
    ...(body.hint === undefined ? {} : readHint(body.hint)),
  };
}

/** A query that is only counted, with the stage that counts on top. */
export function countExecutor(body: Doc, collection: Collection, deadline: number | undefined): Executor {
  const query = countQuery(body, collection);
  const limit = Math.abs(toNumber(body.limit) ?? 0) || undefined;
  const skip = nonNegative(body, 'skip') || undefined;
  const parts = { ...(limit ? { limit } : {}), ...(skip ? { skip } : {}) };
  const context = contextOf(collection, query, {});
  if (!hasFilter(query.match) && body.hint === undefined && !collection.missing) {
    return start({ stage: 'RECORD_STORE_FAST_COUNT', children: [], ...parts }, context, { deadline });
  }
  const over = (plan: PlanNode): PlanNode => ({ stage: 'COUNT', children: [plan], ...parts });
  const scan = collection.missing ? undefined : planCount(query, collection);
  return scan
    ? start(over(scan), context, { deadline })
    : execute({ ...query, count: true }, collection, { deadline }, { over, most: limit && limit + (skip ?? 0) });
}

export async function count(context: CommandContext): Promise<Doc> {
  const { body, database, deadline } = context;
  const name = collectionName(context);
  if (database.views.has(name)) {
    const stages = viewPipeline({ filter: body.query, skip: body.skip, limit: body.limit });
    return { n: (await runPipeline(name, stages, runOptions(context))).docs.length };
  }
  const executor = countExecutor(body, readable(context, name), deadline);
  watch(context, executor);
  const results = (await executor.take(Infinity, context.turns)).length;
  const top = countersOf(executor.root).counters;
  if (typeof top.nCounted === 'number') return { n: top.nCounted };
  const skipped = Math.max(0, results - (nonNegative(body, 'skip') ?? 0));
  return { n: Math.min(skipped, Math.abs(toNumber(body.limit) ?? 0) || Infinity) };
}

export function distinctExecutor(body: Doc, collection: Collection, deadline: number | undefined): Executor {
  const key = String(body.key);
  const query = countQuery(body, collection);
  const special = (['near', 'text'] as const).some((kind) => findKind(query.match, kind));
  if (special || query.natural || collection.missing) return execute(query, collection, { deadline });
  const { byId: _byId, ...plainly } = query;
  const projection = parseProjection({ [key]: 1, _id: 0 });
  const { plan, held, finds } = planDistinct({ ...plainly, projection }, collection, key, false);
  if (plan) return start(plan, contextOf(collection, query, {}), { deadline });
  // Nobody reads the projection; it only helps where the values could come from an index that holds them.
  return execute(held && !finds ? { ...query, projection } : query, collection, { deadline });
}

export async function distinct(context: CommandContext): Promise<Doc> {
  const { body, database, deadline } = context;
  const name = collectionName(context);
  if (typeof body.key !== 'string') throw typeMismatch("Field 'key' must be of type string");
  const path = body.key.split('.');
  const collation = parseCollation(body.collation);
  const strings = stringOrder(collation);
  let docs: Doc[];
  if (database.views.has(name))
    docs = (await runPipeline(name, viewPipeline({ filter: body.query }), runOptions(context))).docs;
  else {
    const executor = distinctExecutor(body, readable(context, name), deadline);
    watch(context, executor);
    docs = (await executor.take(Infinity, context.turns)).map(memberDoc);
  }
  const found = new Map<string, unknown>();
  for (const doc of docs) {
    for (const value of distinctValues(doc, path))
      found.set(valueKey(value, collation && collation.strength < 3 ? (text) => text.toLowerCase() : undefined), value);
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
