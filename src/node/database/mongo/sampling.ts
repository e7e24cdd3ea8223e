import { errorText, isHeatlensError } from '../../../core/errors';
import { collectionsOf } from '../../../core/database/mongo/commands/commandCollections';
import {
  cannotMeasure,
  isCapped,
  isSystem,
  isTimeSeries,
  isView,
  needsSearch,
  nothingToCopy,
  otherDatabase,
} from '../../../core/database/mongo/errors/experimentErrors';
import { innerDocuments } from '../../../core/database/mongo/commands/commandParts';
import { counted, inDigits } from '../../../core/words/numbers';
import { throwIfCancelled, unknownCollection } from '../../../core/database/mongo/errors/mongoErrors';
import { describePlace } from './collectionFacts';
import type { MongoConnection, RunOptions } from './mongoConnection';
import { SCRATCH_DATABASE } from './scratch';
import { asDocument, asCount, asNumber, asText } from '../../../core/ejson/documents';
import type { EjsonDocument } from '../../../core/ejson/documents';

/** Documents of a sample when nobody says otherwise. */
export const SAMPLE_DOCUMENTS = 10_000;
/** As the server's log and profiler show it. */
const COMMENT = 'heatlens sample';
/** Documents and characters of EJSON (a multiple of the bytes) in one insert; a message takes 48 MB. */
const BATCH_DOCUMENTS = 1000;
const BATCH_CHARACTERS = 12_000_000;
/** A large sample is drawn by a sort of the whole collection before the first document comes. */
const READ_PATIENCE_MS = 120_000;
const WRITE_PATIENCE_MS = 60_000;
/** What a sample may be at most, whatever its size was said to be. */
const MOST_SAMPLE_BYTES = 4_000_000_000;
const MOST_SAMPLE_MS = 3_600_000;
/** A collection has 64 at most. */
const MOST_INDEXES = 500;

/** What would be copied of one collection, for the question to the user. */
export interface SampleSize {
  readonly collection: string;
  /** Documents to copy: all of a smaller collection. */
  readonly documents: number;
  /** Documents in the collection. */
  readonly total: number;
  /** Of the copy, by the average size. */
  readonly estimatedBytes: number;
}

/** A collection that a statement reads, and what is special about it. */
export interface SampleSource extends SampleSize {
  /** How a copy differs from it, one sentence each. */
  readonly notes: readonly string[];
}

export interface SamplingOptions extends RunOptions {
  /** The experiment, as errors name it: `Try It` when not given. */
  readonly what?: string;
}

/** What a sample of one collection would be. Throws a HeatlensError for what cannot be copied: views, time series, capped. */
export async function sampleSize(
  connection: MongoConnection,
  database: string,
  collection: string,
  documents = SAMPLE_DOCUMENTS,
  options: SamplingOptions = {},
): Promise<SampleSource> {
  const { what = 'Try It', ...run } = options;
  const notes = await checkSource(connection, database, collection, what, run);
  const stats = await connection.run(database, { collStats: collection }, run);
  const total = asCount(stats.count) ?? 0;
  const copied = Math.max(0, Math.min(Math.round(documents), total));
  if (stats.sharded === true)
    notes.push(`${collection} is sharded and its sample is not: how many shards are asked is not shown.`);
  return {
    collection,
    documents: copied,
    total,
    estimatedBytes: Math.round(copied * (asCount(stats.avgObjSize) ?? 0)),
    notes,
  };
}

