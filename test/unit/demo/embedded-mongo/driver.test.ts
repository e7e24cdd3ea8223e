// What services do with the driver and with Mongoose, against the embedded server: writes, cursors, indexes, errors.
import assert from 'node:assert/strict';
import { Decimal128, Double, Int32, Long, MongoBulkWriteError, MongoClient, MongoServerError, ObjectId } from 'mongodb';
import type { Db, Document } from 'mongodb';
import mongoose from 'mongoose';
import { startEmbeddedMongo } from '../../../../demo/embedded-mongo/src/server';
import type { EmbeddedMongo } from '../../../../demo/embedded-mongo/src/server';

interface Thing extends Document {
  _id: number;
}

async function failure(promise: Promise<unknown>): Promise<MongoServerError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof MongoServerError) return error;
    throw error;
  }
  throw new Error('it did not fail');
}

describe('the driver and the embedded server', function () {
  this.timeout(30_000);
  let server: EmbeddedMongo;
  let client: MongoClient;
  let db: Db;

  before(async () => {
    server = await startEmbeddedMongo();
    client = await MongoClient.connect(server.uri);
    db = client.db('work');
  });

  beforeEach(() => db.dropDatabase());

  after(async () => {
    await client.close();
    await server.close();
  });

  const things = () => db.collection<Thing>('things');
  const fill = (count: number) =>
    things().insertMany(Array.from({ length: count }, (_, i) => ({ _id: i, k: i % 10, text: `thing ${i}` })));

  it('writes in bulk, in order or not, and tells what failed', async () => {
    await fill(3);
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
    await fill(5);
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
    const raw = client.db('work', {}).collection<Thing>('things', { promoteValues: false, promoteLongs: false });
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
    await fill(250);
    const cursor = things().find({}, { batchSize: 100, sort: { _id: 1 } });
    const seen: number[] = [];
    for await (const { _id } of cursor) seen.push(_id);
    assert.deepEqual(
      seen,
      Array.from({ length: 250 }, (_, i) => i),
    );
    const { cursor: open } = (await db.command({ find: 'things', batchSize: 0 })) as {
      cursor: { id: Long; firstBatch: unknown[] };
    };
    assert.equal(open.firstBatch.length, 0);
    assert.equal(
      ((await db.command({ getMore: open.id, collection: 'things', batchSize: 7 })).cursor as { nextBatch: unknown[] })
        .nextBatch.length,
      7,
    );
    assert.equal((await failure(db.command({ getMore: open.id, collection: 'others' }))).code, 13);
    assert.deepEqual((await db.command({ killCursors: 'things', cursors: [open.id] })).cursorsKilled, [open.id]);
    assert.equal((await failure(db.command({ getMore: open.id, collection: 'things' }))).codeName, 'CursorNotFound');
    const exact = (await db.command({ find: 'things', limit: 5, batchSize: 5 })) as { cursor: { id: unknown } };
    assert.equal(String(exact.cursor.id), '0');
    assert.equal((await failure(things().find({}, { tailable: true }).toArray())).code, 2);
  });

  it('reads more than a batch may hold in several', async () => {
    await things().insertMany(Array.from({ length: 30 }, (_, i) => ({ _id: i, text: 'x'.repeat(1_000_000) })));
    const { cursor } = (await db.command({ find: 'things', batchSize: 30 })) as { cursor: { firstBatch: unknown[] } };
    assert.ok(cursor.firstBatch.length > 10 && cursor.firstBatch.length < 17);
    assert.equal((await things().find().toArray()).length, 30);
  });

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
    await db.createCollection('strict', { validator: { age: { $type: 'number' } } });
    const cases: [number, string, () => Promise<unknown>][] = [
      [121, 'DocumentValidationFailure', () => db.collection<Thing>('strict').insertOne({ _id: 1, age: 'x' })],
      [26, 'NamespaceNotFound', () => db.command({ drop: 'absent' })],
      [26, 'NamespaceNotFound', () => db.command({ listIndexes: 'absent' })],
      [27, 'IndexNotFound', () => things().dropIndex('absent_1')],
      [67, 'CannotCreateIndex', () => things().createIndex({ k: 'nope' as 'text' })],
      [85, 'IndexOptionsConflict', () => things().createIndex({ k: 1 }, { name: 'other', unique: true })],
      [86, 'IndexKeySpecsConflict', () => things().createIndex({ j: 1 }, { name: 'k_1' })],
      [72, 'InvalidOptions', () => things().dropIndex('_id_')],
      [59, 'CommandNotFound', () => db.command({ nope: 1 })],
      [48, 'NamespaceExists', () => db.createCollection('things')],
      [73, 'InvalidNamespace', () => db.collection<Thing>('a$b').insertOne({ _id: 1 })],
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
      [9, 'FailedToParse', () => db.command({ aggregate: 'things', pipeline: [] })],
      [14, 'TypeMismatch', () => db.command({ find: 'things', filter: 5 })],
      [14, 'TypeMismatch', () => db.command({ aggregate: 'things', pipeline: {}, cursor: {} })],
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
      [51024, 'Location51024', () => db.command({ find: 'things', skip: -1 })],
      [
        166,
        'CommandNotSupportedOnView',
        () =>
          db
            .createCollection('view', { viewOn: 'things' })
            .then(() => db.collection<Thing>('view').insertOne({ _id: 5 })),
      ],
      [238, 'NotImplemented', () => things().createIndex({ '$**': 1 })],
      [238, 'NotImplemented', () => db.createCollection('weather', { timeseries: { timeField: 'at' } })],
    ];
    for (const [code, codeName, act] of cases) {
      const error = await failure(act()).catch((caught: Error) => assert.fail(`${code}: ${caught.message}`));
      assert.deepEqual([error.code, error.codeName ?? codeName], [code, codeName], error.message);
    }
  });

  it('accepts sessions and refuses transactions', async () => {
    await client.withSession(async (session) => {
      await things().insertOne({ _id: 1 }, { session });
      assert.equal(await things().countDocuments({}, { session }), 1);
    });
    const transaction = client.withSession((session) =>
      session.withTransaction(() => things().insertOne({ _id: 2 }, { session })),
    );
    const error = await failure(transaction);
    assert.deepEqual([error.code, error.codeName], [20, 'IllegalOperation']);
    assert.match(error.message, /replica set/);
    assert.equal(await things().countDocuments(), 1);
  });

  it('counts, lists different values, and aggregates into other collections', async () => {
    await fill(100);
    assert.deepEqual(await things().distinct('k', { _id: { $lt: 3 } }), [0, 1, 2]);
    assert.equal(await things().countDocuments({ k: 3 }, { limit: 4 }), 4);
    assert.equal(await things().estimatedDocumentCount(), 100);
    await things()
      .aggregate([{ $group: { _id: '$k', n: { $sum: 1 } } }, { $merge: { into: 'totals', whenMatched: 'replace' } }])
      .toArray();
    assert.deepEqual(await db.collection('totals').find().sort({ _id: 1 }).limit(1).toArray(), [{ _id: 0, n: 10 }]);
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

  it('shows record numbers and sets of profiled commands', async () => {
    await fill(3);
    const shown = (await db.command({
      find: 'things',
      filter: { _id: 1 },
      showRecordId: true,
      projection: { k: 1 },
    })) as { cursor: { firstBatch: Document[] } };
    assert.deepEqual(shown.cursor.firstBatch, [{ _id: 1, k: 1, $recordId: 2 }]);
    assert.deepEqual(await db.command({ profile: 1, slowms: 5, sampleRate: 0.5 }), {
      was: 0,
      slowms: 100,
      sampleRate: 1,
      ok: 1,
    });
    assert.deepEqual(await db.command({ profile: -1 }), { was: 1, slowms: 5, sampleRate: 0.5, ok: 1 });
    await db.command({ profile: 2, slowms: 100, sampleRate: 1 });
    await things().findOne();
    await db.command({ profile: 0 });
    const [profile] = await db.listCollections({ name: 'system.profile' }).toArray();
    assert.equal((profile as { options?: Document }).options?.capped, true);
    assert.equal(await db.collection('system.profile').drop(), true);
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

  it('explains everything at three verbosities and changes nothing', async () => {
    await fill(50);
    await things().createIndex({ k: 1 });
    const before = await things().find().toArray();
    const commands: Document[] = [
      { find: 'things', filter: { k: 1 } },
      { aggregate: 'things', pipeline: [{ $match: { k: 1 } }, { $group: { _id: '$text' } }], cursor: {} },
      { count: 'things', query: { k: 1 } },
      { distinct: 'things', key: 'k', query: {} },
      { update: 'things', updates: [{ q: { k: 1 }, u: { $set: { a: 1 } }, multi: true }] },
      { delete: 'things', deletes: [{ q: { k: 1 }, limit: 0 }] },
      { findAndModify: 'things', query: { k: 1 }, update: { $set: { a: 1 } } },
      { aggregate: 'things', pipeline: [{ $out: 'elsewhere' }], cursor: {} },
    ];
    for (const command of commands) {
      for (const verbosity of ['queryPlanner', 'executionStats', 'allPlansExecution']) {
        const reply = await db.command({ explain: command, verbosity });
        const plan = ((reply.stages as Document[] | undefined)?.[0].$cursor ?? reply) as Document;
        assert.ok((plan.queryPlanner as Document).winningPlan);
        assert.equal('executionStats' in plan, verbosity !== 'queryPlanner');
        assert.equal(
          'allPlansExecution' in ((plan.executionStats ?? {}) as Document),
          verbosity === 'allPlansExecution',
        );
      }
    }
    assert.deepEqual(await things().find().toArray(), before);
    assert.deepEqual(
      (await db.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name),
      ['things'],
    );
  });

  it('lists databases and collections with their options', async () => {
    await db.createCollection('checked', { validator: { a: { $exists: true } }, validationLevel: 'moderate' });
    await db.createCollection('log', { capped: true, size: 4096 });
    await db.createCollection('shown', { viewOn: 'checked', pipeline: [{ $match: { a: 1 } }] });
    const list = await db.listCollections().toArray();
    const options = Object.fromEntries(
      list.map(({ name, type, ...more }) => [name, [type, (more as { options?: Document }).options]]),
    );
    assert.deepEqual(options.checked, [
      'collection',
      { validator: { a: { $exists: true } }, validationLevel: 'moderate' },
    ]);
    assert.deepEqual(options.log, ['collection', { capped: true, size: 4096 }]);
    assert.deepEqual(options.shown, ['view', { viewOn: 'checked', pipeline: [{ $match: { a: 1 } }] }]);
    assert.ok((await client.db('admin').admin().listDatabases()).databases.some(({ name }) => name === 'work'));
  });

  it('shows what is running and ends it', async () => {
    await fill(300);
    const slow = things()
      .aggregate(
        [
          {
            $lookup: {
              from: 'things',
              pipeline: [
                { $lookup: { from: 'things', localField: 'k', foreignField: 'text', as: 'b' } },
                { $match: { b: { $ne: [] } } },
              ],
              as: 'a',
            },
          },
        ],
        { comment: 'long' },
      )
      .toArray();
    const failed = failure(slow);
    let found: Document | undefined;
    while (!found)
      found = ((await client.db('admin').command({ currentOp: 1 })).inprog as Document[]).find(
        ({ command }) => (command as Document).comment === 'long',
      );
    assert.deepEqual([found.ns, found.active], ['work.things', true]);
    await client.db('admin').command({ killOp: 1, op: found.opid as unknown });
    assert.equal((await failed).code, 11601);
  });

  it('serves others while it works', async () => {
    await fill(400);
    const work = things()
      .aggregate([
        { $lookup: { from: 'things', pipeline: [{ $match: { text: /9$/ } }, { $sort: { text: 1 } }], as: 'a' } },
        { $count: 'n' },
      ])
      .toArray();
    let longest = 0;
    let done = false;
    const finished = work.then(() => (done = true));
    while (!done) {
      const began = performance.now();
      await db.command({ ping: 1 });
      longest = Math.max(longest, performance.now() - began);
    }
    await finished;
    // A slice is 20 ms; the rest is for a busy machine.
    assert.ok(longest < 2000, `${longest} ms`);
  });

  it('serves Mongoose: validation, population, lean reads, aggregation, indexes', async () => {
    const connection = await mongoose.createConnection(server.uri, { dbName: 'work' }).asPromise();
    try {
      const Author = connection.model(
        'Author',
        new mongoose.Schema({ name: { type: String, required: true, unique: true }, born: Date }),
      );
      const Book = connection.model(
        'Book',
        new mongoose.Schema(
          {
            title: String,
            author: { type: mongoose.Schema.Types.ObjectId, ref: 'Author' },
            tags: [String],
            copies: { type: Number, default: 1 },
          },
          { timestamps: true },
        ),
      );
      await Promise.all([Author.init(), Book.init()]);
      await assert.rejects(Author.create({}), /name/);
      const ada = await Author.create({ name: 'Ada', born: new Date('1815-12-10') });
      await assert.rejects(Author.create({ name: 'Ada' }), { code: 11000 });
      await Book.insertMany([
        { title: 'One', author: ada._id, tags: ['x'] },
        { title: 'Two', author: ada._id, tags: ['x', 'y'] },
      ]);
      await Book.updateMany({ tags: 'y' }, { $inc: { copies: 4 }, $addToSet: { tags: 'z' } });
      const two = await Book.findOne({ title: 'Two' }).populate<{ author: { name: string } }>('author').orFail();
      assert.deepEqual([two.author.name, two.copies, [...two.tags]], ['Ada', 5, ['x', 'y', 'z']]);
      two.copies = 7;
      await two.save();
      assert.equal(
        (
          await Book.find({ copies: { $gt: 5 } })
            .select('title')
            .lean()
        ).length,
        1,
      );
      const sums = await Book.aggregate<{ _id: unknown; n: number }>()
        .match({ tags: 'x' })
        .group({ _id: '$author', n: { $sum: '$copies' } });
      assert.deepEqual(
        sums.map(({ n }) => n),
        [8],
      );
      assert.equal(await Book.countDocuments({ createdAt: { $lte: new Date() } }), 2);
      assert.equal((await Book.deleteMany({ author: ada._id })).deletedCount, 2);
    } finally {
      await connection.close();
    }
  });
});
