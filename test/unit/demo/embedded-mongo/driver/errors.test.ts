import assert from 'node:assert/strict';
import type { Document } from 'mongodb';
import { failure, workDatabaseForSuite } from './workDatabase';
import type { Thing } from './workDatabase';

describe('errors that the driver gets, by the embedded server', function () {
  this.timeout(30_000);
  const work = workDatabaseForSuite();
  const { things } = work;

  it('answers each error with its code, name and details', async () => {
    await things().insertMany([
      { _id: 1, k: 1 },
      { _id: 2, k: 2 },
    ]);
    await things().createIndex({ k: 1 }, { unique: true });
    const duplicate = await failure(things().insertOne({ _id: 3, k: 1 }));
    assert.deepEqual([duplicate.code, duplicate.keyPattern, duplicate.keyValue], [11000, { k: 1 }, { k: 1 }]);
    assert.match(
      duplicate.message,
      /^E11000 duplicate key error collection: work\.things index: k_1 dup key: \{ k: 1 \}$/,
    );
    await work.db.createCollection('strict', { validator: { age: { $type: 'number' } } });
    const cases: [number, string, () => Promise<unknown>][] = [
      [121, 'DocumentValidationFailure', () => work.db.collection<Thing>('strict').insertOne({ _id: 1, age: 'x' })],
      [26, 'NamespaceNotFound', () => work.db.command({ drop: 'absent' })],
      [26, 'NamespaceNotFound', () => work.db.command({ listIndexes: 'absent' })],
      [27, 'IndexNotFound', () => things().dropIndex('absent_1')],
      [67, 'CannotCreateIndex', () => things().createIndex({ k: 'nope' as 'text' })],
      [85, 'IndexOptionsConflict', () => things().createIndex({ k: 1 }, { name: 'other', unique: true })],
      [86, 'IndexKeySpecsConflict', () => things().createIndex({ j: 1 }, { name: 'k_1' })],
      [72, 'InvalidOptions', () => things().dropIndex('_id_')],
      [59, 'CommandNotFound', () => work.db.command({ nope: 1 })],
      [48, 'NamespaceExists', () => work.db.createCollection('things')],
      [73, 'InvalidNamespace', () => work.db.collection<Thing>('a$b').insertOne({ _id: 1 })],
      [
        2,
        'BadValue',
        () =>
          things()
            .find({ k: { $nope: 1 } })
            .toArray(),
      ],
      [2, 'BadValue', () => things().find({ $where: 'true' }).toArray()],
      [2, 'BadValue', () => things().find({ $and: [] }).toArray()],
      [9, 'FailedToParse', () => things().updateOne({ _id: 1 }, { $nope: { a: 1 } })],
      [9, 'FailedToParse', () => work.db.command({ aggregate: 'things', pipeline: [] })],
      [14, 'TypeMismatch', () => work.db.command({ find: 'things', filter: 5 })],
      [14, 'TypeMismatch', () => work.db.command({ aggregate: 'things', pipeline: {}, cursor: {} })],
      [66, 'ImmutableField', () => things().updateOne({ _id: 1 }, { $set: { _id: 9 } })],
      [40, 'ConflictingUpdateOperators', () => things().updateOne({ _id: 1 }, { $set: { a: 1 }, $inc: { a: 1 } })],
      [14, 'TypeMismatch', () => things().updateOne({ _id: 1 }, { $inc: { k: 'x' } } as Document)],
      [28, 'PathNotViable', () => things().updateOne({ _id: 1 }, { $set: { 'k.inner': 1 } })],
      [
        40324,
        'Location40324',
        () =>
          things()
            .aggregate([{ $nope: {} }])
            .toArray(),
      ],
      [
        40323,
        'Location40323',
        () =>
          things()
            .aggregate([{ $match: {}, $limit: 1 }])
            .toArray(),
      ],
      [
        15958,
        'Location15958',
        () =>
          things()
            .aggregate([{ $limit: 0 }])
            .toArray(),
      ],
      [
        15952,
        'Location15952',
        () =>
          things()
            .aggregate([{ $group: { _id: null, n: { $nope: 1 } } }])
            .toArray(),
      ],
      [51024, 'Location51024', () => work.db.command({ find: 'things', skip: -1 })],
      [
        166,
        'CommandNotSupportedOnView',
        () =>
          work.db
            .createCollection('view', { viewOn: 'things' })
            .then(() => work.db.collection<Thing>('view').insertOne({ _id: 5 })),
      ],
      [238, 'NotImplemented', () => things().createIndex({ '$**': 1 })],
      [238, 'NotImplemented', () => work.db.createCollection('weather', { timeseries: { timeField: 'at' } })],
    ];
    for (const [code, codeName, act] of cases) {
      const error = await failure(act()).catch((caught: Error) => assert.fail(`${code}: ${caught.message}`));
      assert.deepEqual([error.code, error.codeName ?? codeName], [code, codeName], error.message);
    }
  });

  it('accepts sessions and refuses transactions', async () => {
    await work.client.withSession(async (session) => {
      await things().insertOne({ _id: 1 }, { session });
      assert.equal(await things().countDocuments({}, { session }), 1);
    });
    const transaction = work.client.withSession((session) =>
      session.withTransaction(() => things().insertOne({ _id: 2 }, { session })),
    );
    const error = await failure(transaction);
    assert.deepEqual([error.code, error.codeName], [20, 'IllegalOperation']);
    assert.match(error.message, /replica set/);
    assert.equal(await things().countDocuments(), 1);
  });
});
