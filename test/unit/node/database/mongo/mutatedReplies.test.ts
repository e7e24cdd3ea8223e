import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BSON, Long } from 'mongodb';
import { documentsOf, type EjsonDocument } from '../../../../../src/core/ejson/documents';
import { planJson } from '../../../../../src/core/database/mongo/run/planJson';
import { runMarkdown } from '../../../../../src/core/database/runText';
import { readGreeting } from '../../../../../src/core/database/mongo/wire/greeting';
import { createMessageGuard, messageProblem } from '../../../../../src/core/database/mongo/wire/messages';
import { formatPlan } from '../../../../../src/cli/planCommand';
import { isHeatlensError } from '../../../../../src/core/errors';
import { profilerRows } from '../../../../../src/editor/database/mongo/profiler/profilerRows';
import { collectionRows, type MongoNode } from '../../../../../src/editor/database/mongo/tree/mongoTreeModel';
import { sampleValues } from '../../../../../src/node/database/mongo/collectionFacts';
import { collectionDetails, listCollections } from '../../../../../src/node/database/mongo/collectionList';
import { connectMongo } from '../../../../../src/node/database/mongo/connectMongo';
import { profilingLevel, slowestShapes } from '../../../../../src/node/database/mongo/databaseProfiler';
import { serverInfo } from '../../../../../src/node/database/mongo/detectServer';
import { explainStatement } from '../../../../../src/node/database/mongo/explainStatement';
import type { MongoConnection } from '../../../../../src/node/database/mongo/mongoConnection';
import { sampleSize } from '../../../../../src/node/database/mongo/sampling';
import { serverRole } from '../../../../../src/node/database/mongo/serverRole';
import { findStatements } from '../../../../support/findStatements';
import { mutateBytes, mutateValue, randomNumbers } from '../../../../support/mutate';
import { repositoryRoot } from '../../../../support/nodeVersions';
import { startFakeServer } from './fakeServer';

const recorded = (name: string): EjsonDocument =>
  JSON.parse(readFileSync(join(repositoryRoot, `test/fixtures/mongo/recorded/${name}.json`), 'utf8')) as EjsonDocument;
const explainOf = (name: string): EjsonDocument =>
  (recorded(name).explain as { executionStats: EjsonDocument }).executionStats;
const batchOf = (name: string): EjsonDocument[] =>
  documentsOf((recorded(name).cursor as { firstBatch: unknown }).firstBatch);

const EXPLAINS = [
  'shop/find-in-sort',
  'shop/find-or-both',
  'shop/agg-unionWith',
  'sharded/find-scatter',
  'sharded/agg-group-scatter',
].map(explainOf);

/** What a server answers, by what it is asked. */
const REPLIES = {
  hello: {
    ...recorded('server/hello'),
    setName: 'rs0',
    hosts: ['a:1', 'b:2'],
    primary: 'a:1',
    me: 'b:2',
    secondary: true,
    tags: { dc: 'x' },
    lastWrite: { lastWriteDate: '2024-01-01' },
  },
  buildInfo: recorded('server/buildInfo'),
  collStats: recorded('server/collStats-products'),
  listIndexes: batchOf('server/listIndexes-products'),
  aggregate: documentsOf(recorded('server/indexStats-products')),
  listCollections: [
    { name: 'products', type: 'collection', options: { validator: { a: { $gt: 1 } }, validationLevel: 'strict' } },
    { name: 'seen', type: 'view', options: { viewOn: 'products', pipeline: [{ $match: { a: 1 } }] } },
  ],
  find: [recorded('profile/agg-group'), recorded('profile/agg-lookup-id'), recorded('profile/agg-match')],
  profile: { was: 1, slowms: 100, sampleRate: 1, filter: { a: 1 }, ok: 1 },
  count: { n: 5, ok: 1 },
  sample: [
    { _id: { $oid: '64b7f0c2a1b2c3d4e5f60718' }, category: 'a', price: { $numberInt: '5' }, tags: ['x', { y: 1 }] },
    { _id: 5, category: null, at: { $date: { $numberLong: '1700000000000' } } },
  ],
  explain: EXPLAINS[0],
} satisfies Record<string, unknown>;
type Kind = keyof typeof REPLIES;

