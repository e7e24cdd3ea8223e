import assert from 'node:assert/strict';
import {
  collectionsOf,
  commandTarget,
  readOf,
  withCollections,
} from '../../../../../../src/core/database/mongo/commands/commandCollections';
import type { EjsonDocument } from '../../../../../../src/core/ejson/documents';

const nested = {
  aggregate: 'a',
  pipeline: [
    {
      $lookup: {
        from: 'b',
        pipeline: [
          { $unionWith: 'c' },
          { $graphLookup: { from: 'd', startWith: '$x', connectFromField: 'y', connectToField: 'z', as: 'w' } },
        ],
        as: 'b',
      },
    },
    {
      $facet: {
        one: [{ $unionWith: { coll: 'e', pipeline: [{ $match: { from: 'b' } }] } }],
        two: [{ $lookup: { from: { db: 'far', coll: 'f' }, as: 'g' } }],
      },
    },
    { $lookup: { pipeline: [{ $documents: [] }], as: 'h' } },
  ],
  cursor: {},
};

describe('collections of a command', () => {
  it('finds those of its pipelines at any depth', () => {
    assert.deepEqual(collectionsOf(nested), { names: ['a', 'b', 'c', 'd', 'e'], elsewhere: ['far.f'] });
    assert.deepEqual(collectionsOf({ count: 'x', query: {} }), { names: ['x'], elsewhere: [] });
    assert.deepEqual(commandTarget({ distinct: 'x', key: 'a' }), { kind: 'distinct', collection: 'x' });
    assert.equal(commandTarget({ aggregate: 1, pipeline: [] }), null);
  });

  it('renames them, and nothing else', () => {
    const renamed = withCollections(
      nested,
      new Map([
        ['a', 'A'],
        ['b', 'B'],
        ['c', 'C'],
        ['e', 'E'],
      ]),
    );
    assert.equal(
      JSON.stringify(renamed),
      JSON.stringify(nested)
        .replace('"aggregate":"a"', '"aggregate":"A"')
        .replace('"from":"b"', '"from":"B"')
        .replace('"$unionWith":"c"', '"$unionWith":"C"')
        .replace('"coll":"e"', '"coll":"E"'),
    );
    assert.equal(JSON.stringify(nested).includes('"A"'), false);
  });

  it('survives pipelines that are nested too deep, and odd ones', () => {
    let pipeline: unknown[] = [{ $unionWith: 'last' }];
    for (let i = 0; i < 10_000; i++) pipeline = [{ $lookup: { from: `c${i}`, pipeline, as: 'x' } }];
    assert.ok(collectionsOf({ aggregate: 'a', pipeline }).names.length > 50);
    for (const odd of [null, 5, {}, [null, 5, {}, { $lookup: 5 }, { $facet: [] }, { $unionWith: 7 }]])
      assert.deepEqual(collectionsOf({ aggregate: 'a', pipeline: odd }).names, ['a']);
  });

  it('reads what a write reads, and cuts off what writes', () => {
    const read = (command: EjsonDocument) => readOf(command)?.command;
    assert.deepEqual(read({ update: 'c', updates: [{ q: { a: 1 }, u: { $set: { b: 1 } }, hint: 'x' }] }), {
      find: 'c',
      filter: { a: 1 },
      hint: 'x',
      limit: { $numberInt: '1' },
    });
    assert.deepEqual(read({ update: 'c', updates: [{ q: { a: 1 }, u: [], multi: true }] }), {
      find: 'c',
      filter: { a: 1 },
    });
    assert.deepEqual(read({ delete: 'c', deletes: [{ q: { a: 1 }, limit: { $numberInt: '0' } }] }), {
      find: 'c',
      filter: { a: 1 },
    });
    assert.deepEqual(read({ delete: 'c', deletes: [{ q: { a: 1 }, limit: 1 }] }), {
      find: 'c',
      filter: { a: 1 },
      limit: { $numberInt: '1' },
    });
    assert.deepEqual(read({ findAndModify: 'c', query: { a: 1 }, sort: { b: 1 }, remove: true }), {
      find: 'c',
      filter: { a: 1 },
      sort: { b: 1 },
      limit: { $numberInt: '1' },
    });
    assert.deepEqual(read({ aggregate: 'c', pipeline: [{ $match: {} }, { $merge: 'x' }, { $out: 'x' }], cursor: {} }), {
      aggregate: 'c',
      pipeline: [{ $match: {} }],
      cursor: {},
    });
    for (const command of [
      { insert: 'c', documents: [] },
      { aggregate: 'c', pipeline: [{ $out: 'x' }, { $match: {} }] },
      { aggregate: 'c', pipeline: [{ $facet: { a: [{ $merge: { into: 'x' } }] } }] },
      { drop: 'c' },
    ])
      assert.equal(readOf(command), null);
  });
});
