import assert from 'node:assert/strict';
import mongoose from 'mongoose';
import { workDatabaseForSuite } from './workDatabase';

describe('Mongoose on the embedded server', function () {
  this.timeout(30_000);
  const work = workDatabaseForSuite();

  it('has validation, population, lean reads, aggregation and indexes', async () => {
    const connection = await mongoose.createConnection(work.uri, { dbName: 'work' }).asPromise();
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
