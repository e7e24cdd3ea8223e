import assert from 'node:assert/strict';
import { MongoBulkWriteError } from 'mongodb';
import type { Document } from 'mongodb';
import { workDatabaseForSuite } from './workDatabase';

describe('writes of the driver, by the embedded server', function () {
  this.timeout(30_000);
  const work = workDatabaseForSuite();
  const { things } = work;

  it('writes in bulk, in order or not, and tells what failed', async () => {
    await work.fill(3);
    const result = await things().bulkWrite([
      { insertOne: { document: { _id: 10 } } },
      { updateOne: { filter: { _id: 0 }, update: { $set: { done: true } } } },
      { updateMany: { filter: {}, update: { $inc: { n: 1 } } } },
      { replaceOne: { filter: { _id: 77 }, replacement: { a: 1 }, upsert: true } },
      { deleteOne: { filter: { _id: 2 } } },
    ]);
    assert.deepEqual(
      [result.insertedCount, result.modifiedCount, result.upsertedIds, result.deletedCount],
      [1, 5, { 3: 77 }, 1],
    );
    const duplicates = [{ insertOne: { document: { _id: 0 } } }, { insertOne: { document: { _id: 20 } } }];
    for (const [ordered, inserted] of [
      [true, 0],
      [false, 1],
    ] as const) {
      const error = await things()
        .bulkWrite(duplicates, { ordered })
        .catch((caught: unknown) => caught);
      assert.ok(error instanceof MongoBulkWriteError);
      assert.deepEqual([error.code, error.insertedCount], [11000, inserted]);
    }
  });

  it('updates elements of arrays by position and by filter', async () => {
    await things().insertOne({
      _id: 1,
      grades: [80, 95, 70],
      items: [
        { k: 'a', n: 1 },
        { k: 'b', n: 2 },
      ],
    });
    await things().updateOne({ _id: 1, grades: { $gt: 90 } }, { $set: { 'grades.$': 99 } });
    await things().updateOne({ _id: 1 }, { $inc: { 'grades.$[low]': 5 } }, { arrayFilters: [{ low: { $lt: 75 } }] });
    await things().updateOne({ _id: 1 }, { $set: { 'items.$[one].n': 9 } }, { arrayFilters: [{ 'one.k': 'b' }] });
    await things().updateOne({ _id: 1 }, { $mul: { 'items.$[].n': 10 } });
    assert.deepEqual(await things().findOne({ _id: 1 }), {
      _id: 1,
      grades: [80, 99, 75],
      items: [
        { k: 'a', n: 10 },
        { k: 'b', n: 90 },
      ],
    });
    await things().updateOne({ _id: 1 }, {
      $push: { grades: { $each: [1, 2], $slice: -3 } },
      $pull: { items: { k: 'a' } },
    } as Document);
    assert.deepEqual(await things().findOne({ _id: 1 }), { _id: 1, grades: [75, 1, 2], items: [{ k: 'b', n: 90 }] });
  });

  it('finds and changes one document, in the order asked for', async () => {
    await work.fill(5);
    assert.equal(
      (await things().findOneAndUpdate({ k: { $gte: 1 } }, { $set: { seen: 1 } }, { sort: { k: -1 } }))?._id,
      4,
    );
    assert.deepEqual(await things().findOneAndDelete({ k: 3 }, { projection: { text: 1 } }), {
      _id: 3,
      text: 'thing 3',
    });
    assert.deepEqual(
      await things().findOneAndReplace({ _id: 50 }, { k: 1 }, { upsert: true, returnDocument: 'after' }),
      { _id: 50, k: 1 },
    );
    assert.equal(await things().findOneAndUpdate({ _id: 99 }, { $set: { a: 1 } }), null);
    const pipelined = await things().findOneAndUpdate(
      { _id: 0 },
      [{ $set: { twice: { $concat: ['$text', '$text'] } } }],
      { returnDocument: 'after' },
    );
    assert.equal(pipelined?.twice, 'thing 0thing 0');
  });
});