function connectionWith(replies: Readonly<Record<string, unknown>>): MongoConnection {
  const answerTo = (command: EjsonDocument): unknown => {
    const [name] = Object.keys(command);
    return name === 'aggregate' && JSON.stringify(command).includes('$sample') ? replies.sample : replies[name];
  };
  return {
    name: 'h',
    server: { version: '7.0.0', product: 'mongodb', topology: 'single' },
    withheld: [],
    defaultDatabase: 'shop',
    run: (_database, command) => Promise.resolve((answerTo(command) ?? {}) as EjsonDocument),
    async *documents(_database, command) {
      await Promise.resolve();
      // The driver gives documents, whatever is in them.
      yield* documentsOf(answerTo(command));
    },
    databases: () => Promise.resolve(['shop']),
    close: () => Promise.resolve(),
  };
}

const source = `import { MongoClient } from 'mongodb';
export const f = (db, category: string) => db.collection("products").find({ category, price: { $gt: 5 } }).sort({ price: 1 });
export const g = (db) => db.collection("seen").aggregate([{ $lookup: { from: "products", localField: "a", foreignField: "b", as: "c" } }]);`;
const [find, view] = findStatements(source, 'search.ts');
const parent: MongoNode = { id: 'x', kind: 'collection', label: 'x', expandable: true, connection: 'c' };

/** All that reads an answer. */
async function readAll(connection: MongoConnection): Promise<void> {
  const attempts: (() => Promise<unknown>)[] = [
    async () => {
      const values = new Map([['category', 'x']]);
      const { run } = await explainStatement(connection, find, { database: 'shop', verbosity: 'queryPlanner', values });
      return [JSON.stringify(planJson(run)), runMarkdown(run)];
    },
    () => explainStatement(connection, view, { database: 'shop', verbosity: 'queryPlanner' }),
    async () => {
      const [entry] = await listCollections(connection, 'shop');
      const details = await collectionDetails(connection, 'shop', 'products');
      return entry && collectionRows(parent, entry, details);
    },
    () => sampleSize(connection, 'shop', 'products'),
    () => sampleValues(connection, 'shop', 'products', find.holes),
    async () =>
      profilerRows(
        parent,
        await profilingLevel(connection, 'shop'),
        undefined,
        await slowestShapes(connection, 'shop'),
      ),
    () => serverRole(connection),
  ];
  for (const attempt of attempts) {
    try {
      await attempt();
    } catch (error) {
      if (!isHeatlensError(error)) throw error;
    }
  }
}

