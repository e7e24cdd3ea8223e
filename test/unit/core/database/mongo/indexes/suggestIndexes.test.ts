import assert from 'node:assert/strict';
import type { TargetFacts } from '../../../../../../src/core/database/facts';
import type { IndexSuggestion } from '../../../../../../src/core/database/indexes';
import { readPlan } from '../../../../../../src/core/database/mongo/plan/readPlan';
import { suggestIndexes } from '../../../../../../src/core/database/mongo/indexes/suggestIndexes';

type Fields = Record<string, unknown>;

function suggestions(
  command: Fields,
  facts: TargetFacts = { rows: 5000, indexes: [] },
  winningPlan: Fields = { stage: 'SORT', inputStage: { stage: 'COLLSCAN', filter: { x: 1 } } },
): IndexSuggestion[] {
  return suggestIndexes(
    readPlan({ queryPlanner: { namespace: 'd.c', winningPlan }, command: { find: 'c', $db: 'd', ...command } }),
    new Map([['c', facts]]),
  );
}

/** The keys as a shell would print them. */
function keysOf(command: Fields, facts?: TargetFacts, plan?: Fields): string[] {
  return suggestions(command, facts, plan).map(({ ddl }) => ddl.replace(/^db\.c\.createIndex\(|\)$/g, ''));
}

const has = (...indexes: [string, Fields, Fields?][]): TargetFacts => ({
  rows: 5000,
  indexes: indexes.map(([name, key, options = {}]) => ({ name, columns: key, options })),
});

