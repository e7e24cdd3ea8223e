import { redundantIndexes, unusedIndexes } from '../../../core/database/mongo/findings/indexRules';
import type { TargetFacts } from '../../../core/database/facts';
import { asDocument, asCount, asText, type EjsonDocument } from '../../../core/ejson/documents';
import { allDocuments, allowed, collectionFacts, MOST_COLLECTIONS, placeOf } from './collectionFacts';
import type { MongoConnection, RunOptions, WalkOptions } from './mongoConnection';

/** ms for a list of collections. */
const LIST_MS = 15_000;

/** A collection of a database, as its list tells. */
export interface CollectionEntry {
  readonly name: string;
  readonly type: 'collection' | 'capped' | 'view' | 'timeseries';
  /** Of a view: what it reads. */
  readonly viewOn?: string;
  readonly validation?: SchemaValidation;
}

/** What documents are checked against when they are written. */
export interface SchemaValidation {
  /** A query, or `{ $jsonSchema: … }`; canonical EJSON. */
  readonly validator: EjsonDocument;
  /** `strict` checks all writes, `moderate` not those to documents that were invalid before. */
  readonly level: string;
  /** `error` refuses a write, `warn` only logs it. */
  readonly action: string;
}

/** Facts of one collection with what is worth doing about its indexes. */
export interface CollectionDetails {
  readonly facts: TargetFacts;
  /** Bytes on disk of the documents and of all indexes. */
  readonly storageBytes?: number;
  readonly totalIndexBytes?: number;
  /** By name of the index. */
  readonly indexBytes: Readonly<Record<string, number>>;
  /** Names of indexes that nothing used for a week at least. */
  readonly unused: readonly string[];
  /** Indexes that another one makes needless, with the name of that one. */
  readonly redundant: readonly { readonly name: string; readonly by: string }[];
}

/**
 * By name, 10,000 at most; the server's own collections are left out. A login that may not list all sees its own. `onCut` is told
 * where the list goes on; without it that is an error.
 */
export async function listCollections(
  connection: MongoConnection,
  database: string,
  given: WalkOptions = {},
): Promise<readonly CollectionEntry[]> {
  const options = { most: MOST_COLLECTIONS, walkMs: LIST_MS, ...given };
  const all = await allowed(allDocuments(connection, database, { listCollections: 1, cursor: {} }, options));
  const own =
    all ??
    (await allDocuments(
      connection,
      database,
      { listCollections: 1, nameOnly: true, authorizedCollections: true, cursor: {} },
      options,
    ));
  const entries = own
    .filter(({ name }) => typeof name === 'string')
    .map(entryOf)
    .filter(({ name }) => !name.startsWith('system.'));
  return entries.sort((a, b) => a.name.localeCompare(b.name));
}

function entryOf(raw: EjsonDocument): CollectionEntry {
  const { name, type, capped, options } = placeOf(raw);
  const viewOn = asText(options.viewOn);
  const validator = asDocument(options.validator);
  const validation =
    validator && Object.keys(validator).length
      ? {
          validator,
          level: asText(options.validationLevel) ?? 'strict',
          action: asText(options.validationAction) ?? 'error',
        }
      : undefined;
  return {
    name,
    type: type === 'view' || type === 'timeseries' ? type : capped ? 'capped' : 'collection',
    ...(viewOn === undefined ? {} : { viewOn }),
    ...(validation ? { validation } : {}),
  };
}

/** Of a collection, not of a view; whatever may not be asked is left out. */
export async function collectionDetails(
  connection: MongoConnection,
  database: string,
  name: string,
  options: RunOptions & { readonly now?: number } = {},
): Promise<CollectionDetails> {
  const { now = Date.now(), ...run } = options;
  const facts = await collectionFacts(connection, database, name, { ...run, sample: false });
  const stats = (await allowed(connection.run(database, { collStats: name, maxTimeMS: 2_000 }, run))) ?? {};
  const sizes = Object.entries(asDocument(stats.indexSizes) ?? {}).map(
    ([index, bytes]) => [index, asCount(bytes) ?? 0] as const,
  );
  const storageBytes = asCount(stats.storageSize);
  const totalIndexBytes = asCount(stats.totalIndexSize);
  const indexes = facts.indexes ?? [];
  return {
    facts,
    ...(storageBytes === undefined ? {} : { storageBytes }),
    ...(totalIndexBytes === undefined ? {} : { totalIndexBytes }),
    indexBytes: Object.fromEntries(sizes),
    unused: unusedIndexes(indexes, now).map(({ index }) => index.name),
    redundant: redundantIndexes(indexes).map(({ index, by }) => ({ name: index.name, by: by.name })),
  };
}
