import assert from 'node:assert/strict';
import type { CollectionFacts, IndexSuggestion } from '../../../../src/core/mongo/plan';
import { readPlan } from '../../../../src/core/mongo/plan/readPlan';
import { createIndexText, suggestIndexes } from '../../../../src/core/mongo/suggestIndexes';

type Fields = Record<string, unknown>;

function suggestions(command: Fields, facts: CollectionFacts = { documents: 5000, indexes: [] }, winningPlan: Fields = { stage: 'SORT', inputStage: { stage: 'COLLSCAN', filter: { x: 1 } } }): IndexSuggestion[] {
  return suggestIndexes(readPlan({ queryPlanner: { namespace: 'd.c', winningPlan }, command: { find: 'c', $db: 'd', ...command } }), new Map([['c', facts]]));
}

/** The keys as a shell would print them. */
function keysOf(command: Fields, facts?: CollectionFacts, plan?: Fields): string[] {
  return suggestions(command, facts, plan).map((one) => createIndexText(one).replace(/^db\.c\.createIndex\(|\)$/g, ''));
}

const has = (...indexes: [string, Fields, Fields?][]): CollectionFacts => ({ documents: 5000, indexes: indexes.map(([name, key, options = {}]) => ({ name, key, options })) });

describe('suggestIndexes', () => {
  const cases: readonly [string, Fields, readonly string[], CollectionFacts?][] = [
    ['equality, then sort, then range', { filter: { price: { $lt: 5 }, brand: 'x' }, sort: { at: -1 } }, ['{ brand: 1, at: -1, price: 1 }']],
    ['no sort field that an equality fixes', { filter: { a: 1 }, sort: { a: 1, b: 1 } }, ['{ a: 1, b: 1 }']],
    ['a short $in as equality, also with a sort', { filter: { a: { $in: [1, 2] } }, sort: { b: 1 } }, ['{ a: 1, b: 1 }']],
    ['too many values behind the sort', { filter: { a: { $in: Array.from({ length: 201 }, (_, i) => i) } }, sort: { b: 1 } }, ['{ b: 1, a: 1 }']],
    ['too many scans in total behind the sort', { filter: { a: { $in: Array.from({ length: 20 }, (_, i) => i) }, c: { $in: Array.from({ length: 11 }, (_, i) => i) } }, sort: { b: 1 } }, ['{ b: 1, a: 1, c: 1 }']],
    ['an anchored pattern as range, another one not at all', { filter: { a: { $regex: '^x' }, b: { $regex: 'y' }, c: 1 } }, ['{ c: 1, a: 1 }']],
    ['no negation', { filter: { a: { $ne: 1 } } }, []],
    ['one for each branch of an $or', { filter: { $or: [{ a: 1 }, { b: { $gt: 2 } }] } }, ['{ a: 1 }', '{ b: 1 }']],
    ['one for an $or over one field', { filter: { $or: [{ a: 1 }, { a: 2 }] } }, ['{ a: 1 }']],
    ['conditions of $and', { filter: { $and: [{ a: 1 }, { b: { $gte: 2, $lt: 9 } }] } }, ['{ a: 1, b: 1 }']],
    ['nothing for text and geo', { filter: { $text: { $search: 'x' }, a: 1 } }, []],
    ['at most five fields', { filter: { a: 1, b: 1, c: 1, d: 1, e: 1, f: 1 } }, ['{ a: 1, b: 1, c: 1, d: 1, e: 1 }']],
    ['nothing below a thousand documents', { filter: { a: 1 } }, [], { documents: 999, indexes: [] }],
    ['nothing that exists, in any order of equality', { filter: { a: 1, b: 2 } }, [], has(['b_1_a_1_z_1', { b: 1, a: 1, z: 1 }])],
    ['nothing that exists in reverse', { filter: { a: 1 }, sort: { b: 1, c: -1 } }, [], has(['i', { a: 1, b: -1, c: 1 }])],
    ['not content with one direction of two', { filter: { a: 1 }, sort: { b: 1, c: -1 } }, ['{ a: 1, b: 1, c: -1 }'], has(['i', { a: 1, b: 1, c: 1 }])],
    ['not content with hidden, partial, sparse or hashed', { filter: { a: 1 } }, ['{ a: 1 }'], has(['h', { a: 1 }, { hidden: true }], ['p', { a: 1 }, { partialFilterExpression: { b: 1 } }], ['s', { a: 1 }, { sparse: true }], ['x', { a: 'hashed' }])],
    ['the order of an index that it can extend', { filter: { a: 1, b: 2 } }, ['{ b: 1, a: 1 }'], has(['b_1', { b: 1 }])],
    ["the command's collation", { filter: { a: 'x' }, collation: { locale: 'en', strength: 2 } }, ['{ a: 1 }, { collation: { locale: "en", strength: 2 } }'], has(['a_1', { a: 1 }])],
  ];
  for (const [title, command, expected, facts] of cases) it(`gives ${title}`, () => assert.deepEqual(keysOf(command, facts), expected));

  it('names the indexes that it makes redundant, but no unique one', () => {
    const [one] = suggestions({ filter: { a: 1 }, sort: { b: 1 } }, has(['a_1', { a: 1 }], ['u', { a: 1 }, { unique: true }], ['b_1', { b: 1 }]));
    assert.deepEqual([one.key, one.replaces], [{ a: 1, b: 1 }, ['a_1']]);
    assert.match(one.reason, /^Equality on a, then sort by b\. It extends a_1/);
  });

  it('keeps one array field, which is all that an index can hold', () => {
    const plan = { stage: 'FETCH', filter: { y: 1 }, inputStage: { stage: 'IXSCAN', indexName: 'i', keyPattern: { x: 1, y: 1 }, multiKeyPaths: { x: ['x'], y: ['y'] } } };
    assert.deepEqual(keysOf({ filter: { x: 1, y: 1, z: 1 } }, { documents: 5000, indexes: [] }, plan), ['{ x: 1, z: 1 }']);
  });

  it('knows the indexes that the plan names, without any list', () => {
    const plan = { stage: 'FETCH', filter: { b: 2 }, inputStage: { stage: 'IXSCAN', indexName: 'a_1', keyPattern: { a: 1 } } };
    const [one] = suggestIndexes(readPlan({ queryPlanner: { namespace: 'd.c', winningPlan: plan }, command: { find: 'c', filter: { a: 1, b: 2 }, $db: 'd' } }));
    assert.deepEqual([Object.keys(one.key), one.replaces], [['a', 'b'], ['a_1']]);
  });

  it('suggests nothing for a query that is served', () => {
    assert.deepEqual(keysOf({ filter: { a: 1 } }, undefined, { stage: 'FETCH', inputStage: { stage: 'IXSCAN', indexName: 'a_1', keyPattern: { a: 1 }, indexBounds: { a: ['[1, 1]'] } } }), []);
  });

  it('gives a $lookup the index of its other collection', () => {
    const stages = [{ $cursor: { queryPlanner: { namespace: 'd.c', winningPlan: { stage: 'COLLSCAN' } } }, nReturned: 50 }, { $lookup: { from: 'my-orders', as: 'o', localField: 'x', foreignField: 'y.z' }, collectionScans: 50, totalDocsExamined: 9000, nReturned: 50 }];
    assert.deepEqual(suggestIndexes(readPlan({ stages, command: { aggregate: 'c', pipeline: [], $db: 'd' } })).map(createIndexText), ['db.getCollection("my-orders").createIndex({ "y.z": 1 })']);
  });
});
