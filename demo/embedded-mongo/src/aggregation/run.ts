import { ServerError } from '../errors';
import { checkTime, execute, start, contextOf } from '../execution/executor';
import type { Executor } from '../execution/executor';
import { memberDoc } from '../execution/stage';
import type { Turns } from '../execution/turns';
import { planCount, planDistinct } from '../planner/distinct';
import { findKind } from '../planner/planner';
import type { Query } from '../planner/query';
import { compile } from '../query/evaluate';
import { EVERYTHING, leaf } from '../query/match';
import { normalise } from '../query/normalise';
import { parseQuery } from '../query/parse';
import type { Variables } from '../query/parse';
import { Collection } from '../storage/collection';
import type { Database, Store } from '../storage/store';
import { stringOrder } from '../values/collation';
import type { Collation } from '../values/collation';
import { isDoc, toNumber } from '../values/types';
import type { Doc } from '../values/types';
import { graphLookup, lookup } from './joins';
import { evaluate, project, redact, runMingo, sample, sampleSize, sortDocs, unwind } from './operators';
import { optimise } from './optimise';
import { pushDown } from './pushdown';
import type { Pushed } from './pushdown';
import { collectionStats, indexStats } from './sources';
import { parsePipeline } from './stages';
import type { Item } from './stages';
import { writeOut } from './writes';

/** The deepest nesting of pipelines and views, as in a server. */
const MAX_DEPTH = 20;
/** Part of a collection up to which `$sample` reads at random places. */
const MAX_RANDOM_PART = 0.05;

export interface RunOptions {
  readonly store: Store;
  readonly database: Database;
  readonly collation?: Collation | undefined;
  readonly variables?: Variables;
  readonly hint?: unknown;
  readonly deadline?: number | undefined;
  readonly allowDiskUse?: boolean;
  /** Explain: nothing is written. */
  readonly dry?: boolean;
  readonly depth?: number;
  readonly turns: Turns;
  /** Does not read what a query alone can give: its documents are taken from the executor. */
  readonly lazy?: boolean;
}

/** One stage that ran behind the query. */
export interface StageRun {
  readonly item: Item;
  readonly returned: number;
  readonly millis: number;
  /** Of `$facet`: the stages of each branch. */
  readonly facets?: Readonly<Record<string, readonly StageRun[]>>;
  /** Of `$unionWith`: the run of its pipeline. */
  readonly inner?: PipelineRun;
  readonly counters?: Doc;
}

export interface PipelineRun {
  readonly docs: Doc[];
  readonly namespace: string;
  readonly pushed?: Pushed;
  readonly executor?: Executor;
  readonly source?: '$cursor' | '$geoNearCursor';
  /** Documents the query gave, and how long that took. */
  readonly read: { readonly returned: number; readonly millis: number };
  readonly runs: readonly StageRun[];
  /** The executor has not been read yet and gives all documents. */
  readonly isPending?: boolean;
}

/** The collection a name stands for, with the pipeline of the views in between. */
export function resolve(database: Database, name: string): { collection: Collection; pipeline: Doc[] } {
  let pipeline: Doc[] = [];
  for (let depth = 0; depth <= MAX_DEPTH; depth++) {
    const view = database.views.get(name);
    if (!view)
      return { collection: database.collections.get(name) ?? new Collection(database.name, name, {}, true), pipeline };
    pipeline = [...view.pipeline, ...pipeline];
    name = view.viewOn;
  }
  throw new ServerError(165, 'View depth too deep or view cycle detected');
}

/** Runs a pipeline on a collection or view. */
export async function runPipeline(name: string, stages: readonly unknown[], options: RunOptions): Promise<PipelineRun> {
  const depth = (options.depth ?? 0) + 1;
  if (depth > MAX_DEPTH) throw new ServerError(51047, `Maximum number of nested sub-pipelines exceeded: ${MAX_DEPTH}`);
  const { collection, pipeline } = resolve(options.database, name);
  const items = optimise(parsePipeline([...pipeline, ...stages], depth > 1));
  return runItems(
    collection,
    items,
    depth > 1 ? { ...options, depth, hint: undefined, lazy: false } : { ...options, depth },
  );
}

