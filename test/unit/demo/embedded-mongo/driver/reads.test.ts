import assert from 'node:assert/strict';
import { Decimal128, Double, Int32, Long, ObjectId } from 'mongodb';
import { failure, workDatabaseForSuite } from './workDatabase';
import type { Thing } from './workDatabase';

describe('reads of the driver, by the embedded server', function () {
  this.timeout(30_000);
  const work = workDatabaseForSuite();
  const { things } = work;

  it('keeps the types of numbers, dates, ids and binary values', async () => {
    const stored = {
      _id: 1,
      int: new Int32(1),
      double: new Double(1),
      half: 0.5,
      long: Long.fromString('9007199254740993'),
      decimal: Decimal128.fromString('0.10'),
      date: new Date(0),
      id: new ObjectId(),
      bytes: Buffer.from([1, 2, 3]),
      nothing: null,
      regex: /a.c/i,
    };
    await things().insertOne(stored);
    const raw = work.client.db('work', {}).collection<Thing>('things', { promoteValues: false, promoteLongs: false });
    const back = (await raw.findOne({ _id: 1 }))!;
    for (const [name, type] of [
      ['int', 'Int32'],
      ['double', 'Double'],
      ['half', 'Double'],
      ['long', 'Long'],
      ['decimal', 'Decimal128'],
    ] as const) {
      assert.equal((back[name] as { _bsontype: string })._bsontype, type, name);
      assert.equal(String(back[name]), String(stored[name]), name);
    }
    for (const [type, name] of [
      ['int', 'int'],
      ['double', 'double'],
      ['long', 'long'],
      ['decimal', 'decimal'],
    ]) {
      assert.equal(await things().countDocuments({ [name]: { $type: type } }), 1, type);
    }
    assert.equal(await things().countDocuments({ long: Long.fromString('9007199254740993') }), 1);
    assert.equal(await things().countDocuments({ long: Long.fromString('9007199254740992') }), 0);
    assert.equal(await things().countDocuments({ decimal: { $gte: 0.1, $lt: 0.2 } }), 1);
  });

  it('reads cursors in batches, kills them, and refuses tailable ones', async () => {
    await work.fill(250);
    const cursor = things().find({}, { batchSize: 100, sort: { _id: 1 } });
    const seen: number[] = [];
    for await (const { _id } of cursor) seen.push(_id);
    assert.deepEqual(
      seen,
      Array.from({ length: 250 }, (_, i) => i),
    );
    const { cursor: open } = (await work.db.command({ find: 'things', batchSize: 0 })) as {
      cursor: { id: Long; firstBatch: unknown[] };
    };
    assert.equal(open.firstBatch.length, 0);
    assert.equal(
      (
        (await work.db.command({ getMore: open.id, collection: 'things', batchSize: 7 })).cursor as {
          nextBatch: unknown[];
        }
      ).nextBatch.length,
      7,
    );
    assert.equal((await failure(work.db.command({ getMore: open.id, collection: 'others' }))).code, 13);
    assert.deepEqual((await work.db.command({ killCursors: 'things', cursors: [open.id] })).cursorsKilled, [open.id]);
    assert.equal(
      (await failure(work.db.command({ getMore: open.id, collection: 'things' }))).codeName,
      'CursorNotFound',
    );
    const exact = (await work.db.command({ find: 'things', limit: 5, batchSize: 5 })) as { cursor: { id: unknown } };
    assert.equal(String(exact.cursor.id), '0');
    assert.equal((await failure(things().find({}, { tailable: true }).toArray())).code, 2);
  });

  it('reads more than a batch may hold in several', async () => {
    await things().insertMany(Array.from({ length: 30 }, (_, i) => ({ _id: i, text: 'x'.repeat(1_000_000) })));
    const { cursor } = (await work.db.command({ find: 'things', batchSize: 30 })) as {
      cursor: { firstBatch: unknown[] };
    };
    assert.ok(cursor.firstBatch.length > 10 && cursor.firstBatch.length < 17);
    assert.equal((await things().find().toArray()).length, 30);
  });

  it('counts, lists different values, and aggregates into other collections', async () => {
    await work.fill(100);
    assert.deepEqual(await things().distinct('k', { _id: { $lt: 3 } }), [0, 1, 2]);
    assert.equal(await things().countDocuments({ k: 3 }, { limit: 4 }), 4);
    assert.equal(await things().estimatedDocumentCount(), 100);
    await things()
      .aggregate([{ $group: { _id: '$k', n: { $sum: 1 } } }, { $merge: { into: 'totals', whenMatched: 'replace' } }])
      .toArray();
    assert.deepEqual(await work.db.collection('totals').find().sort({ _id: 1 }).limit(1).toArray(), [
      { _id: 0, n: 10 },
    ]);
    const [facet] = await things()
      .aggregate([
        {
          $facet: {
            count: [{ $count: 'n' }],
            page: [{ $sort: { _id: -1 } }, { $skip: 1 }, { $limit: 1 }, { $project: { _id: 1 } }],
          },
        },
      ])
      .toArray();
    assert.deepEqual(facet, { count: [{ n: 100 }], page: [{ _id: 98 }] });
    assert.equal(
      (
        await things()
          .aggregate([{ $sample: { size: 5 } }])
          .toArray()
      ).length,
      5,
    );
  });

  it('redacts documents and searches phrases', async () => {
    await things().insertMany([
      { _id: 1, level: 1, text: 'A calm Kettle sings', inner: { level: 5, secret: true } },
      { _id: 2, level: 9, text: 'Calm tea, old kettle' },
      { _id: 3, level: 1, text: 'a lamp' },
    ]);
    const redacted = await things()
      .aggregate([{ $redact: { $cond: [{ $gt: ['$level', 3] }, '$$PRUNE', '$$DESCEND'] } }, { $project: { text: 0 } }])
      .toArray();
    assert.deepEqual(redacted, [
      { _id: 1, level: 1 },
      { _id: 3, level: 1 },
    ]);
    await things().createIndex({ text: 'text' });
    const search = async ($search: string) =>
      (await things().find({ $text: { $search } }).sort({ _id: 1 }).toArray()).map(({ _id }) => _id);
    assert.deepEqual(
      [await search('kettle'), await search('"calm kettle"'), await search('kettle -tea'), await search('lamp kettle')],
      [[1, 2], [1], [1], [1, 2, 3]],
    );
  });
});
