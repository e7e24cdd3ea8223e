// What a real server says about itself, its collections, its profiler and its limits, beside the embedded server.
import assert from 'node:assert/strict';
import { EJSON } from 'bson';
import type { Document } from 'bson';
import type { Db } from 'mongodb';
import { essence, namesIn, outline, readRecorded, shopForSuite } from './recorded';

/** Part of the recorded profiler entries that must agree in counters and plans. */
const AGREEMENT = 0.95;
/** Facts of a profiler entry that do not depend on time or machine. */
const FACTS = [
  'op',
  'ns',
  'keysExamined',
  'docsExamined',
  'hasSortStage',
  'usedDisk',
  'fromMultiPlanner',
  'cursorExhausted',
  'nreturned',
  'planSummary',
  'errCode',
] as const;

function factsOf(entry: Document): Document {
  const facts: Document = Object.fromEntries(
    FACTS.flatMap((name) =>
      entry[name] === undefined
        ? []
        : [[name, Number.isFinite(entry[name]) ? Number(entry[name]) : (entry[name] as unknown)]],
    ),
  );
  return { ...facts, plan: outline(entry.execStats as Document | undefined) };
}

/** The names of a document's fields that a real one has and this one has not. */
function missing(real: Document, own: Document): string[] {
  return Object.keys(real).filter((name) => !(name in own));
}