describe('suggestIndexes', () => {
  const cases: readonly [string, Fields, readonly string[], TargetFacts?][] = [
    [
      'equality, then sort, then range',
      { filter: { price: { $lt: 5 }, brand: 'x' }, sort: { at: -1 } },
      ['{ brand: 1, at: -1, price: 1 }'],
    ],
    ['no sort field that an equality fixes', { filter: { a: 1 }, sort: { a: 1, b: 1 } }, ['{ a: 1, b: 1 }']],
    [
      'a short $in as equality, also with a sort',
      { filter: { a: { $in: [1, 2] } }, sort: { b: 1 } },
      ['{ a: 1, b: 1 }'],
    ],
    [
      'too many values behind the sort',
      { filter: { a: { $in: Array.from({ length: 201 }, (_, i) => i) } }, sort: { b: 1 } },
      ['{ b: 1, a: 1 }'],
    ],
    [
      'too many scans in total behind the sort',
      {
        filter: {
          a: { $in: Array.from({ length: 20 }, (_, i) => i) },
          c: { $in: Array.from({ length: 11 }, (_, i) => i) },
        },
        sort: { b: 1 },
      },
      ['{ b: 1, a: 1, c: 1 }'],
    ],
    [
      'an anchored pattern as range, another one not at all',
      { filter: { a: { $regex: '^x' }, b: { $regex: 'y' }, c: 1 } },
      ['{ c: 1, a: 1 }'],
    ],
    ['no negation', { filter: { a: { $ne: 1 } } }, []],
    ['one for each branch of an $or', { filter: { $or: [{ a: 1 }, { b: { $gt: 2 } }] } }, ['{ a: 1 }', '{ b: 1 }']],
    ['one for an $or over one field', { filter: { $or: [{ a: 1 }, { a: 2 }] } }, ['{ a: 1 }']],
    ['conditions of $and', { filter: { $and: [{ a: 1 }, { b: { $gte: 2, $lt: 9 } }] } }, ['{ a: 1, b: 1 }']],
    ['nothing for text and geo', { filter: { $text: { $search: 'x' }, a: 1 } }, []],
    ['at most five fields', { filter: { a: 1, b: 1, c: 1, d: 1, e: 1, f: 1 } }, ['{ a: 1, b: 1, c: 1, d: 1, e: 1 }']],
    ['nothing below a thousand documents', { filter: { a: 1 } }, [], { rows: 999, indexes: [] }],
    [
      'nothing that exists, in any order of equality',
      { filter: { a: 1, b: 2 } },
      [],
      has(['b_1_a_1_z_1', { b: 1, a: 1, z: 1 }]),
    ],
    [
      'nothing that exists in reverse',
      { filter: { a: 1 }, sort: { b: 1, c: -1 } },
      [],
      has(['i', { a: 1, b: -1, c: 1 }]),
    ],
    [
      'not content with one direction of two',
      { filter: { a: 1 }, sort: { b: 1, c: -1 } },
      ['{ a: 1, b: 1, c: -1 }'],
      has(['i', { a: 1, b: 1, c: 1 }]),
    ],
    [
      'not content with hidden, partial, sparse or hashed',
      { filter: { a: 1 } },
      ['{ a: 1 }'],
      has(
        ['h', { a: 1 }, { hidden: true }],
        ['p', { a: 1 }, { partialFilterExpression: { b: 1 } }],
        ['s', { a: 1 }, { sparse: true }],
        ['x', { a: 'hashed' }],
      ),
    ],
    [
      'the order of an index that it can extend',
      { filter: { a: 1, b: 2 } },
      ['{ b: 1, a: 1 }'],
      has(['b_1', { b: 1 }]),
    ],
    [
      "the command's collation",
      { filter: { a: 'x' }, collation: { locale: 'en', strength: 2 } },
      ['{ a: 1 }, { collation: { locale: "en", strength: 2 } }'],
      has(['a_1', { a: 1 }]),
    ],
  ];
  for (const [title, command, expected, facts] of cases)
    it(`gives ${title}`, () => assert.deepEqual(keysOf(command, facts), expected));

  const facts = (more: Partial<TargetFacts>): TargetFacts => ({ rows: 5000, indexes: [], ...more });

  it('puts the most selective equality and range first, where a sample tells', () => {
    const fieldValues = {
      flag: { distinct: 2 },
      city: { distinct: 400 },
      at: { distinct: 900, least: 0, most: 1000 },
      n: { distinct: 900, least: 0, most: 1000 },
    };
    assert.deepEqual(
      keysOf(
        { filter: { flag: true, city: 'x', n: { $gt: 10 }, at: { $gt: 900, $lte: 950 } } },
        facts({ columnValues: fieldValues }),
      ),
      ['{ city: 1, flag: 1, at: 1, n: 1 }'],
    );
    assert.deepEqual(
      keysOf(
        { filter: { flag: true, city: 'x' } },
        { ...facts({ columnValues: fieldValues }), ...has(['flag_1', { flag: 1 }]) },
      ),
      ['{ flag: 1, city: 1 }'],
    );
  });

  it('offers the range before the sort where it is selective and equality is not', () => {
    const fieldValues = { flag: { distinct: 2 }, at: { distinct: 900, least: 0, most: 10_000 } };
    const command = { filter: { flag: true, at: { $gte: { $date: { $numberLong: '9950' } } } }, sort: { name: 1 } };
    const found = suggestions(command, facts({ columnValues: fieldValues }));
    assert.deepEqual(
      found.map(({ columns: key }) => Object.keys(key)),
      [
        ['flag', 'name', 'at'],
        ['flag', 'at', 'name'],
      ],
    );
    assert.match(found[1].reason, /lets 0\.5 % of the documents through, equality 50 %/);
    assert.equal(suggestions(command, facts({ columnValues: { ...fieldValues, flag: { distinct: 50 } } })).length, 1);
    assert.equal(suggestions(command, facts({})).length, 1);
  });

  it('adds a covering variant for one or two plain fields more', () => {
    const command = { filter: { a: 1 }, projection: { _id: 0, a: 1, b: 1, c: 1 } };
    const found = suggestions(command);
    assert.deepEqual(
      found.map(({ columns: key }) => Object.keys(key)),
      [['a'], ['a', 'b', 'c']],
    );
    assert.match(found[1].reason, /^Covering variant: with b, c too/);
    assert.equal(suggestions({ ...command, projection: { a: 1, b: 1 } }).length, 1, 'with _id');
    assert.equal(suggestions({ ...command, projection: { _id: 0, b: 1, c: 1, d: 1 } }).length, 1, 'three more');
    assert.equal(suggestions(command, facts({ columnTypes: { b: ['array', 'string'] } })).length, 1, 'an array');
    assert.equal(suggestions({ ...command, filter: { a: null } }).length, 1, 'null');
  });

  it('takes a partial index for one that serves only where the query implies its condition', () => {
    const partial = (condition: Fields): TargetFacts => has(['p', { a: 1 }, { partialFilterExpression: condition }]);
    const cases: readonly [Fields, Fields, boolean][] = [
      [{ a: 1, open: true }, { open: true }, true],
      [{ a: 1 }, { open: true }, false],
      [{ a: 1, n: 5 }, { n: { $gt: 0 } }, false],
      [{ n: 5 }, { n: 5 }, false],
      [{ a: 5 }, { a: { $gt: 3 } }, true],
      [{ a: 3 }, { a: { $gt: 3 } }, false],
      [{ a: { $gte: 4 } }, { a: { $gt: 3 } }, true],
      [{ a: { $gt: 3 } }, { a: { $gte: 3 } }, true],
      [{ a: { $gte: 3 } }, { a: { $gt: 3 } }, false],
      [{ a: { $in: [4, 5] } }, { a: { $gte: 4 } }, true],
      [{ a: { $lt: 2 } }, { a: { $lte: 3 } }, true],
      [{ a: 'x' }, { a: { $exists: true } }, true],
      [{ a: null }, { a: { $exists: true } }, false],
      [{ a: { $gt: { $date: '2024-02-01T00:00:00Z' } } }, { a: { $gt: { $date: '2024-01-01T00:00:00Z' } } }, true],
    ];
    for (const [filter, condition, served] of cases) {
      assert.equal(keysOf({ filter }, partial(condition)).length, served ? 0 : 1, JSON.stringify([filter, condition]));
    }
    assert.deepEqual(suggestions({ filter: { a: 1 }, sort: { b: 1 } }, partial({ open: true }))[0].replaces, []);
  });

  it('suggests nothing where a scan found that most documents match, unless they are sorted', () => {
    const scanned = (returned: number, command: Fields = {}): number => {
      const root = { stage: 'COLLSCAN', filter: { a: 1 }, nReturned: returned, docsExamined: 5000 };
      const answer = {
        queryPlanner: { namespace: 'd.c', winningPlan: root },
        executionStats: {
          executionSuccess: true,
          nReturned: returned,
          totalKeysExamined: 0,
          totalDocsExamined: 5000,
          executionStages: root,
        },
        command: { find: 'c', $db: 'd', filter: { a: 1 }, ...command },
      };
      return suggestIndexes(readPlan(answer)).length;
    };
    assert.deepEqual([scanned(2000), scanned(900), scanned(2000, { sort: { b: 1 } })], [0, 1, 1]);
  });

  it('serves the leading $match of pipelines that branch or count, and a sort beside a pattern that no index is entered at', () => {
    const piped = (...pipeline: Fields[]): string[] =>
      keysOf({ find: undefined, aggregate: 'c', pipeline, filter: undefined });
    assert.deepEqual(
      piped({ $match: { a: 1 } }, { $sort: { b: 1 } }, { $facet: { n: [{ $count: 'n' }], page: [{ $limit: 5 }] } }),
      ['{ a: 1, b: 1 }'],
    );
    assert.deepEqual(piped({ $match: { a: 1, b: { $gt: 2 } } }, { $count: 'n' }), ['{ a: 1, b: 1 }']);
    assert.deepEqual(piped({ $match: { a: { $regex: 'x', $options: 'i' } } }, { $sort: { b: 1 } }, { $limit: 5 }), [
      '{ b: 1 }',
    ]);
  });

  it('names the indexes that it makes redundant, but no unique one', () => {
    const [one] = suggestions(
      { filter: { a: 1 }, sort: { b: 1 } },
      has(['a_1', { a: 1 }], ['u', { a: 1 }, { unique: true }], ['b_1', { b: 1 }]),
    );
    assert.deepEqual([one.columns, one.replaces], [{ a: 1, b: 1 }, ['a_1']]);
    assert.match(one.reason, /^Equality on a, then sort by b\. It extends a_1/);
  });

  it('keeps one array field, which is all that an index can hold', () => {
    const plan = {
      stage: 'FETCH',
      filter: { y: 1 },
      inputStage: {
        stage: 'IXSCAN',
        indexName: 'i',
        keyPattern: { x: 1, y: 1 },
        multiKeyPaths: { x: ['x'], y: ['y'] },
      },
    };
    assert.deepEqual(keysOf({ filter: { x: 1, y: 1, z: 1 } }, { rows: 5000, indexes: [] }, plan), ['{ x: 1, z: 1 }']);
  });

  it('knows the indexes that the plan names, without any list', () => {
    const plan = {
      stage: 'FETCH',
      filter: { b: 2 },
      inputStage: { stage: 'IXSCAN', indexName: 'a_1', keyPattern: { a: 1 } },
    };
    const [one] = suggestIndexes(
      readPlan({
        queryPlanner: { namespace: 'd.c', winningPlan: plan },
        command: { find: 'c', filter: { a: 1, b: 2 }, $db: 'd' },
      }),
    );
    assert.deepEqual([Object.keys(one.columns), one.replaces], [['a', 'b'], ['a_1']]);
  });

  it('suggests nothing for a query that is served', () => {
    assert.deepEqual(
      keysOf({ filter: { a: 1 } }, undefined, {
        stage: 'FETCH',
        inputStage: { stage: 'IXSCAN', indexName: 'a_1', keyPattern: { a: 1 }, indexBounds: { a: ['[1, 1]'] } },
      }),
      [],
    );
  });

  it('gives a $lookup the index of its other collection', () => {
    const stages = [
      { $cursor: { queryPlanner: { namespace: 'd.c', winningPlan: { stage: 'COLLSCAN' } } }, nReturned: 50 },
      {
        $lookup: { from: 'my-orders', as: 'o', localField: 'x', foreignField: 'y.z' },
        collectionScans: 50,
        totalDocsExamined: 9000,
        nReturned: 50,
      },
    ];
    assert.deepEqual(
      suggestIndexes(readPlan({ stages, command: { aggregate: 'c', pipeline: [], $db: 'd' } })).map(({ ddl }) => ddl),
      ['db.getCollection("my-orders").createIndex({ "y.z": 1 })'],
    );
  });

  it('gives the pipeline of a $lookup the index of what it compares', () => {
    const pipeline = [
      {
        $lookup: {
          from: 'orders',
          as: 'o',
          let: { id: '$_id' },
          pipeline: [
            {
              $match: {
                $expr: { $and: [{ $eq: ['$customer', '$$id'] }, { $gt: ['$total', '$$id'] }] },
                status: 'open',
              },
            },
          ],
        },
      },
    ];
    const stages = [
      { $cursor: { queryPlanner: { namespace: 'd.c', winningPlan: { stage: 'COLLSCAN' } } }, nReturned: 50 },
      {
        $lookup: { from: 'orders', as: 'o', let: { id: '$_id' } },
        collectionScans: 50,
        totalDocsExamined: 9000,
        nReturned: 50,
      },
    ];
    const plan = readPlan({ stages, command: { aggregate: 'c', pipeline, $db: 'd' } });
    assert.deepEqual(
      suggestIndexes(plan).map(({ ddl }) => ddl),
      ['db.orders.createIndex({ status: 1, customer: 1 })'],
    );
    assert.deepEqual(suggestIndexes(plan, new Map([['orders', has(['i', { status: 1, customer: 1, at: 1 }])]])), []);
  });
});