async function runItems(collection: Collection, items: readonly Item[], options: RunOptions): Promise<PipelineRun> {
  const [first] = items;
  const namespace = collection.namespace;
  if (first?.name === '$indexStats') return fromDocs(indexStats(collection), items, namespace, options);
  if (first?.name === '$collStats')
    return fromDocs(collectionStats(collection, first.spec, options.database), items, namespace, options);
  if (first?.name === '$documents')
    return fromDocs(runMingo([], '$documents', first.spec, {}, undefined), items, namespace, options);
  if (first?.name === '$geoNear') return runGeoNear(collection, first, items.slice(1), options);
  if (first?.name === '$sample' && readsAtRandom(collection, first.spec))
    return runRandom(collection, first, items.slice(1), options);
  const pushed = pushDown(items, options);
  const distinct = pushed.distinct && (await runDistinct(collection, pushed, options));
  if (distinct) return distinct;
  const { query } = pushed;
  const counted =
    query.count && !query.sort && query.limit === undefined && !query.skip && !collection.missing
      ? planCount(query, collection)
      : undefined;
  const executor = counted
    ? start(counted, contextOf(collection, query, options), options)
    : execute(query, collection, options);
  if (options.lazy && pushed.rest.length === 0)
    return {
      docs: [],
      namespace,
      pushed,
      executor,
      source: '$cursor',
      read: { returned: 0, millis: 0 },
      runs: [],
      isPending: true,
    };
  const began = performance.now();
  const docs = (await executor.take(Infinity, options.turns)).map(memberDoc);
  const read = { returned: docs.length, millis: performance.now() - began };
  const { docs: results, runs } = await runStages(docs, pushed.rest, options, query.collation);
  return { docs: results, namespace, pushed, executor, source: '$cursor', read, runs };
}

/** A small part of a collection is read at random places, not by reading all of it. */
function readsAtRandom({ records, missing }: Collection, spec: unknown): boolean {
  return !missing && records.size > 100 && sampleSize(spec) <= MAX_RANDOM_PART * records.size;
}

async function runRandom(
  collection: Collection,
  { spec }: Item,
  rest: readonly Item[],
  options: RunOptions,
): Promise<PipelineRun> {
  const query: Query = { match: EVERYTHING, collation: options.collation, limit: sampleSize(spec) };
  const executor = start(
    { stage: 'MULTI_ITERATOR', children: [], limit: sampleSize(spec) },
    contextOf(collection, query, options),
    options,
  );
  const began = performance.now();
  const docs = (await executor.take(Infinity, options.turns)).map(memberDoc);
  const read = { returned: docs.length, millis: performance.now() - began };
  const item: Item = { name: '$sampleFromRandomCursor', spec };
  const { docs: results, runs } = await runStages(docs, rest, options, options.collation);
  const own = { item, returned: docs.length, millis: 0 };
  return {
    docs: results,
    namespace: collection.namespace,
    pushed: { query, rest },
    executor,
    source: '$cursor',
    read,
    runs: [own, ...runs],
  };
}

async function fromDocs(
  docs: Doc[],
  items: readonly Item[],
  namespace: string,
  options: RunOptions,
): Promise<PipelineRun> {
  const source: StageRun = { item: items[0], returned: docs.length, millis: 0 };
  const { docs: results, runs } = await runStages(docs, items.slice(1), options, options.collation);
  return { docs: results, namespace, read: { returned: docs.length, millis: 0 }, runs: [source, ...runs] };
}

async function runDistinct(
  collection: Collection,
  { query, distinct }: Pushed,
  options: RunOptions,
): Promise<PipelineRun | undefined> {
  if (!distinct || query.skip || query.limit !== undefined) return undefined;
  if (query.natural || collection.missing || (['near', 'text'] as const).some((kind) => findKind(query.match, kind)))
    return undefined;
  const { byId: _byId, ...plainly } = query;
  const { plan } = planDistinct({ ...plainly, count: false }, collection, distinct.field, true);
  if (!plan) return undefined;
  const executor = start(plan, contextOf(collection, query, options), options);
  const began = performance.now();
  const firsts = (await executor.take(Infinity, options.turns)).map(memberDoc);
  const docs = evaluate(firsts, distinct.newRoot, options.variables ?? {}).map((values) => {
    return Object.fromEntries(Object.keys(distinct.newRoot).map((name) => [name, values[name] ?? null]));
  });
  const millis = performance.now() - began;
  const item: Item = { name: '$groupByDistinctScan', spec: { newRoot: distinct.newRoot } };
  const { docs: results, runs } = await runStages(docs, distinct.rest, options, query.collation);
  const read = { returned: docs.length, millis };
  return {
    docs: results,
    namespace: collection.namespace,
    pushed: { query, rest: [] },
    executor,
    source: '$cursor',
    read,
    runs: [{ item, returned: docs.length, millis }, ...runs],
  };
}

