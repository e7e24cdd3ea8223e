import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { repositoryRoot } from './nodeVersions';

export type DatabaseKind = 'given' | 'mongod' | 'memory-server' | 'embedded';

export interface StartedDatabase {
  readonly uri: string;
  readonly kind: DatabaseKind;
  stop(): Promise<void>;
}

interface Hosts {
  startDatabase(say?: (text: string) => void): Promise<StartedDatabase>;
  withDatabase(uri: string, name: string, options?: { instead?: boolean }): string;
  hostsOf(uri: string): string;
}

/** What the demo uses, too. */
export async function databaseHosts(): Promise<Hosts> {
  return (await import(pathToFileURL(join(repositoryRoot, 'scripts/hosts/mongo.mjs')).href)) as Hosts;
}

/**
 * The best database that this machine has, with the URI of an empty database of its own there, which `stop` drops. Tests that
 * need a database, not a certain one, use this: HEATLENS_MONGODB_URI runs them against any server.
 */
export async function startTestDatabase(): Promise<StartedDatabase> {
  const { MongoClient } = await import('mongodb');
  const { startDatabase, withDatabase } = await databaseHosts();
  const started = await startDatabase();
  const name = `heatlens_test_${randomBytes(6).toString('hex')}`;
  const uri = withDatabase(started.uri, name, { instead: true });
  return {
    uri,
    kind: started.kind,
    async stop() {
      const client = await MongoClient.connect(uri);
      await client.db(name).dropDatabase();
      await client.close();
      await started.stop();
    },
  };
}