/** The same for every collection that a command reads, its own first. Throws when one of them cannot be copied, or the own is empty. */
export async function sampleSizes(
  connection: MongoConnection,
  database: string,
  command: EjsonDocument,
  documents = SAMPLE_DOCUMENTS,
  options: SamplingOptions = {},
): Promise<readonly SampleSource[]> {
  const { what = 'Try It' } = options;
  if (connection.server.product === 'cosmos') throw cannotMeasure(what, connection.name);
  for (const stage of innerDocuments(command.pipeline)) {
    const search = Object.keys(stage).find((key) =>
      /^\$(search|searchMeta|vectorSearch|rankFusion|scoreFusion)$/.test(key),
    );
    if (search !== undefined) throw needsSearch(what, search);
  }
  const { names, elsewhere } = collectionsOf(command);
  if (elsewhere.length) throw otherDatabase(what, elsewhere[0]);
  const sizes: SampleSource[] = [];
  for (const name of names) {
    try {
      sizes.push(await sampleSize(connection, database, name, documents, options));
    } catch (error) {
      // Joining a collection that does not exist finds nothing, on the sample as well.
      if (!sizes.length || !isHeatlensError(error, 'mongoUnknownCollection')) throw error;
    }
  }
  if (sizes[0]?.documents === 0) throw nothingToCopy(what, `${database}.${sizes[0].collection}`);
  return sizes;
}

async function checkSource(
  connection: MongoConnection,
  database: string,
  collection: string,
  what: string,
  options: RunOptions,
): Promise<string[]> {
  const namespace = `${database}.${collection}`;
  if (collection.startsWith('system.') || /^(admin|local|config)$/.test(database) || database === SCRATCH_DATABASE)
    throw isSystem(what, namespace);
  const { type, capped, options: details } = await describePlace(connection, database, collection, options);
  if (type === 'missing') throw unknownCollection(database, collection, []);
  if (type === 'view') throw isView(what, namespace);
  if (type === 'timeseries') throw isTimeSeries(what, namespace);
  if (capped) throw isCapped(what, namespace);
  return details.clusteredIndex === undefined
    ? []
    : [`${collection} is stored in the order of _id and its sample is not.`];
}

/** A sample that is read bit by bit; the documents come in random order, so each beginning of it is a sample too. */
export interface SampleReader {
  readonly source: SampleSource;
  /** Copies on until the target holds this many, or there are no more; gives how many it holds. */
  copyUpTo(documents: number): Promise<number>;
  /** How many documents the target refused. */
  readonly refused: number;
  close(): Promise<void>;
}

export interface CopyOptions {
  readonly signal?: AbortSignal;
  /** After each batch. */
  readonly onCopied?: (source: SampleSource, copied: number) => void;
}

/** Reads a sample of a collection through a cursor and writes it to a temporary one; the collection itself is only read. */
export function readSample(
  connection: MongoConnection,
  database: string,
  source: SampleSource,
  target: string,
  { signal, onCopied }: CopyOptions = {},
): SampleReader {
  const { collection, documents: size, total } = source;
  const pipeline = size < total ? [{ $sample: { size } }] : [];
  const command = {
    aggregate: collection,
    pipeline,
    cursor: { batchSize: BATCH_DOCUMENTS },
    allowDiskUse: true,
    comment: COMMENT,
  };
  const cursor = connection
    .documents(database, command, {
      signal,
      patienceMs: READ_PATIENCE_MS,
      // They are passed on batch by batch; the user sees how far it is, and may cancel it.
      most: Number.MAX_SAFE_INTEGER,
      mostBytes: MOST_SAMPLE_BYTES,
      walkMs: MOST_SAMPLE_MS,
    })
    [Symbol.asyncIterator]();
  let copied = 0;
  let refused = 0;
  const insert = async (documents: readonly EjsonDocument[]): Promise<void> => {
    // Without the signal: a batch that is under way when the collection is dropped would make it again.
    const command = { insert: target, documents, ordered: false };
    const reply = await connection.run(SCRATCH_DATABASE, command, {
      readPreference: 'primary',
      patienceMs: WRITE_PATIENCE_MS,
    });
    const errors = Array.isArray(reply.writeErrors) ? reply.writeErrors.map(asDocument) : [];
    // A sample may hold a document twice.
    refused += errors.filter((error) => asNumber(error?.code) !== 11000).length;
    // Never more than was sent, whatever the server says.
    copied += Math.min(asCount(reply.n) ?? documents.length, documents.length);
    onCopied?.(source, copied);
  };
  return {
    source,
    get refused() {
      return refused;
    },
    async copyUpTo(documents) {
      let batch: EjsonDocument[] = [];
      let characters = 0;
      while (copied + batch.length < documents) {
        throwIfCancelled(signal);
        const next = await cursor.next();
        if (next.done) break;
        batch.push(next.value);
        characters += JSON.stringify(next.value).length;
        if (batch.length < BATCH_DOCUMENTS && characters < BATCH_CHARACTERS) continue;
        await insert(batch);
        [batch, characters] = [[], 0];
      }
      if (batch.length) await insert(batch);
      return copied;
    },
    async close() {
      await cursor.return?.();
    },
  };
}

