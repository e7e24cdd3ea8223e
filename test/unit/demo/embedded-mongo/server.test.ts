// The driver and Mongoose against the embedded server.
import assert from 'node:assert/strict';
import { createConnection } from 'node:net';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { MongoBulkWriteError, MongoClient, MongoServerError } from 'mongodb';
import type { Db } from 'mongodb';
import mongoose from 'mongoose';
import { startEmbeddedMongo } from '../../../../demo/embedded-mongo/src/server';
import type { EmbeddedMongo } from '../../../../demo/embedded-mongo/src/server';

async function code(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof MongoServerError) return error.code;
    throw error;
  }
  return undefined;
}

describe('the embedded server', function () {
  this.timeout(30_000);
  let server: EmbeddedMongo;
  let client: MongoClient;
  let db: Db;

  before(async () => {
    server = await startEmbeddedMongo();
    client = await MongoClient.connect(server.uri);
  });

  beforeEach(async () => {
    db = client.db('work');
    await db.dropDatabase();
  });

  after(async () => {
    await client.close();
    await server.close();
  });

  it('says what it is', async () => {
    const info = await db.command({ buildInfo: 1 });
    assert.deepEqual(info.modules, ['heatlens-embedded']);
    assert.match(String((info.heatlens as { note: unknown }).note), /not MongoDB/);
    assert.equal((await db.command({ hello: 1 })).isWritablePrimary, true);
  });

  it('inserts, finds, updates, replaces, upserts and deletes', async () => {
    const users = db.collection<{ _id: number; name?: string; age?: number; tags?: string[] }>('users');
    await users.insertMany([
      { _id: 1, name: 'Ada', age: 36, tags: ['a'] },
      { _id: 2, name: 'Bo', age: 7 },
      { _id: 3, name: 'Cy', age: 50 },
    ]);
    assert.equal(
      (await users.updateMany({ age: { $gt: 10 } }, { $inc: { age: 1 }, $push: { tags: 'old' } })).modifiedCount,
      2,
    );
    assert.deepEqual(await users.findOne({ _id: 1 }), { _id: 1, name: 'Ada', age: 37, tags: ['a', 'old'] });
    assert.equal((await users.updateOne({ _id: 2 }, { $set: { age: 7 } })).modifiedCount, 0);
    const upserted = await users.updateOne(
      { _id: 9 },
      { $set: { name: 'Io' }, $setOnInsert: { age: 1 } },
      { upsert: true },
    );
    assert.equal(upserted.upsertedId, 9);
    assert.deepEqual(await users.findOne({ _id: 9 }), { _id: 9, name: 'Io', age: 1 });
    await users.replaceOne({ _id: 3 }, { name: 'Di' });
    assert.deepEqual(await users.findOne({ _id: 3 }), { _id: 3, name: 'Di' });
    assert.deepEqual(await users.findOneAndUpdate({ name: 'Bo' }, { $set: { age: 8 } }, { returnDocument: 'after' }), {
      _id: 2,
      name: 'Bo',
      age: 8,
    });
    assert.equal((await users.deleteMany({ age: { $exists: true } })).deletedCount, 3);
    assert.deepEqual(await users.find({}, { projection: { _id: 0 } }).toArray(), [{ name: 'Di' }]);
  });

  it('does not change the documents it gave to an earlier stage', async () => {
    const items = db.collection<{ _id: number; inner: { a: number; b?: number }; list: number[] }>('items');
    await items.insertOne({ _id: 1, inner: { a: 1 }, list: [] });
    await items
      .aggregate([
        { $addFields: { 'inner.b': 2 } },
        { $unwind: { path: '$list', preserveNullAndEmptyArrays: true, includeArrayIndex: 'i' } },
      ])
      .toArray();
    assert.deepEqual(await items.findOne({ _id: 1 }), { _id: 1, inner: { a: 1 }, list: [] });
  });

  it('gives large results in several batches and forgets a closed cursor', async () => {
    const many = db.collection<{ _id: number }>('many');
    await many.insertMany(Array.from({ length: 2500 }, (_, i) => ({ _id: i })));
    const cursor = many.find({}, { batchSize: 100, sort: { _id: -1 } });
    assert.deepEqual(
      (await cursor.toArray()).map(({ _id }) => _id),
      Array.from({ length: 2500 }, (_, i) => 2499 - i),
    );
    const open = many.find({}, { batchSize: 10 });
    await open.next();
    const id = open.id;
    await open.close();
    assert.equal(await code(db.command({ getMore: id, collection: 'many' })), 43);
    assert.equal(await code(db.command({ getMore: 12345n, collection: 'many' })), 43);
  });

  it('aggregates with joins, groups and output collections', async () => {
    await db.collection('orders').insertMany([
      { who: 1, sum: 0.1 },
      { who: 1, sum: 0.2 },
      { who: 2, sum: 5 },
    ]);
    await db.collection<{ _id: number; name: string }>('people').insertMany([
      { _id: 1, name: 'Ada' },
      { _id: 2, name: 'Bo' },
    ]);
    const pipeline = [
      { $lookup: { from: 'orders', localField: '_id', foreignField: 'who', as: 'orders' } },
      { $project: { name: 1, total: { $sum: '$orders.sum' } } },
      { $sort: { _id: 1 } },
    ];
    const rows = await db.collection('people').aggregate(pipeline).toArray();
    assert.deepEqual(
      rows.map(({ name }): unknown => name),
      ['Ada', 'Bo'],
    );
    assert.ok(Math.abs(Number(rows[0].total) - 0.3) < 1e-9);
    await db
      .collection('people')
      .aggregate([...pipeline, { $out: 'totals' }])
      .toArray();
    assert.equal(await db.collection('totals').countDocuments(), 2);
  });

  it('builds, hides, lists and drops indexes', async () => {
    const shop = db.collection('shop');
    await shop.insertMany(Array.from({ length: 300 }, (_, i) => ({ a: i % 10, b: i })));
    assert.equal(await shop.createIndex({ a: 1, b: -1 }), 'a_1_b_-1');
    const plan = async () =>
      (await shop.find({ a: 3 }).sort({ b: -1 }).explain('executionStats')) as {
        executionStats: Record<string, unknown>;
        queryPlanner: { winningPlan: { stage: string } };
      };
    assert.equal((await plan()).executionStats.totalKeysExamined, 30);
    await db.command({ collMod: 'shop', index: { name: 'a_1_b_-1', hidden: true } });
    assert.equal((await plan()).executionStats.totalDocsExamined, 300);
    assert.deepEqual(
      (await shop.indexes()).map(({ name }) => name),
      ['_id_', 'a_1_b_-1'],
    );
    await shop.dropIndex('a_1_b_-1');
    assert.equal(await code(shop.dropIndex('a_1_b_-1')), 27);
  });

  it('reads nothing where there is no collection', async () => {
    const plan = (await db.collection('absent').find({ a: 1 }).explain('executionStats')) as {
      queryPlanner: { winningPlan: { stage: string } };
    };
    assert.equal(plan.queryPlanner.winningPlan.stage, 'EOF');
    assert.deepEqual(await db.listCollections().toArray(), []);
  });

  it('answers with the codes of a server', async () => {
    const things = db.collection<{ _id: number; k?: number }>('things');
    await things.insertMany([
      { _id: 1, k: 1 },
      { _id: 2, k: 1 },
    ]);
    assert.equal(await code(things.insertOne({ _id: 1 })), 11000);
    await assert.rejects(
      things.insertMany([{ _id: 3 }, { _id: 1 }, { _id: 4 }], { ordered: false }),
      (error: unknown) => {
        assert.ok(error instanceof MongoBulkWriteError);
        return error.insertedCount === 2 && error.code === 11000;
      },
    );
    assert.equal(await code(things.createIndex({ k: 1 }, { unique: true })), 11000);
    assert.equal(await code(things.find({ $nope: 1 }).toArray()), 2);
    assert.equal(await code(things.find({ k: { $nope: 1 } }).toArray()), 2);
    assert.equal(await code(things.find({}).hint('none').toArray()), 2);
    assert.equal(await code(things.aggregate([{ $nope: {} }]).toArray()), 40324);
    assert.equal(await code(things.aggregate([{ $project: { x: { $nope: 1 } } }]).toArray()), 31325);
    assert.equal(await code(db.command({ nope: 1 })), 59);
    assert.equal(await code(db.createCollection('things')), 48);
    assert.equal(await code(db.command({ drop: 'absent' })), 26);
    assert.equal(
      await code(
        db.command({ find: 'things', $db: 'work', txnNumber: 1n, startTransaction: true, autocommit: false, lsid: {} }),
      ),
      20,
    );
    await db.collection('slow').insertMany(Array.from({ length: 20000 }, (_, i) => ({ text: 'x'.repeat(40) + i })));
    assert.equal(
      await code(
        db
          .collection('slow')
          .find({ text: /x.*x.*x.*x.*y/ })
          .maxTimeMS(1)
          .toArray(),
      ),
      50,
    );
  });

  it('writes system.profile at level 2 and nothing at level 0', async () => {
    const things = db.collection<{ _id: number }>('things');
    await things.insertMany([{ _id: 1 }, { _id: 2 }]);
    assert.equal((await db.command({ profile: 2 })).was, 0);
    await things.find({ _id: { $gt: 1 } }).toArray();
    assert.equal((await db.command({ profile: 0 })).was, 2);
    await things.find({}).toArray();
    const entries = await db.collection('system.profile').find({ op: 'query' }).toArray();
    assert.equal(entries.length, 1);
    assert.equal(entries[0].planSummary, 'IXSCAN { _id: 1 }');
    assert.deepEqual([entries[0].keysExamined, entries[0].docsExamined, entries[0].nreturned], [1, 1, 1]);
  });

  it('serves Mongoose', async () => {
    const connection = await mongoose.createConnection(server.uri, { dbName: 'work' }).asPromise();
    try {
      const schema = new mongoose.Schema({
        name: { type: String, index: true },
        friends: [{ type: mongoose.Schema.Types.ObjectId, ref: 'Person' }],
      });
      const Person = connection.model('Person', schema);
      await Person.init();
      const ada = await Person.create({ name: 'Ada' });
      await Person.create({ name: 'Bo', friends: [ada._id] });
      const bo = await Person.findOne({ name: 'Bo' }).populate<{ friends: { name: string }[] }>('friends').orFail();
      assert.deepEqual(
        bo.friends.map(({ name }) => name),
        ['Ada'],
      );
      assert.equal(await Person.where('name').in(['Ada', 'Bo']).countDocuments(), 2);
    } finally {
      await connection.close();
    }
  });

  it('listens on loopback only', async () => {
    for (const host of ['0.0.0.0', '192.168.1.1', 'example.org', '::'])
      await assert.rejects(startEmbeddedMongo({ host }), /loopback only/);
  });

  it('ends connections that send no messages of the protocol, and all others on close', async () => {
    const own = await startEmbeddedMongo();
    const connect = () =>
      new Promise<Socket>((resolve) => {
        const socket = createConnection(own.port, '127.0.0.1', () => resolve(socket));
      });
    const closed = (socket: Socket) => new Promise((resolve) => socket.once('close', resolve).resume());
    const bad = await connect();
    const badClosed = closed(bad);
    bad.write('GET / HTTP/1.1\r\n\r\n');
    await badClosed;
    const idle = await connect();
    const idleClosed = closed(idle);
    await own.close();
    await idleClosed;
    await sleep(0);
    await assert.rejects(MongoClient.connect(own.uri, { serverSelectionTimeoutMS: 200 }));
  });

  it('loads and scans 50,000 documents quickly', async () => {
    const big = db.collection('big');
    await big.createIndex({ n: 1 });
    const began = performance.now();
    await big.insertMany(
      Array.from({ length: 50_000 }, (_, i) => ({ n: i % 1000, text: `document ${i}`, inner: { flag: i % 2 === 0 } })),
    );
    const loaded = performance.now() - began;
    const scanBegan = performance.now();
    assert.equal(await big.countDocuments({ text: /7$/ }), 5000);
    const scanned = performance.now() - scanBegan;
    console.log(`      loaded in ${Math.round(loaded)} ms, scanned in ${Math.round(scanned)} ms`);
    assert.ok(loaded < 8000 && scanned < 1000, `${loaded} ms, ${scanned} ms`);
  });
});
