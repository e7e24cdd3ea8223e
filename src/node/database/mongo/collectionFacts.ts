import type { ErrorCode } from '../../../core/errorCode';
import { isHeatlensError } from '../../../core/errors';
import type { TargetFacts } from '../../../core/database/facts';
import type { ExistingIndex } from '../../../core/database/indexes';
import { asDocument, asCount, asNumber, asText, type EjsonDocument } from '../../../core/ejson/documents';
import { fieldTypesOf, valuesFor } from '../../../core/database/mongo/sampledFields';
import type { Hole } from '../../../core/database/statement';
import type { MongoConnection, WalkOptions } from './mongoConnection';

/** Server time for one look at a collection, ms. */
const LOOK_MS = 2_000;
/** By what our own looks are told from the application's, in the server's profiler. */
const LOOK_COMMENT = 'heatlens facts';
const SAMPLE = 100;
/** A sample is made smaller where documents are large. */
const SAMPLE_BYTES = 4_000_000;
/** Views of views; a server allows 20. */
const MOST_VIEWS = 20;

const FATAL: readonly ErrorCode[] = [
  'cancelled',
  'mongoDown',
  'mongoUnreachable',
  'mongoDisconnected',
  'mongoHostUnknown',
  'mongoAuthFailed',
];

/** A name stands for one thing. */
const MOST_OF_A_NAME = 5;
/** A collection has 64 indexes at most; their use is told by each shard. */
const MOST_INDEXES = 500;
const MOST_USES = 10_000;
/** Collections of a database that are listed. */
export const MOST_COLLECTIONS = 10_000;

/** What a name of a database stands for. */
export interface Place {
  readonly name: string;
  readonly type: 'collection' | 'view' | 'timeseries' | 'missing' | 'unknown';
  readonly capped: boolean;
  /** `options` of `listCollections`: validator, viewOn, pipeline, timeseries, … */
  readonly options: EjsonDocument;
}

/** Undefined for what the server does not tell or allow; a connection that is gone, or a cancelled request, is an error. */
export async function allowed<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (!isHeatlensError(error) || isHeatlensError(error, ...FATAL)) throw error;
    return undefined;
  }
}

/** All documents of a cursor command, up to `most`; whoever gives `onCut` is told of more, for others it is an error. */
export async function allDocuments(
  connection: MongoConnection,
  database: string,
  command: EjsonDocument,
  options: WalkOptions,
): Promise<EjsonDocument[]> {
  const all: EjsonDocument[] = [];
  for await (const document of connection.documents(database, command, options)) all.push(document);
  return all;
}

/** What `name` is; `unknown` where the login may not ask. */
export async function describePlace(
  connection: MongoConnection,
  database: string,
  name: string,
  options: WalkOptions = {},
): Promise<Place> {
  const command = { listCollections: 1, filter: { name }, cursor: {} };
  const found = await allowed(allDocuments(connection, database, command, { ...options, most: MOST_OF_A_NAME }));
  if (!found) return { name, type: 'unknown', capped: false, options: {} };
  const entry = found.find((one) => one.name === name);
  return entry ? placeOf(entry) : { name, type: 'missing', capped: false, options: {} };
}

/** An entry of `listCollections`. */
export function placeOf(entry: EjsonDocument): Place {
  const options = asDocument(entry.options) ?? {};
  const type = entry.type === 'view' || entry.type === 'timeseries' ? entry.type : 'collection';
  return { name: String(entry.name), type, capped: options.capped === true, options };
}

/** The collection that a view reads at its bottom, by way of other views; the place itself for anything else. */
export async function sourceOf(
  connection: MongoConnection,
  database: string,
  place: Place,
  options: WalkOptions = {},
): Promise<Place> {
  let at = place;
  for (let depth = 0; at.type === 'view' && depth < MOST_VIEWS; depth++) {
    const on = asText(at.options.viewOn);
    if (on === undefined) return at;
    at = await describePlace(connection, database, on, options);
  }
  return at;
}

/** Facts of a collection, piece by piece: what the login may not ask for, or the server does not know, is left out. */
export async function collectionFacts(
  connection: MongoConnection,
  database: string,
  name: string,
  options: WalkOptions & { readonly sample?: boolean } = {},
): Promise<TargetFacts> {
  const { sample = true, ...run } = options;
  const [size, indexes, shardKey] = await Promise.all([
    sizeOf(connection, database, name, run),
    indexesOf(connection, database, name, run),
    shardKeyOf(connection, database, name, run),
  ]);
  const columnTypes =
    sample && size.rows !== 0 ? await typesIn(connection, database, name, size.averageBytes, run) : undefined;
  return {
    ...size,
    ...(indexes ? { indexes } : {}),
    ...(shardKey ? { shardKey } : {}),
    ...(columnTypes ? { columnTypes } : {}),
  };
}

