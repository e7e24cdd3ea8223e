import assert from 'node:assert/strict';
import { Long } from 'mongodb';
import { isHeatlensError } from '../../../../../src/core/errors';
import type { Stage } from '../../../../../src/core/database/plan';
import type { Statement } from '../../../../../src/core/database/statement';
import { connectMongo } from '../../../../../src/node/database/mongo/connectMongo';
import { sampleValues } from '../../../../../src/node/database/mongo/collectionFacts';
import { collectionDetails, listCollections } from '../../../../../src/node/database/mongo/collectionList';
import { type ExplainOptions, explainStatement } from '../../../../../src/node/database/mongo/explainStatement';
import type { MongoConnection } from '../../../../../src/node/database/mongo/mongoConnection';
import { seedForSuite } from '../../../../support/seededMongo';
import { startFakeServer } from './fakeServer';
import { findStatements } from '../../../../support/findStatements';

function statement(call: string): Statement {
  const [found] = findStatements(
    `import { MongoClient } from 'mongodb';\nconst db = new MongoClient('').db();\n${call};\n`,
    'shop.ts',
  );
  assert.ok(found, call);
  return found;
}

function stagesOf(root: Stage): string[] {
  return [root.name, ...root.children.flatMap(stagesOf)];
}

async function failureOf(work: Promise<unknown>): Promise<{ code: string; text: string }> {
  try {
    await work;
  } catch (error) {
    assert.ok(isHeatlensError(error), String(error instanceof Error ? error.stack : error));
    return { code: error.code, text: error.oneLine };
  }
  throw new Error('nothing failed');
}

