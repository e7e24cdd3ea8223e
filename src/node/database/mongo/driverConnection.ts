import type { Document, MongoClient, ReadPreferenceLike, RunCommandCursor } from 'mongodb';
import { type HeatlensError, isHeatlensError } from '../../../core/errors';
import { secretsOfUri } from '../../../core/database/mongo/connection/secrets';
import { databaseOfUri, nameOfUri, optionsOfUri } from '../../../core/database/mongo/connection/connectionString';
import {
  cancelled,
  mongoError,
  mongoNoAnswer,
  throwIfCancelled,
  tooMuchAnswered,
} from '../../../core/database/mongo/errors/mongoErrors';
import { tooManyValues } from '../../../core/database/mongo/errors/replyErrors';
import { bsonCodec } from './bsonValues';
import type { ConnectOptions } from './connectMongo';
import { createClient, type DriverParts } from './createClient';
import { serverInfo } from './detectServer';
import type { MongoConnection, RunOptions, ServerInfo, WalkOptions } from './mongoConnection';
import { abortableDelay, onAbort, rejectedOnAbort } from '../../../core/abort';
import { asDocument, asNumber, asText, documentsOf, hasMoreValuesThan } from '../../../core/ejson/documents';
import type { EjsonDocument } from '../../../core/ejson/documents';
import { collectionNamed } from '../../../core/database/mongo/commands/commandCollections';

const SELECT_MS = 5_000;
const PATIENCE_MS = 30_000;
/** What the answer may take on its way, beyond the server's own limit. */
const GRACE_MS = 2_000;
/** What closing may take; the rest of it goes on behind. */
const CLOSE_MS = 300;

/** Of one walk over a cursor: more than anything here needs, less than what fills the memory. */
const MOST_DOCUMENTS = 100_000;
const MOST_BYTES = 64 * 1024 * 1024;
/** A walk takes as long as so many batches may. */
const PATIENCE_OF_WALK = 10;
/** A server with as many could not be chosen from. */
const MOST_DATABASES = 10_000;

/** Values of a plan: each is read, shown and written several times. */
const MOST_PLAN_VALUES = 300_000;
/** Shorter secrets may be data by chance, and data is not to be changed. */
const SHORTEST_IN_DATA = 8;

/** Regular expressions keep options that JavaScript has not. */
const PLAIN = { bsonRegExp: true } as const;
const EXACT = { bsonRegExp: true, promoteValues: false } as const;

interface Waiting extends RunOptions {
  readonly database?: string;
  readonly collection?: string;
}