describe('the embedded server beside recorded facts', function () {
  this.timeout(60_000);
  const client = shopForSuite();
  let db: Db;

  before(() => {
    db = client().db('shop');
  });

  it('writes profiler entries with the same counters and plans', async () => {
    const differing: string[] = [];
    const names = namesIn('profile');
    await db.command({ profile: 2 });
    for (const name of names) {
      const { command } = EJSON.deserialize(readRecorded(`profile/${name}`)) as { command: Document };
      const { $db: _db, lsid: _lsid, ...body } = command;
      await db.command(body).catch(() => undefined);
    }
    await db.command({ profile: 0 });
    for (const name of names) {
      const own = await db.collection('system.profile').findOne({ 'command.comment': name, op: { $ne: 'getmore' } });
      const want = JSON.stringify(factsOf(readRecorded(`profile/${name}`)));
      const got = JSON.stringify(factsOf(own ?? {}));
      if (got !== want) differing.push(`${name}\n      embedded ${got}\n      recorded ${want}`);
    }
    console.log(
      `      ${names.length - differing.length} of ${names.length} profiler entries agree${differing.length > 0 ? `; these differ:\n    ${differing.join('\n    ')}` : ''}`,
    );
    assert.ok(differing.length <= (1 - AGREEMENT) * names.length);
  });

  it('says in the entry of a later batch which command opened the cursor, and what that batch read', async () => {
    await db.command({ profile: 2 });
    const { cursor } = await db.command({
      find: 'products',
      filter: { price: { $gt: 400 } },
      batchSize: 10,
      comment: 'batches',
    });
    await db.command({ getMore: (cursor as { id: bigint }).id, collection: 'products', batchSize: 20 });
    await db.command({ profile: 0 });
    const entry = await db
      .collection('system.profile')
      .findOne({ op: 'getmore', 'originatingCommand.comment': 'batches' });
    assert.deepEqual(
      [entry?.keysExamined, entry?.docsExamined, entry?.nreturned, entry?.planSummary],
      [20, 20, 20, 'IXSCAN { price: 1 }'],
    );
  });

  it('has every field that a real one has in hello, buildInfo and the statistics of collections and indexes', async () => {
    const lacking: string[] = [];
    const note = (name: string, fields: readonly string[]) =>
      lacking.push(...fields.map((field) => `${name}: ${field}`));
    note('buildInfo', missing(readRecorded('server/buildInfo'), await db.command({ buildInfo: 1 })));
    note('hello', missing(readRecorded('server/hello'), await db.command({ isMaster: 1 })));
    for (const name of ['products', 'customers', 'orders', 'audits', 'nodes', 'edges']) {
      const real = readRecorded(`server/collStats-${name}`);
      const own = EJSON.serialize(await db.command({ collStats: name }));
      note(`collStats ${name}`, missing(real, own));
      for (const field of ['ns', 'size', 'count', 'avgObjSize', 'nindexes', 'capped', 'scaleFactor'])
        assert.equal(own[field], real[field], `${name}.${field}`);
      assert.deepEqual(Object.keys(own.indexSizes as Document), Object.keys(real.indexSizes as Document));
      const indexes = EJSON.serialize(await db.command({ listIndexes: name }));
      assert.deepEqual(
        (indexes.cursor as Document).firstBatch,
        (readRecorded(`server/listIndexes-${name}`).cursor as Document).firstBatch,
      );
      const stats = await db
        .collection(name)
        .aggregate([{ $indexStats: {} }])
        .toArray();
      for (const one of readRecorded(`server/indexStats-${name}`) as unknown as Document[]) {
        const same = stats.find((stat) => stat.name === one.name) ?? {};
        note(`indexStats ${name}.${String(one.name)}`, missing(one, same));
        assert.deepEqual(same.key, one.key);
      }
    }
    assert.deepEqual(lacking, []);
  });

  it('fails a sort that needs more memory than it may, with the counters of a real one, or spills', async () => {
    const sort = { find: 'audits', filter: {}, sort: { 'payload.ip': 1 } };
    const name = 'internalQueryMaxBlockingSortMemoryUsageBytes';
    const { was } = await client()
      .db('admin')
      .command({ setParameter: 1, [name]: 100000 });
    try {
      for (const [id, allowDiskUse] of [
        ['sort-out-of-memory', false],
        ['sort-spilled', true],
      ] as const) {
        const own = (await db.command({ explain: { ...sort, allowDiskUse }, verbosity: 'executionStats' }))
          .executionStats as Document;
        const real = readRecorded(`special/${id}`).executionStats as Document;
        assert.deepEqual(
          essence({ queryPlanner: { winningPlan: own.executionStages as unknown }, executionStats: own }),
          essence({ queryPlanner: { winningPlan: real.executionStages as unknown }, executionStats: real }),
        );
        for (const field of ['executionSuccess', 'errorCode', 'errorMessage', 'failed'])
          assert.equal(own[field], real[field], field);
        for (const field of ['memLimit', 'totalDataSizeSorted', 'usedDisk', 'works', 'needTime']) {
          assert.equal(
            (own.executionStages as Document)[field],
            (real.executionStages as Document)[field],
            `${id} ${field}`,
          );
        }
      }
      await assert.rejects(db.command({ ...sort, allowDiskUse: false }), {
        code: 292,
        codeName: 'QueryExceededMemoryLimitNoDiskUseAllowed',
      });
    } finally {
      await client()
        .db('admin')
        .command({ setParameter: 1, [name]: was as unknown });
    }
  });

  it('explains a query that runs out of time', async () => {
    const slow = { find: 'audits', filter: { 'payload.note': /x.*x.*x.*x.*x.*x.*y/ }, maxTimeMS: 1 };
    const { executionStats: own } = (await db.command({ explain: slow, verbosity: 'executionStats' })) as {
      executionStats: Document;
    };
    const real = readRecorded('special/max-time-expired').executionStats as Document;
    for (const field of ['executionSuccess', 'errorCode', 'errorMessage', 'nReturned', 'totalKeysExamined'])
      assert.equal(own[field], real[field], field);
    assert.ok(Number(own.totalDocsExamined) < 30000);
    await assert.rejects(db.command(slow), { code: 50, codeName: 'MaxTimeMSExpired' });
  });

  it('keeps to an index filter', async () => {
    const real = readRecorded('special/index-filter');
    await db.command({ planCacheSetFilter: 'products', query: { category: 'any' }, indexes: ['category_1'] });
    const explain = async () =>
      essence(
        await db.command({ explain: { find: 'products', filter: { category: 'Music' } }, verbosity: 'executionStats' }),
      );
    assert.deepEqual(await explain(), essence(real));
    assert.equal(((await db.command({ planCacheListFilters: 'products' })).filters as unknown[]).length, 1);
    await db.command({ planCacheClearFilters: 'products' });
    assert.notDeepEqual(await explain(), essence(real));
  });

  it('reads a capped collection backwards and keeps its limits', async () => {
    await db.createCollection('recent', { capped: true, size: 100000, max: 3 });
    const real = readRecorded('special/capped-natural-desc');
    const command = { find: 'recent', filter: {}, sort: { $natural: -1 }, limit: 3 };
    assert.deepEqual(essence(await db.command({ explain: command, verbosity: 'executionStats' })), essence(real));
    await db.collection<{ _id: number }>('recent').insertMany([1, 2, 3, 4].map((_id) => ({ _id })));
    assert.deepEqual(
      (await db.runCursorCommand(command).toArray()).map(({ _id }): unknown => _id),
      [4, 3, 2],
    );
    assert.equal((await db.command({ collStats: 'recent' })).capped, true);
  });

  it('gives the recorded error replies', async () => {
    const code = (name: string) => readRecorded(`special/${name}`).error as { code: number; codeName: string };
    const products = db.collection<{ _id: number }>('products');
    const { code: pipeline, codeName } = code('bad-pipeline');
    await assert.rejects(products.aggregate([{ $nope: {} }]).toArray(), { code: pipeline, codeName });
    await assert.rejects(products.find({ price: { $nope: 1 } }).toArray(), { code: code('unknown-operator').code });
    await assert.rejects(products.find({ $where: 'true' }).toArray(), { code: code('where-no-js').code });
    const reply = EJSON.serialize(await db.command({ insert: 'products', documents: [{ _id: 1 }] }));
    assert.deepEqual(reply, readRecorded('special/duplicate-key'));
  });
});
