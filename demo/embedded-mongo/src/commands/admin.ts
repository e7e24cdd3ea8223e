import { hostname } from 'node:os';
import { badValue, ServerError } from '../errors';
import { storageStats } from '../aggregation/sources';
import { compile } from '../query/evaluate';
import { parseQuery } from '../query/parse';
import { MAX_DOCUMENT_BYTES } from '../storage/collection';
import type { Database } from '../storage/store';
import { isDoc, toNumber } from '../values/types';
import type { Doc } from '../values/types';
import { MAX_MESSAGE_BYTES } from '../wire/messages';
import { collectionName } from './context';
import { listSource } from './cursors';
import type { CommandContext } from './context';
import { readable } from './read';

/** The version whose plans this server makes; everything else about it is its own. */
const VERSION = '4.9.0';
const WIRE_VERSION = 12;
const SORT_MEMORY_SETTING = 'internalQueryMaxBlockingSortMemoryUsageBytes';
const started = Date.now();

export function buildInfo(): Doc {
  return {
    version: VERSION,
    versionArray: [4, 9, 0, 0],
    gitVersion: 'heatlens-embedded',
    modules: ['heatlens-embedded'],
    heatlens: {
      embedded: true,
      note: 'The embedded demo server of Heatlens, not MongoDB: for demos and tests, in memory, loopback only.',
    },
    allocator: 'v8',
    javascriptEngine: 'none',
    sysInfo: 'deprecated',
    bits: 64,
    debug: false,
    maxBsonObjectSize: MAX_DOCUMENT_BYTES,
    storageEngines: ['heatlens-memory'],
  };
}

export function hello({ body, name, connection }: CommandContext): Doc {
  const legacy = name !== 'hello';
  return {
    ...(body.helloOk === true ? { helloOk: true } : {}),
    [legacy ? 'ismaster' : 'isWritablePrimary']: true,
    maxBsonObjectSize: MAX_DOCUMENT_BYTES,
    maxMessageSizeBytes: MAX_MESSAGE_BYTES,
    maxWriteBatchSize: 100000,
    localTime: new Date(),
    logicalSessionTimeoutMinutes: 30,
    connectionId: connection,
    minWireVersion: 0,
    maxWireVersion: WIRE_VERSION,
    readOnly: false,
  };
}

export function serverStatus({ connections, cursors }: CommandContext): Doc {
  const { rss } = process.memoryUsage();
  return {
    host: hostname(),
    version: VERSION,
    process: 'heatlens-embedded',
    pid: process.pid,
    uptime: (Date.now() - started) / 1000,
    localTime: new Date(),
    connections: { current: connections.current, totalCreated: connections.total },
    metrics: { cursor: { open: { total: cursors.size } } },
    storageEngine: { name: 'heatlens-memory', persistent: false },
    mem: { resident: Math.round(rss / 1048576) },
  };
}

/** The settings of a server that this one has; `sortMemory` may be set. */
export function getParameter({ store, body }: CommandContext): Doc {
  const known: Doc = {
    featureCompatibilityVersion: { version: '4.9' },
    [SORT_MEMORY_SETTING]: store.settings.sortMemory,
  };
  if (body.getParameter === '*' || (isDoc(body.getParameter) && body.getParameter.allParameters === true)) return known;
  const asked = Object.keys(known).filter((name) => name in body);
  if (asked.length === 0) throw new ServerError(72, 'no option found to get');
  return Object.fromEntries(asked.map((name) => [name, known[name]]));
}

export function setParameter({ store, body }: CommandContext): Doc {
  const bytes = toNumber(body[SORT_MEMORY_SETTING]);
  if (bytes === undefined)
    throw new ServerError(72, `no option found to set; the embedded server knows ${SORT_MEMORY_SETTING} only`);
  if (bytes < 0) throw badValue(`${SORT_MEMORY_SETTING} must not be negative`);
  const was = store.settings.sortMemory;
  store.settings.sortMemory = bytes;
  return { was };
}

export function killOp({ operations, body }: CommandContext): Doc {
  const id = toNumber(body.op);
  if (id === undefined) throw badValue('Did not provide "op" field');
  operations.kill(id);
  return { info: 'attempting to kill op' };
}

export function create(context: CommandContext): Doc {
  const { database, body } = context;
  const {
    create: _create,
    $db: _db,
    lsid: _lsid,
    comment: _comment,
    writeConcern: _concern,
    $clusterTime: _time,
    $readPreference: _preference,
    ...options
  } = body;
  if (options.timeseries !== undefined || options.clusteredIndex !== undefined) {
    throw new ServerError(
      238,
      'The embedded server has neither time series nor clustered collections. Use MongoDB for them.',
    );
  }
  if (options.capped === true && !toNumber(options.size))
    throw new ServerError(72, "the 'size' field is required when 'capped' is true");
  database.create(collectionName(context), options);
  return {};
}

