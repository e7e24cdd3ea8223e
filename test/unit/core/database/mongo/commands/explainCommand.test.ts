import assert from 'node:assert/strict';
import { isHeatlensError } from '../../../../../../src/core/errors';
import {
  explainCommand,
  type ExplainRequest,
  refusedVerbosities,
} from '../../../../../../src/core/database/mongo/commands/explainCommand';
import type { Statement } from '../../../../../../src/core/database/statement';
import { findStatements } from '../../../../../support/findStatements';

function statement(call: string, fileName = 'shop.ts'): Statement {
  const text = fileName.endsWith('.py')
    ? `from pymongo import MongoClient, UpdateOne, InsertOne\ndb = MongoClient().shop\n${call}\n`
    : `import { MongoClient } from 'mongodb';\nconst db = new MongoClient('').db('shop');\n${call};\n`;
  const found = findStatements(text, fileName);
  assert.equal(found.length, 1, `${call}: ${found.length} statements`);
  return found[0];
}

const build = (call: string, request: Partial<ExplainRequest> = {}) =>
  explainCommand(statement(call), { verbosity: 'queryPlanner', ...request });
const int = (value: number) => ({ $numberInt: String(value) });

describe('explainCommand', () => {
  it('asks with a limit and a comment, in the types of the text', () => {
    const { command, collection, isWrite, notes } = build(
      "db.collection('orders').find({ total: { $gt: 5 } }).sort({ at: -1 }).limit(20).maxTimeMS(9).comment('mine')",
    );
    assert.deepEqual(command, {
      explain: { find: 'orders', filter: { total: { $gt: int(5) } }, sort: { at: int(-1) }, limit: int(20) },
      verbosity: 'queryPlanner',
      maxTimeMS: int(5000),
      comment: 'heatlens explain',
    });
    assert.deepEqual({ collection, isWrite, notes }, { collection: 'orders', isWrite: false, notes: [] });
  });

  it('explains findOne as a find of one', () => {
    assert.deepEqual(build("db.collection('orders').findOne({ a: 1 })").inner, {
      find: 'orders',
      filter: { a: int(1) },
      limit: int(1),
      singleBatch: true,
    });
  });

  it('fills holes and takes the collection that is given', () => {
    const { inner } = build('db.collection(name).find({ category })', {
      values: new Map([['category', 'Books']]),
      collection: 'products',
      verbosity: 'executionStats',
      maxTimeMS: 100,
    });
    assert.deepEqual(inner, { find: 'products', filter: { category: 'Books' } });
  });

  for (const stage of ["{ $out: 'copy' }", "{ $merge: { into: 'copy' } }"]) {
    it(`cuts off ${stage}`, () => {
      const { inner, notes } = build(`db.collection('orders').aggregate([{ $match: { a: 1 } }, ${stage}])`, {
        verbosity: 'executionStats',
      });
      assert.deepEqual(inner.pipeline, [{ $match: { a: int(1) } }]);
      assert.match(notes.join(), /was cut off: explaining must not write/);
      assert.deepEqual(build(`db.collection('orders').aggregate([${stage}])`).inner.pipeline, []);
    });

    it(`does not send ${stage} from any other place`, () => {
      for (const pipeline of [
        `[${stage}, { $match: {} }]`,
        `[{ $facet: { x: [${stage}] } }]`,
        `[{ $lookup: { from: 'a', as: 'b', pipeline: [{ $unionWith: { coll: 'c', pipeline: [${stage}] } }] } }]`,
      ]) {
        assert.throws(
          () => build(`db.collection('orders').aggregate(${pipeline})`),
          (error) => isHeatlensError(error) && /must not write/.test(error.message),
        );
      }
    });
  }

  it('plans writes, whatever is asked for', () => {
    const writes: [string, Record<string, unknown>][] = [
      [
        'updateMany({ a: 1 }, { $set: { b: 2 } })',
        { update: 'c', updates: [{ q: { a: int(1) }, u: { $set: { b: int(2) } }, multi: true }] },
      ],
      [
        'updateOne({ a: 1 }, { $set: { b: 2 } })',
        { update: 'c', updates: [{ q: { a: int(1) }, u: { $set: { b: int(2) } }, multi: false }] },
      ],
      [
        'replaceOne({ a: 1 }, { b: 2 })',
        { update: 'c', updates: [{ q: { a: int(1) }, u: { b: int(2) }, multi: false }] },
      ],
      ['deleteMany({ a: 1 })', { delete: 'c', deletes: [{ q: { a: int(1) }, limit: int(0) }] }],
      [
        'findOneAndUpdate({ a: 1 }, { $inc: { b: 1 } })',
        { findAndModify: 'c', query: { a: int(1) }, update: { $inc: { b: int(1) } } },
      ],
      ['findOneAndDelete({ a: 1 })', { findAndModify: 'c', query: { a: int(1) }, remove: true }],
    ];
    for (const [call, inner] of writes) {
      const built = build(`db.collection('c').${call}`, { verbosity: 'allPlansExecution' });
      assert.deepEqual(built.inner, inner, call);
      assert.deepEqual(
        [built.verbosity, built.command.verbosity, built.isWrite],
        ['queryPlanner', 'queryPlanner', true],
        call,
      );
      assert.match(built.notes.join(), /only planned, never run/);
      assert.deepEqual(build(`db.collection('c').${call}`).notes, [], call);
    }
  });

  it('explains the first operation of a bulk write that reads', () => {
    const { inner, notes, isWrite } = build(
      "db.collection('c').bulkWrite([{ insertOne: { document: { a: 1 } } }, { updateOne: { filter: { a: 1 }, update: { $set: { b: 1 } }, upsert: true } }, { deleteMany: { filter: {} } }])",
      { verbosity: 'executionStats' },
    );
    assert.deepEqual(inner, {
      update: 'c',
      updates: [{ q: { a: int(1) }, u: { $set: { b: int(1) } }, multi: false, upsert: true }],
    });
    assert.equal(isWrite, true);
    assert.match(notes[0], /Of the 3 operations of the bulk write updateOne was explained, operation 2\./);
    const python = explainCommand(
      statement("db.c.bulk_write([InsertOne({'a': 1}), UpdateOne({'a': 1}, {'$set': {'b': 1}})])", 'shop.py'),
      { verbosity: 'queryPlanner' },
    );
    assert.equal(python.inner.update, 'c');
  });

  it('refuses what has no plan', () => {
    for (const call of [
      'insertOne({ a: 1 })',
      'insertMany([{ a: 1 }])',
      'bulkWrite([{ insertOne: { document: {} } }])',
      'bulkWrite(operations)',
    ]) {
      assert.throws(
        () => build(`db.collection('c').${call}`),
        (error) => isHeatlensError(error) && error.code === 'nothingToExplain',
        call,
      );
      assert.deepEqual(
        Object.keys(refusedVerbosities(statement(`db.collection('c').${call}`))),
        ['queryPlanner', 'executionStats', 'allPlansExecution'],
        call,
      );
    }
  });

  it('counts as the drivers do', () => {
    const { inner, notes } = build("db.collection('c').countDocuments({ a: 1 }, { limit: 5, skip: 2, hint: 'a_1' })");
    assert.deepEqual(inner, {
      aggregate: 'c',
      pipeline: [
        { $match: { a: int(1) } },
        { $skip: int(2) },
        { $limit: int(5) },
        { $group: { _id: int(1), n: { $sum: int(1) } } },
      ],
      cursor: {},
      hint: 'a_1',
    });
    assert.match(notes[0], /an aggregation that counts/);
    assert.deepEqual(build("db.collection('c').estimatedDocumentCount()").inner, { count: 'c' });
    assert.deepEqual(build("db.collection('c').distinct('a', { b: 1 })").inner, {
      distinct: 'c',
      key: 'a',
      query: { b: int(1) },
    });
  });

  it('says that JavaScript runs on the server', () => {
    assert.match(
      build("db.collection('c').find({ $where: 'this.a > 1' })", { verbosity: 'executionStats' }).notes.join(),
      /\$where runs JavaScript on the server for every document, also while it is explained/,
    );
    assert.match(
      build(
        "db.collection('c').aggregate([{ $project: { x: { $function: { body: 'f', args: [], lang: 'js' } } } }])",
      ).notes.join(),
      /\$function runs JavaScript/,
    );
  });

  it('only plans on Cosmos DB, which runs commands in full', () => {
    const { command, notes } = build("db.collection('c').find({})", { verbosity: 'executionStats', product: 'cosmos' });
    assert.equal(command.verbosity, 'queryPlanner');
    assert.match(notes[0], /Cosmos DB runs/);
  });

  it('says which verbosities there are', () => {
    assert.deepEqual(refusedVerbosities(statement("db.collection('c').find({})"), 'mongodb'), {});
    assert.deepEqual(Object.keys(refusedVerbosities(statement("db.collection('c').find({})"), 'cosmos')), [
      'executionStats',
      'allPlansExecution',
    ]);
    assert.deepEqual(Object.keys(refusedVerbosities(statement("db.collection('c').deleteOne({})"), 'mongodb')), [
      'executionStats',
      'allPlansExecution',
    ]);
  });

  it('does not send what is no pipeline', () => {
    for (const value of ['text', { a: 1 }, [{ $match: {} }, null]]) {
      assert.throws(
        () => build("db.collection('c').aggregate(pipeline)", { values: new Map([['pipeline', value]]) }),
        (error) => isHeatlensError(error) && error.code === 'mongoBadCommand',
      );
    }
  });

  it('selects everything where a condition leaves the filter out', () => {
    const choices = new Map([['all', true]]);
    assert.deepEqual(build("db.collection('c').find(all ? undefined : { a: 1 })", { choices }).inner, {
      find: 'c',
      filter: {},
    });
    assert.deepEqual(build("db.collection('c').distinct('a', all ? undefined : { a: 1 })", { choices }).inner, {
      distinct: 'c',
      key: 'a',
      query: {},
    });
  });

  it('asks for open holes', () => {
    assert.throws(
      () => build("db.collection('c').find({ category })"),
      (error) => isHeatlensError(error) && error.code === 'openHoles',
    );
    assert.throws(
      () => build('db.collection(name).find({})'),
      (error) => isHeatlensError(error) && error.code === 'collectionUnknown',
    );
  });
});
