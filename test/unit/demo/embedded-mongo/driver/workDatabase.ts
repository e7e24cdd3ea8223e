// The database that the tests of the driver work in, each of them from nothing.
import { MongoClient, MongoServerError } from 'mongodb';
import type { Collection, Db, Document } from 'mongodb';
import { startEmbeddedMongo } from '../../../../../demo/embedded-mongo/src/server';
import type { EmbeddedMongo } from '../../../../../demo/embedded-mongo/src/server';

export interface Thing extends Document {
  _id: number;
}

export interface WorkDatabase {
  readonly client: MongoClient;
  readonly db: Db;
  readonly uri: string;
  things(): Collection<Thing>;
  /** Things 0 to `count - 1`, with ten different `k` and a text. */
  fill(count: number): Promise<unknown>;
}

/** One embedded server for a suite; its database is dropped before each test. */
export function workDatabaseForSuite(): WorkDatabase {
  let server: EmbeddedMongo;
  let client: MongoClient;
  const db = (): Db => client.db('work');
  const things = (): Collection<Thing> => db().collection<Thing>('things');

  before(async () => {
    server = await startEmbeddedMongo();
    client = await MongoClient.connect(server.uri);
  });

  beforeEach(() => db().dropDatabase());

  after(async () => {
    await client.close();
    await server.close();
  });

  return {
    get client() {
      return client;
    },
    get db() {
      return db();
    },
    get uri() {
      return server.uri;
    },
    things,
    fill: (count) =>
      things().insertMany(Array.from({ length: count }, (_, i) => ({ _id: i, k: i % 10, text: `thing ${i}` }))),
  };
}

/** The error of a server that something has to fail with. */
export async function failure(promise: Promise<unknown>): Promise<MongoServerError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof MongoServerError) return error;
    throw error;
  }
  throw new Error('it did not fail');
}
