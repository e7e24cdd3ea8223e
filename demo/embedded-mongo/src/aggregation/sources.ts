import { hostname } from 'node:os';
import { ServerError } from '../errors';
import type { Collection } from '../storage/collection';
import { shownKey } from '../storage/collectionIndex';
import type { Index } from '../storage/collectionIndex';
import type { Database } from '../storage/store';
import { isDoc, toNumber } from '../values/types';
import type { Doc } from '../values/types';

/** Bytes counted for one entry of an index. Only the order of magnitude is meaningful. */
const ENTRY_BYTES = 16;

export function indexSpec(index: Index): Doc {
  const { v, key: _key, name, ...options } = index.spec;
  const text =
    index.kind === 'text'
      ? { weights: index.weights, default_language: 'english', language_override: 'language', textIndexVersion: 3 }
      : {};
  const geo = index.kind === '2dsphere' ? { '2dsphereIndexVersion': 3 } : {};
  const collation = index.collation ? { collation: index.collation } : {};
  return { v: v ?? 2, key: shownKey(index), name, ...options, ...collation, ...text, ...geo };
}

export function indexStats(collection: Collection): Doc[] {
  return collection.indexes.map((index) => {
    const spec = indexSpec(index);
    return {
      name: index.name,
      key: spec.key,
      host: hostname(),
      accesses: { ops: index.ops, since: index.since },
      spec,
    };
  });
}

/** Sizes of a collection, divided by `scale`; bytes of documents are true, those of storage and indexes are estimates. */
export function storageStats(collection: Collection, scale: number): Doc {
  const size = collection.dataSize;
  const count = collection.records.size;
  const scaled = (bytes: number) => Math.floor(bytes / scale);
  const sizes = Object.fromEntries(
    collection.indexes.map((index) => [
      index.name,
      scaled(4096 + ENTRY_BYTES * index.entries.read().length * index.fields.length),
    ]),
  );
  const indexes = Object.values(sizes).reduce((sum, bytes) => sum + bytes, 0);
  return {
    size: scaled(size),
    count,
    ...(count > 0 ? { avgObjSize: Math.floor(size / count) } : {}),
    numOrphanDocs: 0,
    storageSize: scaled(size),
    freeStorageSize: 0,
    capped: collection.options.capped === true,
    nindexes: collection.indexes.length,
    indexBuilds: [],
    totalIndexSize: indexes,
    totalSize: scaled(size) + indexes,
    indexSizes: sizes,
    scaleFactor: scale,
  };
}

export function collectionStats(collection: Collection, spec: unknown, database: Database): Doc[] {
  if (!isDoc(spec)) throw new ServerError(40166, '$collStats must take a nested object');
  if (!database.collections.has(collection.name) && 'storageStats' in spec)
    throw new ServerError(26, `Collection [${collection.namespace}] not found.`);
  const doc: Doc = { ns: collection.namespace, host: hostname(), localTime: new Date() };
  if ('storageStats' in spec)
    doc.storageStats = storageStats(collection, (isDoc(spec.storageStats) && toNumber(spec.storageStats.scale)) || 1);
  if ('count' in spec) doc.count = collection.records.size;
  if ('latencyStats' in spec)
    doc.latencyStats = {
      reads: { latency: 0, ops: 0 },
      writes: { latency: 0, ops: 0 },
      commands: { latency: 0, ops: 0 },
    };
  return [doc];
}