describe('explainStatement', function () {
  this.timeout(60_000);
  let connection: MongoConnection;
  const seeded = seedForSuite(async (mongo) => {
    const db = mongo.client.db('shop');
    await db.createCollection('empty');
    await db.createCollection('recent', { capped: true, size: 4096 });
    await db.createCollection('renamed', { viewOn: 'orders', pipeline: [{ $project: { state: '$status' } }] });
    await db.createCollection('checked', {
      validator: { $jsonSchema: { required: ['name'] } },
      validationLevel: 'moderate',
      validationAction: 'warn',
    });
  });

  before(() => {
    ({ connection } = seeded());
  });

  const explain = (call: string, options: Partial<ExplainOptions> = {}) =>
    explainStatement(connection, statement(call), {
      database: 'shop',
      verbosity: 'executionStats',
      maxTimeMS: 50_000,
      ...options,
    });

  it('gives plan, findings, index and facts', async () => {
    const { run, raw } = await explain(
      "db.collection('orders').find({ shipped: false, total: { $gt: 1 } }).sort({ status: 1 }).limit(5)",
    );
    assert.equal(run.plan.namespace, 'shop.orders');
    assert.equal(run.plan.executed, true);
    assert.equal(run.plan.totals.returned, JSON.parse(raw).executionStats.nReturned);
    assert.ok(run.findings.length > 0);
    assert.equal(run.facts.rows, 20_000);
    assert.equal(run.facts.averageBytes, Math.floor(run.facts.averageBytes ?? 0));
    assert.ok(run.facts.indexes?.some(({ name, usage }) => name === 'status_1_createdAt_-1' && usage));
    assert.deepEqual(run.facts.columnTypes?.status, ['string']);
    assert.deepEqual(run.facts.columnTypes?.total, ['number']);
    assert.equal(run.connection, connection.name);
    assert.equal(
      run.text,
      'db.orders.find({ shipped: false, total: { $gt: 1 } })\n  .sort({ status: 1 })\n  .limit(5)',
    );
    assert.deepEqual(run.notes, []);
  });

  it('fills holes with the values that are given', async () => {
    const { run } = await explain('db.collection(name).find({ category })', {
      database: 'bare',
      collection: 'products',
      values: new Map([['category', 'Music']]),
    });
    assert.deepEqual(stagesOf(run.plan.root), ['COLLSCAN']);
    assert.equal(run.text, 'db.products.find({ category: "Music" })');
    assert.deepEqual(
      run.suggestions.map(({ columns: key }) => key),
      [{ category: 1 }],
    );
  });

  it('uses a sampled value for what the text leaves open', async () => {
    const open = statement(
      "db.collection('orders').find({ status, customerId: { $in: ids }, total: { $gte: least }, _id: id }).skip(from).limit(size)",
    );
    const values = await sampleValues(connection, 'shop', 'orders', open.holes);
    assert.deepEqual([...values.keys()].sort(), ['from', 'id', 'ids', 'least', 'size', 'status']);
    assert.equal(typeof values.get('status'), 'string');
    assert.ok(Array.isArray(values.get('ids')));
    const { run } = await explainStatement(connection, open, { database: 'shop', verbosity: 'executionStats', values });
    assert.equal(run.plan.totals.returned, 1);
    assert.deepEqual(await sampleValues(connection, 'shop', 'nowhere', open.holes.slice(0, 1)), new Map());
  });

  it('knows the collections that a pipeline joins', async () => {
    const { run } = await explain(
      "db.collection('orders').aggregate([{ $match: { status: 'open' } }, { $limit: 3 }, { $lookup: { from: 'products', localField: 'lines.productId', foreignField: 'brand', as: 'p' } }])",
      { database: 'bare' },
    );
    assert.ok(stagesOf(run.plan.root).includes('$lookup'));
    assert.ok(
      run.suggestions.some(({ target: collection }) => collection === 'products'),
      JSON.stringify(run.suggestions),
    );
  });

  it('explains writes without carrying them out', async () => {
    for (const call of [
      "updateMany({ status: 'open' }, { $set: { status: 'gone' } })",
      'updateOne({ _id: 1 }, { $inc: { total: 1 } }, { upsert: true })',
      'replaceOne({ _id: 1 }, { a: 1 })',
      'deleteMany({})',
      'deleteOne({ _id: 1 })',
      'findOneAndDelete({ _id: 2 })',
      "findOneAndUpdate({ _id: 2 }, { $set: { status: 'gone' } })",
      'bulkWrite([{ deleteMany: { filter: {} } }])',
    ]) {
      for (const verbosity of ['queryPlanner', 'executionStats', 'allPlansExecution'] as const) {
        const { run } = await explain(`db.collection('orders').${call}`, { verbosity });
        assert.equal(run.verbosity, 'queryPlanner');
        assert.equal(run.plan.executed, false);
      }
    }
    assert.equal((await failureOf(explain("db.collection('orders').insertOne({ a: 1 })"))).code, 'nothingToExplain');
  });

  it('cuts off what a pipeline would write', async () => {
    for (const stage of ["{ $out: 'written' }", "{ $merge: { into: 'written' } }"]) {
      const { run } = await explain(`db.collection('orders').aggregate([{ $match: { status: 'open' } }, ${stage}])`);
      assert.match(run.notes.join(), /cut off/);
      assert.equal(run.plan.executed, true);
    }
    assert.ok(!(await listCollections(connection, 'shop')).some(({ name }) => name === 'written'));
  });

  it('says what a view is, and has the facts of what it reads', async () => {
    const { run } = await explain("db.collection('openOrders').find({ shipped: false })");
    assert.match(run.notes.join(), /openOrders is a view of orders/);
    assert.equal(run.facts.rows, 20_000);
    assert.ok(
      run.suggestions.every(({ target: collection }) => collection === 'orders'),
      JSON.stringify(run.suggestions),
    );
    const renamed = await explain("db.collection('renamed').find({ state: 'open', other: 1 })");
    assert.deepEqual(
      renamed.run.suggestions.filter(({ target: collection }) => collection === 'renamed'),
      [],
    );
  });

  it('says that an empty or capped collection is one', async () => {
    assert.match((await explain("db.collection('empty').find({ a: 1 })")).run.notes.join(), /empty is empty/);
    assert.match((await explain("db.collection('recent').find({ a: 1 })")).run.notes.join(), /recent is capped/);
  });

  it('names the collections that are near an unknown one', async () => {
    const { code, text } = await failureOf(explain("db.collection('order').find({})"));
    assert.equal(code, 'mongoUnknownCollection');
    assert.match(text, /shop has no collection order\. There are orders, openOrders\./);
    assert.match(
      (await failureOf(explain("db.collection('x').find({})", { database: 'nowhere' }))).text,
      /The database has no collections/,
    );
  });

  it('says what is wrong with operators, hints and scripts', async () => {
    assert.equal(
      (await failureOf(explain("db.collection('orders').find({ a: { $nope: 1 } })"))).code,
      'mongoBadCommand',
    );
    assert.equal(
      (await failureOf(explain("db.collection('orders').aggregate([{ $nope: 1 }])"))).code,
      'mongoBadCommand',
    );
    assert.equal(
      (await failureOf(explain("db.collection('orders').find({ a: 1 }).hint('nope')"))).code,
      'mongoBadHint',
    );
    assert.equal(
      (await failureOf(explain("db.collection('orders').find({ $where: 'true' })"))).code,
      'mongoJavaScript',
    );
    assert.equal(
      (await failureOf(explain("db.collection('empty').find({ $text: { $search: 'x' } })"))).code,
      'mongoNoTextIndex',
    );
  });

  it('tells how far a statement came that took too long', async () => {
    const slow = explain("db.collection('audits').find({ 'payload.note': /^x.*y$/ })", { maxTimeMS: 1 });
    const found = await slow.then(
      ({ run }) => run.plan.failure?.code,
      (error: unknown) => isHeatlensError(error) && error.code,
    );
    assert.ok(found === 50 || found === 'mongoSlow', String(found));
  });

  it('is cancelled at once', async () => {
    const abort = new AbortController();
    const work = failureOf(explain("db.collection('orders').find({})", { signal: abort.signal }));
    abort.abort();
    assert.equal((await work).code, 'cancelled');
  });

  it('lists collections with what they are, and indexes with their use', async () => {
    const all = await listCollections(connection, 'shop');
    const named = (name: string) => all.find((one) => one.name === name);
    assert.deepEqual(named('openOrders'), { name: 'openOrders', type: 'view', viewOn: 'orders' });
    assert.deepEqual(named('recent'), { name: 'recent', type: 'capped' });
    assert.deepEqual(named('checked'), {
      name: 'checked',
      type: 'collection',
      validation: { validator: { $jsonSchema: { required: ['name'] } }, level: 'moderate', action: 'warn' },
    });
    assert.ok(all.every(({ name }, at) => at === 0 || all[at - 1].name.localeCompare(name) < 0));
    const details = await collectionDetails(connection, 'shop', 'products', { now: Date.now() + 30 * 86_400_000 });
    assert.equal(details.facts.rows, 5_000);
    assert.ok((details.indexBytes.category_1_name_1 ?? 0) > 0 && (details.totalIndexBytes ?? 0) > 0);
    assert.deepEqual(details.redundant, [{ name: 'category_1', by: 'category_1_name_1' }]);
    assert.ok(details.unused.includes('price_1'), JSON.stringify(details.unused));
    assert.deepEqual((await collectionDetails(connection, 'shop', 'products')).unused, []);
  });
});

