import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { MongoClient } from 'mongodb';
import { connectMongo } from '../../src/node/database/mongo/connectMongo';
import type { MongoConnection } from '../../src/node/database/mongo/mongoConnection';
import type { EmbeddedMongo } from '../../demo/embedded-mongo/src/server';
import { hasRecorded, seededServer } from '../unit/demo/embedded-mongo/recorded';

export interface SeededMongo {
  readonly server: EmbeddedMongo;
  readonly client: MongoClient;
  readonly connection: MongoConnection;
  close(): Promise<void>;
}

/**
 * Has the seeded data set, and what `prepare` adds, for the tests of a suite. Whatever they do: nothing of ours may be left after
 * each of them, and at the end no document, index or option of the user's data may be another one.
 */
export function seedForSuite(prepare?: (seeded: SeededMongo) => Promise<void>): () => SeededMongo {
  let seeded: SeededMongo | undefined;
  let untouched: string;

  before(async function () {
    if (!hasRecorded) this.skip();
    seeded = await seededMongo();
    await prepare?.(seeded);
    untouched = await checksum(seeded.client);
  });

  after(async () => {
    try {
      if (seeded) assert.equal(await checksum(seeded.client), untouched);
    } finally {
      await seeded?.close();
    }
  });

  afterEach(async () => {
    if (seeded) assert.deepEqual(await scratchNames(seeded.client), [], 'nothing of ours is left');
  });

  return () => {
    assert.ok(seeded, 'asked for before the suite has begun');
    return seeded;
  };
}

/** The seeded data set on an embedded server, and a connection of ours to it. */
export async function seededMongo(): Promise<SeededMongo> {
  const { server, client } = await seededServer();
  const connection = await connectMongo(server.uri);
  return {
    server,
    client,
    connection,
    async close() {
      await connection.close();
      await client.close();
      await server.close();
    },
  };
}

/** Documents, indexes and options of every collection of the databases that are not ours. */
export async function checksum(client: MongoClient): Promise<string> {
  const hash = createHash('sha256');
  const { databases } = await client.db('admin').admin().listDatabases({ nameOnly: true });
  for (const { name } of databases.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (name === 'heatlens_scratch') continue;
    const collections = await client.db(name).listCollections().toArray();
    for (const collection of collections.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      hash.update(JSON.stringify([name, collection]));
      if (collection.type === 'view' || collection.name === 'system.profile') continue;
      hash.update(JSON.stringify(await client.db(name).collection(collection.name).indexes()));
      for await (const document of client
        .db(name)
        .collection(collection.name)
        .find({}, { sort: { _id: 1 } }))
        hash.update(JSON.stringify(document));
    }
  }
  return hash.digest('hex');
}

/** Names of the temporary collections that exist. */
export async function scratchNames(client: MongoClient): Promise<string[]> {
  return (await client.db('heatlens_scratch').listCollections({}, { nameOnly: true }).toArray()).map(
    ({ name }) => name,
  );
}
