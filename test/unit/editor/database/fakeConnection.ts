import type { MongoConnection } from '../../../../src/node/database/mongo/mongoConnection';
import type { EjsonDocument } from '../../../../src/core/ejson/documents';

/** A connection whose commands are answered by the test. */
export function fakeConnection(
  answer: (database: string, command: EjsonDocument) => EjsonDocument = () => ({ ok: 1 }),
): MongoConnection & { closed: number } {
  return {
    name: 'h:27017',
    server: { version: '7.0.0', product: 'mongodb', topology: 'single' },
    withheld: [],
    defaultDatabase: 'shop',
    closed: 0,
    run: (database, command) => Promise.resolve(answer(database, command)),
    async *documents() {
      // A collection without documents.
    },
    databases: () => Promise.resolve(['shop']),
    close() {
      this.closed++;
      return Promise.resolve();
    },
  };
}