/** What an index of a copy must not have: it would delete its documents, or is the server's business. */
const NOT_COPIED = new Set([
  'v',
  'ns',
  'background',
  'expireAfterSeconds',
  'safe',
  'textIndexVersion',
  '2dsphereIndexVersion',
  'prepareUnique',
]);

/** An index as `createIndexes` takes it. */
export type IndexSpec = EjsonDocument & { readonly name: string };

/** The indexes that the planner could think of for these commands, of a collection as it has them. */
export async function indexesThatMatter(
  connection: MongoConnection,
  database: string,
  collection: string,
  commands: readonly EjsonDocument[],
  options: RunOptions,
): Promise<IndexSpec[]> {
  const fields = firstSegments(commands);
  const found: IndexSpec[] = [];
  const walk = { ...options, most: MOST_INDEXES };
  for await (const index of connection.documents(database, { listIndexes: collection, cursor: {} }, walk)) {
    const key = asDocument(index.key) ?? {};
    const [leading = ''] = Object.keys(key);
    const name = asText(index.name);
    if (name === undefined || name === '_id_') continue;
    const special = Object.values(key).some((kind) => typeof kind === 'string') || leading.includes('$**');
    const isHinted = commands.some(({ hint }) => hint === name);
    if (!special && !isHinted && !fields.has(leading.split('.', 1)[0])) continue;
    const options = Object.fromEntries(Object.entries(index).filter(([option]) => !NOT_COPIED.has(option)));
    found.push({ ...options, key: creationKey(key, asDocument(index.weights)), name });
  }
  return found;
}

/** A text index is listed by its inner fields, and created by those that it is over. */
function creationKey(key: EjsonDocument, weights: EjsonDocument | undefined): EjsonDocument {
  if (key._fts !== 'text' || !weights) return key;
  const created: Record<string, unknown> = {};
  for (const [field, kind] of Object.entries(key)) {
    if (field === '_fts') for (const over of Object.keys(weights)) created[over] = 'text';
    else if (field !== '_ftsx') created[field] = kind;
  }
  return created;
}

/** First segments of every field that commands name anywhere, as a key, a path or a distinct key. */
function firstSegments(commands: readonly EjsonDocument[]): Set<string> {
  const fields = new Set<string>();
  const add = (path: unknown): void => {
    if (typeof path === 'string') fields.add(path.replace(/^\$+/, '').split('.', 1)[0]);
  };
  for (const command of commands) {
    add(command.key);
    for (const document of innerDocuments(command)) {
      for (const key of Object.keys(document)) {
        add(key);
        const value = document[key];
        for (const one of Array.isArray(value) ? (value as unknown[]) : [value]) add(one);
      }
    }
  }
  return fields;
}

/** Builds indexes on a temporary collection; gives a sentence for each that the server did not take. */
export async function buildIndexes(
  connection: MongoConnection,
  target: string,
  collection: string,
  indexes: readonly IndexSpec[],
  signal?: AbortSignal,
): Promise<string[]> {
  const notes: string[] = [];
  for (const index of indexes) {
    throwIfCancelled(signal);
    try {
      await connection.run(
        SCRATCH_DATABASE,
        { createIndexes: target, indexes: [index] },
        { readPreference: 'primary', patienceMs: WRITE_PATIENCE_MS },
      );
    } catch (error) {
      notes.push(`The sample of ${collection} has no index ${index.name}: ${errorText(error)}`);
    }
  }
  return notes;
}

/** `4,211 of 10,000 documents of products`, for the progress. */
export function copiedText(source: SampleSource, copied: number, of = source.documents): string {
  return `${inDigits(copied)} of ${counted(of, 'document')} of ${source.collection}`;
}