describe('damaged answers of a server', function () {
  this.timeout(180_000);

  const EACH = 400;
  for (const [index, kind] of (Object.keys(REPLIES) as Kind[]).entries()) {
    it(`end in a value or an error of ours: ${EACH} of ${kind}`, async () => {
      const random = randomNumbers(index + 77);
      for (let at = 0; at < EACH; at++) {
        const whole = kind === 'explain' ? EXPLAINS[at % EXPLAINS.length] : REPLIES[kind];
        const changed = mutateValue({ whole }, random) as { whole?: unknown };
        try {
          await readAll(connectionWith({ ...REPLIES, [kind]: changed.whole }));
        } catch (error) {
          throw new Error(`${kind} ${at}: ${JSON.stringify(changed).slice(0, 2_000)}`, { cause: error });
        }
      }
    });
  }

  it('end in a value or an error of ours: 3,000 of the greeting', () => {
    const random = randomNumbers(5);
    let accepted = 0;
    for (let at = 0; at < 3_000; at++) {
      const hello = (mutateValue({ whole: REPLIES.hello }, random) as { whole?: unknown }).whole;
      try {
        const { reply, withheld } = readGreeting(hello, 'b:2', (host) => host === 'b:2');
        const named = ['hosts', 'passives', 'arbiters', 'primary', 'me'].flatMap((name) => reply[name] ?? []);
        for (const host of named) assert.equal(host, 'b:2', 'only what is allowed');
        assert.ok(!withheld.includes('b:2'));
        accepted++;
      } catch (error) {
        if (!isHeatlensError(error, 'mongoBadReply')) throw new Error(JSON.stringify(hello), { cause: error });
      }
      if (typeof hello === 'object' && hello !== null && !Array.isArray(hello))
        serverInfo(hello as EjsonDocument, REPLIES.buildInfo, 'mongodb://h', false);
    }
    assert.ok(accepted > 500, `only ${accepted} were accepted`);
  });

  it('are told from good ones byte by byte: 4,000 messages', () => {
    const random = randomNumbers(6);
    const documents = [...EXPLAINS, REPLIES.collStats, REPLIES.hello];
    let [refused, read] = [0, 0];
    for (let at = 0; at < 4_000; at++) {
      const body = BSON.serialize(documents[at % documents.length]);
      const message = Buffer.concat([Buffer.alloc(16), Buffer.alloc(5), body]);
      message.writeInt32LE(message.length, 0);
      message.writeInt32LE(2013, 12);
      const changed = Buffer.from(mutateBytes(message, random));
      // In pieces, as a network gives them.
      const guard = createMessageGuard();
      const cut = Math.floor(random() * changed.length);
      const why = guard.add(changed.subarray(0, cut)) ?? guard.add(changed.subarray(cut)) ?? messageOr(changed);
      if (why !== undefined) {
        refused++;
        continue;
      }
      // Of what is let through, the driver's reader refuses single values at most, such as texts that are not UTF-8.
      try {
        BSON.deserialize(changed.subarray(21), { allowObjectSmallerThanBufferSize: true });
        read++;
      } catch (error) {
        assert.match((error as Error).name, /^BSON/);
      }
    }
    assert.ok(refused > 500 && read > 500, `${refused} ${read}`);
  });

  const large: Record<string, () => unknown> = {
    'many stages': () => ({ stage: 'OR', inputStages: Array.from({ length: 140_000 }, () => ({ stage: 'IXSCAN' })) }),
    'more stages than are read': () => ({
      stage: 'OR',
      inputStages: Array.from({ length: 200_000 }, () => ({ stage: 'IXSCAN' })),
    }),
    'empty documents': () => ({ stage: 'COLLSCAN', big: Array.from({ length: 700_000 }, () => ({})) }),
    'a condition of many parts': () => ({
      stage: 'COLLSCAN',
      filter: { $expr: { $and: Array.from({ length: 140_000 }, () => ({ $eq: 1 })) } },
    }),
    'a long text': () => ({ stage: 'x'.repeat(10_000_000) }),
  };
  for (const [what, make] of Object.entries(large)) {
    it(`end in a value or an error of ours: a plan with ${what}`, async () => {
      const winningPlan = make();
      const server = await startFakeServer((command) =>
        'explain' in command
          ? { ok: 1, queryPlanner: { namespace: 'shop.products', winningPlan, rejectedPlans: [] } }
          : { ok: 1, version: '7.0.0' },
      );
      const connection = await connectMongo(server.uri);
      try {
        const values = new Map([['category', 'x']]);
        const options = { database: 'shop', verbosity: 'queryPlanner', values } as const;
        const { run } = await explainStatement(connection, find, options);
        JSON.stringify(planJson(run));
        formatPlan(run);
      } catch (error) {
        if (!isHeatlensError(error, 'mongoTooLarge')) throw error;
      } finally {
        await connection.close();
        await server.close();
      }
    });
  }

  it('end in a value or an error of ours over a socket, and the next answer is read again', async () => {
    const random = randomNumbers(8);
    let damaged = true;
    const server = await startFakeServer((command) => {
      const [name] = Object.keys(command);
      const whole = (REPLIES as Record<string, unknown>)[name] ?? {};
      const reply = Array.isArray(whole) ? { cursor: { id: 0, ns: 'shop.products', firstBatch: whole } } : whole;
      const changed = damaged ? (mutateValue({ whole: reply }, random) as { whole?: unknown }).whole : reply;
      const cursor = documentsOf([(changed as EjsonDocument | undefined)?.cursor])[0];
      if (cursor?.id === 0) Object.assign(cursor, { id: Long.ZERO });
      return { ok: 1, ...(typeof changed === 'object' && changed !== null && !Array.isArray(changed) ? changed : {}) };
    });
    const quick = { timeouts: { selectMs: 1_000, patienceMs: 1_000 } };
    try {
      for (let at = 0; at < 60; at++) {
        let connection: MongoConnection | undefined;
        try {
          connection = await connectMongo(server.uri, quick);
          await readAll(connection);
        } catch (error) {
          if (!isHeatlensError(error)) throw error;
        } finally {
          await connection?.close();
        }
      }
      damaged = false;
      const connection = await connectMongo(server.uri, quick);
      assert.equal((await connection.run('shop', { count: 'products' })).n, 5);
      await connection.close();
    } finally {
      await server.close();
    }
  });
});

function messageOr(message: Buffer): string | undefined {
  return message.length < 21 || message.readInt32LE(0) !== message.length ? 'cut' : messageProblem(message);
}