describe('explainStatement on servers that are not as usual', () => {
  const planned = {
    ok: 1,
    queryPlanner: { namespace: 'shop.c', winningPlan: { stage: 'COLLSCAN' }, rejectedPlans: [] },
  };
  const known = (command: Record<string, unknown>): Record<string, unknown> | undefined => {
    if ('buildInfo' in command) return { ok: 1, version: '4.2.0', storageEngines: [] };
    if ('listCollections' in command)
      return {
        ok: 1,
        cursor: { id: Long.ZERO, ns: 'shop.$cmd', firstBatch: [{ name: 'c', type: 'collection', options: {} }] },
      };
    return undefined;
  };
  const refused = { ok: 0, code: 13, codeName: 'Unauthorized', errmsg: 'not authorized on shop to execute command' };

  async function on(
    answer: (command: Record<string, unknown>) => Record<string, unknown>,
    test: (connection: MongoConnection, seen: readonly Record<string, unknown>[]) => Promise<void>,
  ): Promise<void> {
    const fake = await startFakeServer((command) => known(command) ?? answer(command));
    const connection = await connectMongo(fake.uri, { timeouts: { selectMs: 1_000 } });
    try {
      await test(connection, fake.seen);
    } finally {
      await connection.close();
      await fake.close();
    }
  }
  const explain = (connection: MongoConnection, call: string) =>
    explainStatement(connection, statement(call), { database: 'shop', verbosity: 'queryPlanner' });

  it('asks again without what an old server does not know', async () => {
    const answer = (command: Record<string, unknown>) => {
      if (!('explain' in command)) return refused;
      return 'comment' in command
        ? { ok: 0, code: 40415, errmsg: "BSON field 'explain.comment' is an unknown field." }
        : planned;
    };
    await on(answer, async (connection, seen) => {
      const { run } = await explain(connection, "db.collection('c').find({ a: 1 })");
      assert.deepEqual(run.plan.command?.filter, { a: 1 });
      assert.deepEqual(run.facts, {});
      assert.deepEqual(
        seen.filter((one) => 'explain' in one).map((one) => [one.comment, Number(one.maxTimeMS)]),
        [
          ['heatlens explain', 5000],
          [undefined, 5000],
        ],
      );
    });
  });

  it('asks an aggregation itself where there is no explain command', async () => {
    const answer = (command: Record<string, unknown>) => {
      if ('explain' in command && 'aggregate' in command) return planned;
      return 'explain' in command
        ? { ok: 0, code: 59, codeName: 'CommandNotFound', errmsg: "no such command: 'explain'" }
        : refused;
    };
    await on(answer, async (connection) => {
      const { run } = await explain(connection, "db.collection('c').aggregate([{ $match: { a: 1 } }])");
      assert.match(run.notes.join(), /has no explain command/);
      assert.equal((await failureOf(explain(connection, "db.collection('c').find({})"))).code, 'mongoUnsupported');
    });
  });

  it('adds up the use of an index on several shards, since the youngest of them counts', async () => {
    const cursor = (firstBatch: unknown[]) => ({ ok: 1, cursor: { id: Long.ZERO, ns: 'shop.c', firstBatch } });
    const use = (ops: number, since: string) => ({
      name: 'a_1',
      key: { a: 1 },
      accesses: { ops, since: new Date(since) },
    });
    const answer = (command: Record<string, unknown>) => {
      if ('explain' in command) return planned;
      if ('listIndexes' in command) return cursor([{ v: 2, key: { a: 1 }, name: 'a_1', unique: true }]);
      if ('aggregate' in command && JSON.stringify(command.pipeline).includes('$indexStats'))
        return cursor([use(3, '2024-01-01'), use(4, '2024-02-01')]);
      return 'collStats' in command ? { ok: 1, timeseries: { bucketCount: 5 }, count: 5 } : refused;
    };
    await on(answer, async (connection) => {
      const { run } = await explain(connection, "db.collection('c').find({ a: 1 })");
      assert.deepEqual(run.facts, {
        indexes: [
          {
            name: 'a_1',
            columns: { a: 1 },
            options: { unique: true },
            usage: { operations: 7, since: '2024-02-01T00:00:00.000Z' },
          },
        ],
      });
    });
  });

  it('says that explaining is not allowed', async () => {
    await on(
      () => refused,
      async (connection) =>
        assert.equal((await failureOf(explain(connection, "db.collection('c').find({})"))).code, 'mongoNotAuthorised'),
    );
  });

  it('says that an answer is too large', async () => {
    const tooLarge = {
      ok: 0,
      code: 10334,
      codeName: 'BSONObjectTooLarge',
      errmsg: 'BSONObj size: 17000000 (0x1036640) is invalid. Size must be between 0 and 16793600(16MB)',
    };
    await on(
      (command) => ('explain' in command ? tooLarge : refused),
      async (connection) =>
        assert.equal((await failureOf(explain(connection, "db.collection('c').find({})"))).code, 'mongoTooLarge'),
    );
  });

  it('says that what came back is no plan', async () => {
    await on(
      (command) => ('explain' in command ? { ok: 1 } : refused),
      async (connection) =>
        assert.equal((await failureOf(explain(connection, "db.collection('c').find({})"))).code, 'noExplain'),
    );
  });

  it('says that the server was lost while it explained', async () => {
    const fake = await startFakeServer((command) => known(command) ?? ('explain' in command ? undefined : refused));
    const connection = await connectMongo(fake.uri, { timeouts: { selectMs: 1_000 } });
    try {
      const work = failureOf(explain(connection, "db.collection('c').find({})"));
      while (!fake.seen.some((one) => 'explain' in one)) await new Promise((resolve) => setTimeout(resolve, 5));
      fake.cut();
      const { code, text } = await work;
      assert.equal(code, 'mongoDisconnected');
      assert.match(text, /connects anew/);
    } finally {
      await connection.close();
      await fake.close();
    }
  });
});
