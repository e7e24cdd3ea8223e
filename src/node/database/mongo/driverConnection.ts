import { t } from '@vscode/l10n';
import type * as Driver from 'mongodb';
import type { Document, MongoClient, MongoClientOptions, ReadPreferenceLike } from 'mongodb';
import { errorText, type HeatlensError, isHeatlensError } from '../../../core/errors';
import { badConnectionString } from '../../../core/database/mongo/errors/connectErrors';
import {
  databaseOfUri,
  nameOfUri,
  optionsOfUri,
  readConnectionString,
  redactText,
} from '../../../core/database/mongo/connection/connectionString';
import {
  cancelled,
  mongoError,
  mongoNoAnswer,
  throwIfCancelled,
} from '../../../core/database/mongo/errors/mongoErrors';
import { bsonCodec } from './bsonValues';
import type { ConnectOptions } from './connectMongo';
import { serverInfo } from './detectServer';
import type { MongoConnection, RunOptions, ServerInfo } from './mongoConnection';
import { onAbort } from '../../../core/abort';
import { asDocument, asNumber } from '../../../core/ejson/documents';
import type { EjsonDocument } from '../../../core/ejson/documents';
import { collectionNamed } from '../../../core/database/mongo/commands/commandCollections';

const SELECT_MS = 5_000;
const PATIENCE_MS = 30_000;
/** What the answer may take on its way, beyond the server's own limit. */
const GRACE_MS = 3_000;

/** Regular expressions keep options that JavaScript has not. */
const PLAIN = { bsonRegExp: true } as const;
const EXACT = { bsonRegExp: true, promoteValues: false } as const;

interface Waiting extends RunOptions {
  readonly database?: string;
  readonly collection?: string;
}

/** The connection, over a driver that is loaded already. */
export async function openConnection(
  driver: typeof Driver,
  uri: string,
  { signal, appName = 'Heatlens', timeouts = {} }: ConnectOptions,
): Promise<MongoConnection> {
  const name = nameOfUri(uri);
  const selectMs = timeouts.selectMs ?? SELECT_MS;
  const given = optionsOfUri(uri);
  let hasAnswered = false;
  const failed = (error: unknown, { database, collection }: Waiting = {}) =>
    mongoError(error, { connection: name, uri, database, collection, hasAnswered });

  const { toBson, toEjson } = bsonCodec(driver.BSON);
  const client = createClient(driver, uri, appName, selectMs, given, failed);
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
    // The search for a server may come first.
    return (
      options.patienceMs ?? (limit === undefined ? (timeouts.patienceMs ?? PATIENCE_MS) : limit + selectMs + GRACE_MS)
    );
  };
  const preference = (options: RunOptions): ReadPreferenceLike =>
    options.readPreference === undefined || options.readPreference === 'secondaryPreferred'
      ? reads
      : options.readPreference;

  async function run(database: string, command: EjsonDocument, options: RunOptions = {}): Promise<EjsonDocument> {
    const place = { ...options, database, collection: collectionOf(command) };
    return bounded(
      async (stop) => {
        const reply = await client
          .db(database)
          .command(toBson(command), { ...PLAIN, readPreference: preference(options), signal: stop });
        return toEjson(reply, false);
      },
      place,
      patience(command, options),
    );
  }

  async function* documents(
    database: string,
    command: EjsonDocument,
    options: RunOptions = {},
  ): AsyncGenerator<EjsonDocument> {
    const place = { ...options, database, collection: collectionOf(command) };
    const begin = async () =>
      client.db(database).runCursorCommand(toBson(command), { ...EXACT, readPreference: preference(options) });
    // Names that the driver refuses are refused here.
    const cursor = await bounded(begin, place, patience(command, options));
    try {
      for (;;) {
        const next = await bounded(() => cursor.next() as Promise<Document | null>, place, patience(command, options));
        if (!next) return;
        yield toEjson(next, true);
      }
    } finally {
      // Not waited for: an aborted request must not wait for the server that it was slow on.
      void cursor.close().catch(() => undefined);
    }
  }

  const opening: Waiting = { signal };
  try {
    await bounded(() => client.connect(), opening, selectMs * 2 + GRACE_MS);
    hasAnswered = true;
    const server = await detect(run, uri, given.get('loadbalanced') === 'true', signal);
    return {
      name,
      server,
      defaultDatabase: databaseOfUri(uri),
      run,
      documents,
      async databases(options = {}) {
        const own = databaseOfUri(uri);
        try {
          const { databases } = await run('admin', { listDatabases: 1, nameOnly: true }, options);
          return (Array.isArray(databases) ? databases : []).map((one) => String(asDocument(one)?.name)).sort();
        } catch (error) {
          if (options.signal?.aborted || own === undefined || !isRefusal(error)) throw error;
          return [own];
        }
      },
      close: () => client.close(),
    };
  } catch (error) {
    void client.close().catch(() => undefined);
    throw error;
  }
}

function isRefusal(error: unknown): boolean {
  return isHeatlensError(error, 'mongoNotAuthorised', 'mongoUnsupported');
}

function createClient(
  driver: typeof Driver,
  uri: string,
  appName: string,
  selectMs: number,
  given: ReadonlyMap<string, string>,
  failed: (error: unknown) => HeatlensError,
): MongoClient {
  const settings: MongoClientOptions = {
    serverSelectionTimeoutMS: selectMs,
    connectTimeoutMS: selectMs,
    // As the user says it, where the string says it.
    ...(given.has('appname') ? {} : { appName }),
    maxPoolSize: 4,
    minPoolSize: 0,
    maxIdleTimeMS: 120_000,
    retryReads: true,
  };
  // The driver would look for a server by the name of a part of the password, and an error would show it.
  if (/[@/?#\s]/.test(readConnectionString(uri)?.credentials ?? ''))
    throw badConnectionString(t('User or password have special characters that are not percent-encoded'));
  try {
    return new driver.MongoClient(uri, settings);
  } catch (error) {
    const known = failed(error);
    throw known.code === 'mongoFailed' ? badConnectionString(redactText(errorText(error), uri)) : known;
  }
}

type Run = MongoConnection['run'];

async function detect(run: Run, uri: string, balanced: boolean, signal: AbortSignal | undefined): Promise<ServerInfo> {
  const ask = async (command: EjsonDocument): Promise<EjsonDocument> => {
    try {
      return await run('admin', command, { signal });
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