async function runGeoNear(
  collection: Collection,
  { spec }: Item,
  rest: readonly Item[],
  options: RunOptions,
): Promise<PipelineRun> {
  if (!isDoc(spec)) throw new ServerError(10065, 'invalid parameter: expected an object ($geoNear)');
  const { near, distanceField, key, query, minDistance, maxDistance, distanceMultiplier } = spec;
  if (typeof distanceField !== 'string')
    throw new ServerError(16606, "$geoNear requires a 'distanceField' option as a String");
  const geo = collection.indexes.filter((index) => index.kind === '2dsphere' || index.kind === '2d');
  const path = typeof key === 'string' ? key : (geo[0]?.fields[0] ?? 'location');
  const limits = {
    ...(minDistance === undefined ? {} : { $minDistance: minDistance }),
    ...(maxDistance === undefined ? {} : { $maxDistance: maxDistance }),
  };
  const match = {
    $and: [{ [path]: { [isDoc(near) ? '$near' : '$nearSphere']: near, ...limits } }, ...(isDoc(query) ? [query] : [])],
  };
  const planned = { match: normalise(parseQuery(match)), collation: options.collation };
  const executor = execute(planned, collection, options);
  const began = performance.now();
  const scale = toNumber(distanceMultiplier) ?? 1;
  const docs = (await executor.take(Infinity, options.turns)).map((member) => ({
    ...memberDoc(member),
    [distanceField]: (member.distance ?? 0) * scale,
  }));
  const read = { returned: docs.length, millis: performance.now() - began };
  const { docs: results, runs } = await runStages(docs, rest, options, options.collation);
  return {
    docs: results,
    namespace: collection.namespace,
    pushed: { query: planned, rest },
    executor,
    source: '$geoNearCursor',
    read,
    runs,
  };
}

async function runStages(
  input: Doc[],
  items: readonly Item[],
  options: RunOptions,
  collation: Collation | undefined,
): Promise<{ docs: Doc[]; runs: StageRun[] }> {
  let docs = input;
  const runs: StageRun[] = [];
  for (const item of items) {
    checkTime(options.deadline);
    const began = performance.now();
    if (options.turns.due) await options.turns.pass();
    const { docs: results, ...about } = await runStage(docs, item, options, collation);
    docs = results;
    runs.push({ item, returned: docs.length, millis: performance.now() - began, ...about });
  }
  return {
    docs,
    runs: runs.map((run, i) => ({
      ...run,
      returned: Math.min(run.returned, run.item.name === '$skip' ? demand(runs.slice(i + 1)) : Infinity),
    })),
  };
}

type StageResult = { docs: Doc[] } & Pick<StageRun, 'facets' | 'inner' | 'counters'>;

async function runStage(
  docs: Doc[],
  item: Item,
  options: RunOptions,
  collation: Collation | undefined,
): Promise<StageResult> {
  const { name, spec } = item;
  const variables = options.variables ?? {};
  switch (name) {
    case '$match':
      return { docs: docs.filter(compile(normalise(parseQuery(spec, variables)), stringOrder(collation))) };
    case '$sort':
      return { docs: sortDocs(docs, spec, item.limit, collation) };
    case '$limit':
      return { docs: docs.slice(0, Number(spec)) };
    case '$skip':
      return { docs: docs.slice(Number(spec)) };
    case '$unwind':
      return { docs: unwind(docs, spec as Doc) };
    case '$sample':
      return { docs: sample(docs, spec) };
    case '$lookup':
      return lookup(docs, item, options);
    case '$graphLookup':
      return { docs: await graphLookup(docs, spec as Doc, options) };
    case '$facet':
      return runFacet(docs, spec as Doc, options, collation);
    case '$unionWith': {
      const from = isDoc(spec) ? String(spec.coll) : String(spec);
      const inner = await runPipeline(from, isDoc(spec) && Array.isArray(spec.pipeline) ? spec.pipeline : [], options);
      return { docs: [...docs, ...inner.docs], inner };
    }
    case '$out':
    case '$merge':
      if (!options.dry) writeOut(docs, item, options);
      return { docs: [] };
    case '$redact':
      return { docs: redact(docs, spec, variables) };
    case '$project':
      return { docs: project(docs, spec as Doc, variables) };
    default:
      return { docs: runMingo(docs, name, spec, variables, collation) };
  }
}

/** How many documents a branch asks for before its first stages have enough. */
function demand(runs: readonly StageRun[]): number {
  let skipped = 0;
  for (const { item } of runs) {
    if (item.name === '$limit') return skipped + Number(item.spec);
    if (item.name !== '$skip') break;
    skipped += Number(item.spec);
  }
  return Infinity;
}

async function runFacet(
  docs: Doc[],
  spec: Doc,
  options: RunOptions,
  collation: Collation | undefined,
): Promise<StageResult> {
  const facets: Record<string, StageRun[]> = {};
  const result: Doc = {};
  for (const [name, pipeline] of Object.entries(spec)) {
    const { docs: found, runs } = await runStages(docs, optimise(parsePipeline(pipeline, true)), options, collation);
    result[name] = found;
    facets[name] = [
      { item: { name: '$teeConsumer', spec: {} }, returned: Math.min(docs.length, demand(runs)), millis: 0 },
      ...runs,
    ];
  }
  return { docs: [result], facets };
}

/** A condition that a field has one of these values, for a join. */
export function oneOf(path: string, values: readonly unknown[]) {
  const plain = values.map((value) => (value === undefined ? null : value));
  return normalise(leaf('in', path, plain.length === 0 ? [null] : plain));
}