/** The connection, over a driver that is loaded already. */
export async function openConnection(
  parts: DriverParts,
  uri: string,
  { signal, appName = 'Heatlens', timeouts = {}, allowHosts = [], allowPlainLogin = false }: ConnectOptions,
): Promise<MongoConnection> {
  const name = nameOfUri(uri);
  const selectMs = timeouts.selectMs ?? SELECT_MS;
  const given = optionsOfUri(uri);
  let hasAnswered = false;
  const withheld = new Set<string>();
  const refused = new AbortController();
  const failed = (error: unknown, { database, collection }: Waiting = {}) =>
    mongoError(error, { connection: name, uri, database, collection, hasAnswered, withheld: [...withheld] });

  const secrets = secretsOfUri(uri).texts.filter((secret) => secret.length >= SHORTEST_IN_DATA);
  /** The document without what only the connection string says. */
  const hidden = (document: EjsonDocument): EjsonDocument => {
    if (!secrets.length) return document;
    const text = JSON.stringify(document);
    const found = secrets.filter((secret) => text.includes(secret));
    return found.length
      ? (JSON.parse(found.reduce((clean, secret) => clean.replaceAll(secret, '***'), text)) as EjsonDocument)
      : document;
  };
  const { toBson, toEjson } = bsonCodec(parts.driver.BSON);
  const client = await createClient(parts, uri, {
    appName,
    selectMs,
    allowHosts,
    allowPlainLogin,
    failed,
    onWithheld: (hosts) => hosts.forEach((host) => withheld.add(host)),
    onRefused: (error) => refused.abort(error),
  });
  const reads: ReadPreferenceLike = given.has('readpreference') ? client.options.readPreference : 'secondaryPreferred';

  /** What `start` gives, unless it is aborted or takes too long; then the promise is settled at once. */
  async function bounded<T>(
    start: (signal: AbortSignal) => Promise<T>,
    waiting: Waiting,
    patienceMs: number,
  ): Promise<T> {
    throwIfCancelled(waiting.signal);
    const stop = new AbortController();
    let settle: (() => void) | undefined;
    const interrupted = new Promise<never>((_resolve, reject) => {
      const timer = setTimeout(() => end(mongoNoAnswer(name, Math.round(patienceMs / 1000))), patienceMs);
      const end = (error: Error): void => {
        reject(error);
        stop.abort(error);
      };
      const listening = onAbort(waiting.signal, () => end(cancelled()));
      settle = () => {
        clearTimeout(timer);
        listening.dispose();
      };
    });
    try {
      return await Promise.race([start(stop.signal), interrupted]);
    } catch (error) {
      throw failed(error, waiting);
    } finally {
      settle?.();
    }
  }

  const patience = (command: EjsonDocument, options: RunOptions): number => {
    const limit = asNumber(command.maxTimeMS);
    return options.patienceMs ?? (limit === undefined ? (timeouts.patienceMs ?? PATIENCE_MS) : limit + GRACE_MS);
  };
  const preference = (options: RunOptions): ReadPreferenceLike =>
    options.readPreference === undefined || options.readPreference === 'secondaryPreferred'
      ? reads
      : options.readPreference;

  async function run(database: string, command: EjsonDocument, options: RunOptions = {}): Promise<EjsonDocument> {
    const place = { ...options, database, collection: collectionOf(command) };
    const bson = toBson(command);
    return bounded(
      async (stop) => {
        const reply = await client
          .db(database)
          .command(bson, { ...PLAIN, readPreference: preference(options), signal: stop });
        if ('explain' in command && hasMoreValuesThan(reply, MOST_PLAN_VALUES))
          throw tooManyValues(name, MOST_PLAN_VALUES);
        const answer = toEjson(reply, false);
        // A plan is shown, saved and copied; a server may repeat in it what it was told.
        return 'explain' in command ? hidden(answer) : answer;
      },
      place,
      patience(command, options),
    );
  }

  async function* documents(
    database: string,
    command: EjsonDocument,
    options: WalkOptions = {},
  ): AsyncGenerator<EjsonDocument> {
    const place = { ...options, database, collection: collectionOf(command) };
    const patienceMs = patience(command, options);
    const { most = MOST_DOCUMENTS, mostBytes = MOST_BYTES, walkMs = patienceMs * PATIENCE_OF_WALK } = options;
    const bson = toBson(command);
    const begin = async () =>
      client.db(database).runCursorCommand(bson, { ...EXACT, readPreference: preference(options) });
    // Names that the driver refuses are refused here.
    const cursor = await bounded(begin, place, patienceMs);
    const ends = performance.now() + walkMs;
    let [count, bytes] = [0, 0];
    const cut = (why: HeatlensError): void => {
      // What was read so far is of use only to those who say that it is not all.
      if (!count || !options.onCut) throw why;
      options.onCut(why.message);
    };
    try {
      for (;;) {
        const leftMs = Math.max(1, ends - performance.now());
        const next = await nextOf(cursor, place, Math.min(patienceMs, leftMs)).catch((error: unknown) => {
          if (!isHeatlensError(error, 'mongoNoAnswer')) throw error;
          cut(error);
        });
        if (!next) return;
        bytes += parts.driver.BSON.calculateObjectSize(next);
        if (count >= most || bytes > mostBytes || performance.now() > ends)
          return cut(tooMuchAnswered(name, Object.keys(command)[0] ?? '', count));
        count++;
        const document = toEjson(next, true);
        yield command.find === 'system.profile' ? hidden(document) : document;
      }
    } finally {
      // Not waited for: an aborted request must not wait for the server that it was slow on.
      void cursor.close().catch(() => undefined);
    }
  }

  const nextOf = (cursor: RunCommandCursor, place: Waiting, patienceMs: number): Promise<Document | null> =>
    bounded(() => cursor.next() as Promise<Document | null>, place, patienceMs);

  const opening: Waiting = { signal };
  try {
    await bounded(() => connected(client, refused.signal), opening, selectMs * 2 + GRACE_MS);
    hasAnswered = true;
    const server = await detect(run, uri, given.get('loadbalanced') === 'true', { signal, patienceMs: selectMs });
    return {
      name,
      server,
      get withheld() {
        return [...withheld].sort();
      },
      defaultDatabase: databaseOfUri(uri),
      run,
      documents,
      async databases(options = {}) {
        const own = databaseOfUri(uri);
        try {
          const { databases } = await run('admin', { listDatabases: 1, nameOnly: true }, options);
          const names = documentsOf(databases).map((one) => asText(one.name));
          return names
            .filter((one) => one !== undefined)
            .slice(0, MOST_DATABASES)
            .sort();
        } catch (error) {
          if (options.signal?.aborted || own === undefined || !isRefusal(error)) throw error;
          return [own];
        }
      },
      // The driver says goodbye to a primary, and waits for one where there is none.
      close: () => Promise.race([client.close(), abortableDelay(CLOSE_MS, undefined)]),
    };
  } catch (error) {
    void client.close().catch(() => undefined);
    throw error;
  }
}

/** Connects; of one host what it was given up for is said at once, not when the time for finding it is up. */
async function connected(client: MongoClient, refused: AbortSignal): Promise<void> {
  const connecting = client.connect();
  if (client.options.hosts.length > 1 || client.options.srvHost !== undefined) return void (await connecting);
  await Promise.race([connecting, rejectedOnAbort(refused)]);
}

function isRefusal(error: unknown): boolean {
  return isHeatlensError(error, 'mongoNotAuthorised', 'mongoUnsupported');
}

type Run = MongoConnection['run'];

async function detect(run: Run, uri: string, balanced: boolean, options: RunOptions): Promise<ServerInfo> {
  const ask = async (command: EjsonDocument): Promise<EjsonDocument> => {
    try {
      return await run('admin', command, options);
    } catch (error) {
      // Without a right to ask, or unknown to a look-alike; a connection that is not there is another matter.
      if (isRefusal(error) || isHeatlensError(error, 'mongoBadCommand')) return {};
      throw error;
    }
  };
  const [hello, buildInfo] = [await ask({ hello: 1 }), await ask({ buildInfo: 1 })];
  return serverInfo(Object.keys(hello).length ? hello : await ask({ isMaster: 1 }), buildInfo, uri, balanced);
}

/** For messages. */
function collectionOf(command: EjsonDocument): string | undefined {
  return collectionNamed(asDocument(command.explain) ?? command);
}