/** Undefined for a collection that is not sharded, and where the login may not ask. */
async function shardKeyOf(
  connection: MongoConnection,
  database: string,
  name: string,
  options: WalkOptions,
): Promise<EjsonDocument | undefined> {
  if (connection.server.topology !== 'sharded') return undefined;
  const command = {
    find: 'collections',
    filter: { _id: `${database}.${name}` },
    limit: 1,
    maxTimeMS: LOOK_MS,
    comment: LOOK_COMMENT,
  };
  const [entry] = (await allowed(plainDocuments(connection, 'config', command, { ...options, most: 1 }))) ?? [];
  return asDocument(entry?.key);
}

async function sizeOf(
  connection: MongoConnection,
  database: string,
  name: string,
  options: WalkOptions,
): Promise<Pick<TargetFacts, 'rows' | 'averageBytes'>> {
  const stats = await allowed(connection.run(database, { collStats: name, maxTimeMS: LOOK_MS }, options));
  // A time series counts buckets, not documents.
  if (stats?.timeseries !== undefined) return {};
  const rows =
    asCount(stats?.count) ??
    asCount((await allowed(connection.run(database, { count: name, maxTimeMS: LOOK_MS }, options)))?.n);
  const averageBytes = asCount(stats?.avgObjSize);
  return { ...(rows === undefined ? {} : { rows }), ...(averageBytes === undefined ? {} : { averageBytes }) };
}

async function indexesOf(
  connection: MongoConnection,
  database: string,
  name: string,
  options: WalkOptions,
): Promise<readonly ExistingIndex[] | undefined> {
  const [listed, usage] = await Promise.all([
    allowed(
      plainDocuments(connection, database, { listIndexes: name, cursor: {} }, { ...options, most: MOST_INDEXES }),
    ),
    allowed(
      plainDocuments(
        connection,
        database,
        { aggregate: name, pipeline: [{ $indexStats: {} }], cursor: {}, maxTimeMS: LOOK_MS, comment: LOOK_COMMENT },
        { ...options, most: MOST_USES },
      ),
    ),
  ]);
  return listed?.map((index) => existingIndex(index, usage ?? []));
}

function existingIndex(
  { v: _v, ns: _ns, name, key, ...options }: EjsonDocument,
  usage: readonly EjsonDocument[],
): ExistingIndex {
  const own = usage.filter((one) => one.name === name).map((one) => asDocument(one.accesses) ?? {});
  const since = own.map((one) => sinceOf(one.since)).filter((one) => one !== undefined);
  const index = { name: String(name), columns: asDocument(key) ?? {}, options };
  if (!since.length) return index;
  // One entry for each shard: together they are the use, and it is known since the youngest of them.
  const operations = own.reduce((sum, one) => sum + (asCount(one.ops) ?? 0), 0);
  return { ...index, usage: { operations, since: since.sort()[since.length - 1] } };
}

function sinceOf(value: unknown): string | undefined {
  const date = asDocument(value)?.$date;
  const millis = typeof date === 'string' ? Date.parse(date) : asNumber(date);
  // A date has an end: 100 million days.
  return millis === undefined || Number.isNaN(new Date(millis).getTime()) ? undefined : new Date(millis).toISOString();
}

async function typesIn(
  connection: MongoConnection,
  database: string,
  name: string,
  averageBytes: number | undefined,
  options: WalkOptions,
): Promise<TargetFacts['columnTypes']> {
  const size = Math.max(5, Math.min(SAMPLE, Math.floor(SAMPLE_BYTES / (averageBytes ?? SAMPLE_BYTES / SAMPLE))));
  const documents = await allowed(sampleOf(connection, database, name, size, options));
  return documents?.length ? fieldTypesOf(documents) : undefined;
}

function sampleOf(
  connection: MongoConnection,
  database: string,
  name: string,
  size: number,
  options: WalkOptions,
): Promise<EjsonDocument[]> {
  const command = {
    aggregate: name,
    pipeline: [{ $sample: { size } }],
    cursor: {},
    maxTimeMS: LOOK_MS,
    comment: 'heatlens sample',
  };
  return allDocuments(connection, database, command, { ...options, most: size });
}

/** With plain numbers, as far as they are exact. */
async function plainDocuments(
  connection: MongoConnection,
  database: string,
  command: EjsonDocument,
  options: WalkOptions,
): Promise<EjsonDocument[]> {
  return (await allDocuments(connection, database, command, options)).map(
    (document) => plain(document) as EjsonDocument,
  );
}

const NUMBERS = ['$numberInt', '$numberLong', '$numberDouble'];

function plain(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(plain);
  const entries = Object.entries(value);
  if (entries.length === 1 && NUMBERS.includes(entries[0][0])) return asNumber(value) ?? value;
  return Object.fromEntries(entries.map(([key, inner]) => [key, plain(inner)]));
}

/** A value for each hole from a sampled document, by the hole's path; holes that no document has a fitting value for are left out. */
export async function sampleValues(
  connection: MongoConnection,
  database: string,
  collection: string,
  holes: readonly Hole[],
  options: WalkOptions = {},
): Promise<ReadonlyMap<string, unknown>> {
  if (!holes.length) return new Map();
  const documents = await allowed(sampleOf(connection, database, collection, 10, options));
  return valuesFor(holes, documents ?? []);
}
