import { createHash } from 'node:crypto';
import type { MongoClient } from 'mongodb';
import { connectMongo } from '../../src/node/mongo/connectMongo';
import type { MongoConnection } from '../../src/node/mongo/mongoConnection';
import type { EmbeddedMongo } from '../../demo/embedded-mongo/src/server';
import { hasRecorded, seededServer } from '../unit/demo/embedded-mongo/recorded';

export interface SeededMongo {
  readonly server: EmbeddedMongo;
  readonly client: MongoClient;
  readonly connection: MongoConnection;
  close(): Promise<void>;
}

export { hasRecorded };

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
      for await (const document of client.db(name).collection(collection.name).find({}, { sort: { _id: 1 } })) hash.update(JSON.stringify(document));
    }
  }
  return hash.digest('hex');
}

/** Names of the temporary collections that exist. */
export async function scratchNames(client: MongoClient): Promise<string[]> {
  return (await client.db('heatlens_scratch').listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name);
}