export function drop(context: CommandContext): Doc {
  const { database } = context;
  const name = collectionName(context);
  const collection = database.collections.get(name);
  if (!collection && !database.views.has(name)) throw new ServerError(26, 'ns not found');
  database.collections.delete(name);
  database.views.delete(name);
  return { ns: `${database.name}.${name}`, ...(collection ? { nIndexesWas: collection.indexes.length } : {}) };
}

export function dropDatabase({ store, database }: CommandContext): Doc {
  const there = store.databases.delete(database.name) && (database.collections.size > 0 || database.views.size > 0);
  database.collections.clear();
  database.views.clear();
  return there ? { dropped: database.name } : {};
}

export function renameCollection({ store, body }: CommandContext): Doc {
  const [from, to] = [String(body.renameCollection), String(body.to)].map((namespace) => {
    const dot = namespace.indexOf('.');
    return { database: store.database(namespace.slice(0, dot)), name: namespace.slice(dot + 1) };
  });
  const source = from.database.collections.get(from.name);
  if (!source) throw new ServerError(26, `Source collection ${from.database.name}.${from.name} does not exist`);
  if (to.database.collections.has(to.name) && body.dropTarget !== true)
    throw new ServerError(48, 'target namespace exists');
  to.database.collections.delete(to.name);
  const target = to.database.ensure(to.name);
  target.options = source.options;
  for (const doc of source.records.values()) target.insert(doc);
  for (const index of source.indexes.slice(1)) target.createIndex(index.spec);
  from.database.collections.delete(from.name);
  return {};
}

export async function listCollections({ database, body, cursors, turns }: CommandContext): Promise<Doc> {
  const all: Doc[] = [
    ...[...database.collections.values()].map((collection) => ({
      name: collection.name,
      type: 'collection',
      options: collection.options,
      info: { readOnly: false, uuid: collection.uuid },
      idIndex: { v: 2, key: { _id: 1 }, name: '_id_' },
    })),
    ...[...database.views.values()].map((view) => ({
      name: view.name,
      type: 'view',
      options: { viewOn: view.viewOn, pipeline: view.pipeline, ...view.options },
      info: { readOnly: true },
    })),
  ];
  const kept = all.filter(compile(parseQuery(body.filter ?? {})));
  const shown = body.nameOnly === true ? kept.map(({ name, type }) => ({ name, type })) : kept;
  const batch = isDoc(body.cursor) ? toNumber(body.cursor.batchSize) : undefined;
  const opening = { namespace: `${database.name}.$cmd.listCollections`, command: body, batchSize: batch, turns };
  return { cursor: (await cursors.first(listSource(shown), opening)).cursor };
}

function sizeOf(database: Database): number {
  return [...database.collections.values()].reduce((sum, collection) => sum + collection.dataSize, 0);
}

export function listDatabases({ store, body }: CommandContext): Doc {
  const all = [...store.databases.values()]
    .filter((database) => database.collections.size + database.views.size > 0)
    .map((database) => ({ name: database.name, sizeOnDisk: sizeOf(database), empty: false }))
    .filter(compile(parseQuery(body.filter ?? {})));
  if (body.nameOnly === true) return { databases: all.map(({ name }) => ({ name })) };
  const totalSize = all.reduce((sum, { sizeOnDisk }) => sum + sizeOnDisk, 0);
  return { databases: all, totalSize, totalSizeMb: Math.floor(totalSize / 1048576) };
}

export function collStats(context: CommandContext): Doc {
  const { database, body } = context;
  const name = collectionName(context);
  if (database.views.has(name))
    throw new ServerError(166, `Namespace ${database.name}.${name} is a view, not a collection`);
  return { ns: `${database.name}.${name}`, ...storageStats(readable(context, name), toNumber(body.scale) || 1) };
}

export function dbStats({ database, body }: CommandContext): Doc {
  const scale = toNumber(body.scale) || 1;
  const stats = [...database.collections.values()].map((collection) => storageStats(collection, scale));
  const sum = (field: string) => stats.reduce((total, one) => total + Number(one[field] ?? 0), 0);
  const objects = sum('count');
  return {
    db: database.name,
    collections: database.collections.size,
    views: database.views.size,
    objects,
    avgObjSize: objects === 0 ? 0 : (sum('size') * scale) / objects,
    dataSize: sum('size'),
    storageSize: sum('storageSize'),
    indexes: sum('nindexes'),
    indexSize: sum('totalIndexSize'),
    totalSize: sum('totalSize'),
    scaleFactor: scale,
  };
}

export function validate(context: CommandContext): Doc {
  const name = collectionName(context);
  const collection = context.database.collections.get(name);
  if (!collection)
    throw new ServerError(26, `Collection '${context.database.name}.${name}' does not exist to validate.`);
  const keys = Object.fromEntries(collection.indexes.map((index) => [index.name, index.entries.read().length]));
  return {
    ns: collection.namespace,
    nrecords: collection.records.size,
    nIndexes: collection.indexes.length,
    keysPerIndex: keys,
    valid: true,
    warnings: [],
    errors: [],
  };
}
