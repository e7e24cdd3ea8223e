// The rules by which a server plans, each with a query that shows it. The documents are those of the recorded data set.
import assert from 'node:assert/strict';
import type { Document } from 'bson';
import type { Db } from 'mongodb';
import { essence, outline, shopForSuite } from './recorded';

interface Rule {
  readonly rule: string;
  readonly command: Document;
  /** The outline of the plan, or of the stages of a pipeline. */
  readonly plan: string;
  readonly rejected?: readonly string[];
  /** Returned, keys and documents examined. */
  readonly counts?: readonly [number, number, number];
}

const find = (collection: string, filter: Document, more: Document = {}) => ({ find: collection, filter, ...more });
const aggregate = (collection: string, ...pipeline: Document[]) => ({ aggregate: collection, pipeline, cursor: {} });

const SINGLE: Rule[] = [
  {
    rule: 'an equality with a unique field is tried alone',
    command: find('products', { sku: 'SKU-000777', brand: 'brand-1' }),
    plan: 'FETCH > IXSCAN sku_1',
    rejected: [],
  },
  {
    rule: 'so is one with _id beside other conditions',
    command: find('products', { _id: 42, category: 'Tools' }),
    plan: 'FETCH > IXSCAN _id_',
    rejected: [],
  },
  {
    rule: 'a document looked up by its _id needs neither limit nor order',
    command: find('products', { _id: 42 }, { limit: 1, sort: { price: 1 } }),
    plan: 'IDHACK',
    counts: [1, 1, 1],
  },
  {
    rule: 'an operator on _id is an ordinary condition',
    command: find('products', { _id: { $eq: 42 } }),
    plan: 'FETCH > IXSCAN _id_',
  },
  {
    rule: 'one condition that must not hold is a negation',
    command: find('products', { $nor: [{ price: { $lt: 480 } }] }),
    plan: 'FETCH > IXSCAN price_1',
  },
  {
    rule: 'several that must not hold use no index',
    command: find('products', { $nor: [{ price: { $lt: 480 } }, { category: 'Toys' }] }),
    plan: 'COLLSCAN',
  },
  {
    rule: 'not null is exact where there are no arrays',
    command: find('products', { price: { $ne: null } }),
    plan: 'FETCH > IXSCAN price_1',
  },
  {
    rule: 'not null cannot use an index over arrays',
    command: find('products', { tags: { $ne: null } }),
    plan: 'COLLSCAN',
  },
  {
    rule: 'one of no values is looked for where no key is',
    command: find('products', { category: { $in: [] } }),
    plan: 'FETCH > IXSCAN category_1_name_1',
    counts: [0, 0, 0],
  },
  {
    rule: 'a negation cannot use a sparse index',
    command: find('customers', { vip: { $ne: true } }),
    plan: 'COLLSCAN',
  },
  {
    rule: 'a missing field has the key null',
    command: find('orders', { total: { $exists: false } }),
    plan: 'FETCH > IXSCAN total_1',
    counts: [0, 0, 0],
  },
  {
    rule: 'a hash tells whether a field exists only by reading all',
    command: find('customers', { city: { $exists: true } }),
    plan: 'FETCH > IXSCAN city_hashed',
    counts: [1000, 1000, 1000],
  },
  {
    rule: 'a collation does not matter for numbers',
    command: find('products', { price: { $gt: 490 } }, { sort: { price: 1 }, collation: { locale: 'en' } }),
    plan: 'FETCH > IXSCAN price_1',
  },
  {
    rule: 'a collation matters for the order of strings',
    command: find('products', {}, { sort: { category: 1 }, collation: { locale: 'en' } }),
    plan: 'SORT > COLLSCAN',
  },
  {
    rule: 'an index is read whole for an order it begins with',
    command: find('products', { stock: 5 }, { sort: { category: -1, name: -1 } }),
    plan: 'FETCH > IXSCAN category_1_name_1 backward',
  },
  {
    rule: 'a partial index gives an order where the query says what it holds',
    command: find('products', { stock: { $gt: 0 } }, { sort: { rating: 1 } }),
    plan: 'FETCH > IXSCAN rating_1_instock',
  },
  {
    rule: 'two points of a compound index are merged in order, the other index is sorted',
    command: find('orders', { status: { $in: ['sent', 'returned'] } }, { sort: { createdAt: -1 } }),
    plan: 'FETCH > SORT_MERGE [IXSCAN status_1_createdAt_-1, IXSCAN status_1_createdAt_-1]',
  },
  {
    rule: 'points of all leading fields are taken apart, so the order must be that of the fields behind them',
    command: find('audits', { entity: 'order', entityId: { $in: [100, 200] } }, { sort: { at: 1 } }),
    plan: 'FETCH > SORT_MERGE [IXSCAN entity_1_entityId_1_at_-1 backward, IXSCAN entity_1_entityId_1_at_-1 backward]',
  },
];

const PROJECTIONS: Rule[] = [
  {
    rule: 'dropping fields is no simple projection',
    command: find('products', { price: { $gt: 490 } }, { projection: { description: 0 } }),
    plan: 'PROJECTION_DEFAULT > FETCH > IXSCAN price_1',
  },
  {
    rule: 'an index covers what is left after a skip',
    command: find('products', { category: 'Tools' }, { projection: { _id: 0, name: 1 }, skip: 5 }),
    plan: 'PROJECTION_COVERED > SKIP > IXSCAN category_1_name_1',
  },
  {
    rule: 'several scans cover by the general projection',
    command: find(
      'products',
      { category: { $in: ['Toys', 'Pets'] } },
      { projection: { _id: 0, name: 1 }, sort: { name: 1 }, limit: 3 },
    ),
    plan: 'LIMIT > PROJECTION_DEFAULT > SORT_MERGE [IXSCAN category_1_name_1, IXSCAN category_1_name_1]',
  },
  {
    rule: 'a projection that computes is not done before the sort',
    command: find('products', {}, { projection: { stock: 1, up: { $toUpper: '$name' } }, sort: { stock: 1 } }),
    plan: 'PROJECTION_DEFAULT > SORT > COLLSCAN',
  },
  {
    rule: 'one that only keeps fields is',
    command: find('products', {}, { projection: { stock: 1 }, sort: { stock: 1 } }),
    plan: 'SORT > PROJECTION_SIMPLE > COLLSCAN',
  },
  {
    rule: 'a key is given in place of the document, in bounds that the client sets',
    command: find('products', {}, { hint: { price: 1 }, min: { price: 10 }, max: { price: 12 } }),
    plan: 'FETCH > IXSCAN price_1',
  },
];

const BRANCHES: Rule[] = [
  {
    rule: 'plain branches over one field are one scan',
    command: find('products', { $or: [{ price: { $lt: 5 } }, { price: { $gt: 495 } }] }),
    plan: 'SUBPLAN > FETCH > IXSCAN price_1',
  },
  {
    rule: 'branches of several conditions are scans of their own',
    command: find('products', { $or: [{ price: { $gt: 1, $lt: 5 } }, { price: { $gt: 400, $lt: 405 } }] }),
    plan: 'SUBPLAN > FETCH > OR [IXSCAN price_1, IXSCAN price_1]',
  },
  {
    rule: 'branches come in the order of their indexes',
    command: find('products', { $or: [{ price: { $gt: 499 } }, { sku: 'SKU-000001' }, { category: 'Toys' }] }),
    plan: 'SUBPLAN > FETCH > OR [IXSCAN category_1_name_1, IXSCAN price_1, IXSCAN sku_1]',
  },
  {
    rule: 'a condition beside branches narrows their scans',
    command: find('products', { brand: 'brand-3', $or: [{ price: { $lt: 20 } }, { price: { $gt: 480 } }] }),
    plan: 'FETCH > OR [IXSCAN brand_1_price_-1, IXSCAN brand_1_price_-1]',
  },
  {
    rule: 'two fixed keys are read side by side, after each alone',
    command: find('audits', { actor: 'user3', action: 'login' }),
    plan: 'FETCH > IXSCAN actor_1',
    rejected: ['FETCH > IXSCAN action_1', 'FETCH > AND_SORTED [IXSCAN actor_1, IXSCAN action_1]'],
  },
  {
    rule: 'all conditions on one array are read side by side once',
    command: find('products', { tags: { $all: ['eco', 'gift', 'new'] } }),
    plan: 'FETCH > IXSCAN tags_1',
    rejected: [
      'FETCH > IXSCAN tags_1',
      'FETCH > IXSCAN tags_1',
      'FETCH > AND_SORTED [IXSCAN tags_1, IXSCAN tags_1, IXSCAN tags_1]',
    ],
  },
];

const COUNTS: Rule[] = [
  {
    rule: 'keys of an array are counted once per document',
    command: { count: 'products', query: { tags: 'eco' } },
    plan: 'COUNT > COUNT_SCAN tags_1',
    counts: [0, 1276, 0],
  },
  {
    rule: 'a count of several stretches reads keys, by the better of two plans',
    command: { count: 'products', query: { category: { $in: ['Toys', 'Pets'] } } },
    plan: 'IXSCAN category_1_name_1',
    rejected: ['IXSCAN category_1'],
  },
  {
    rule: 'a hinted index is counted by all its keys',
    command: { count: 'products', query: {}, hint: '_id_' },
    plan: 'COUNT > COUNT_SCAN _id_',
    counts: [0, 5001, 0],
  },
  {
    rule: 'a lone document is counted by looking it up',
    command: { count: 'products', query: { _id: 5 } },
    plan: 'COUNT > IDHACK',
    counts: [0, 1, 1],
  },
  {
    rule: 'nothing is counted where there is no collection',
    command: { count: 'absent', query: {} },
    plan: 'COUNT > EOF',
  },
  {
    rule: 'values are read from a sparse index, for who misses the field has none',
    command: { distinct: 'customers', key: 'vip', query: {} },
    plan: 'PROJECTION_COVERED > DISTINCT_SCAN vip_1',
    counts: [1, 1, 0],
  },
  {
    rule: 'values behind an equality are read one by one',
    command: { distinct: 'products', key: 'name', query: { category: 'Tools' } },
    plan: 'PROJECTION_COVERED > DISTINCT_SCAN category_1_name_1',
  },
  {
    rule: 'values of documents that an array element finds are not those of the keys',
    command: { distinct: 'products', key: 'tags', query: { tags: 'eco' } },
    plan: 'FETCH > IXSCAN tags_1',
    counts: [1275, 1275, 1275],
  },
  {
    rule: 'the one write of a choice between plans stops at its first document',
    command: { delete: 'products', deletes: [{ q: { category: 'Tools' }, limit: 1 }] },
    plan: 'FETCH > IXSCAN category_1_name_1',
    counts: [101, 101, 101],
  },
  {
    rule: 'a write with a projection shows it',
    command: { findAndModify: 'products', query: { stock: 5 }, update: { $set: { stock: 6 } }, fields: { stock: 1 } },
    plan: 'PROJECTION_DEFAULT > UPDATE > COLLSCAN',
  },
];

const PIPELINES: Rule[] = [
  {
    rule: 'a count of a view is a pipeline',
    command: { count: 'openOrders', query: { customerId: 7 } },
    plan: '$cursor{PROJECTION_SIMPLE > FETCH > IXSCAN customerId_1_createdAt_-1} | $group | $project',
  },
  {
    rule: 'so are the different values of a view',
    command: { distinct: 'openOrders', key: 'customerId', query: { total: { $gt: 2500 } } },
    plan: '$cursor{PROJECTION_SIMPLE > FETCH > IXSCAN total_1} | $unwind | $group',
  },
  {
    rule: 'conditions follow a renamed field',
    command: aggregate('products', { $project: { kind: '$category' } }, { $match: { kind: 'Tools' } }),
    plan: 'PROJECTION_DEFAULT > FETCH > IXSCAN category_1_name_1',
  },
  {
    rule: 'a group by one field takes the keys behind an equality',
    command: aggregate('products', { $match: { category: 'Tools' } }, { $group: { _id: '$name' } }),
    plan: '$cursor{PROJECTION_COVERED > DISTINCT_SCAN category_1_name_1} | $groupByDistinctScan',
  },
  {
    rule: 'but not behind several values',
    command: aggregate('products', { $match: { category: { $in: ['Toys', 'Pets'] } } }, { $group: { _id: '$name' } }),
    plan: '$cursor{PROJECTION_COVERED > IXSCAN category_1_name_1} | $group',
  },
  {
    rule: 'conditions behind a union are on both sides',
    command: aggregate('customers', { $unionWith: { coll: 'orders' } }, { $match: { _id: { $lte: 3 } } }),
    plan: '$cursor{FETCH > IXSCAN _id_} | $unionWith',
  },
  {
    rule: 'a small sample is read at random places',
    command: aggregate('products', { $sample: { size: 10 } }),
    plan: '$cursor{MULTI_ITERATOR} | $sampleFromRandomCursor',
    counts: [10, 0, 0],
  },
  {
    rule: 'a large sample reads all',
    command: aggregate('products', { $sample: { size: 1000 } }),
    plan: '$cursor{COLLSCAN} | $sample',
  },
  {
    rule: 'a text search without scores joins the scans of its words',
    command: find('products', { $text: { $search: 'lamp garden' } }),
    plan: 'TEXT name_text_description_text > TEXT_MATCH > FETCH > OR [IXSCAN name_text_description_text backward, IXSCAN name_text_description_text backward]',
  },
];

function outlineOf(reply: Document): string {
  const { stages, plan } = essence(reply);
  if (!stages) return String(plan);
  return (stages as Document[])
    .map(({ name, plan: inner }) => (inner === undefined ? String(name) : `${String(name)}{${String(inner)}}`))
    .join(' | ');
}

describe('the plans of the embedded server', function () {
  this.timeout(60_000);
  const client = shopForSuite();
  let db: Db;

  before(() => {
    db = client().db('shop');
  });

  for (const { rule, command, plan, rejected, counts } of [
    ...SINGLE,
    ...PROJECTIONS,
    ...BRANCHES,
    ...COUNTS,
    ...PIPELINES,
  ]) {
    it(rule, async () => {
      const reply = await db.command({ explain: command, verbosity: 'executionStats' });
      assert.equal(outlineOf(reply), plan);
      const cursor = ((reply.stages as Document[] | undefined)?.[0].$cursor ?? reply) as {
        queryPlanner: Document;
        executionStats: Document;
      };
      if (rejected) assert.deepEqual((cursor.queryPlanner.rejectedPlans as Document[]).map(outline), rejected);
      const { nReturned, totalKeysExamined, totalDocsExamined } = cursor.executionStats;
      if (counts) assert.deepEqual([nReturned, totalKeysExamined, totalDocsExamined], counts);
    });
  }

  it('reads keys from min up to max, and wants to know of which index', async () => {
    const range = { min: { price: 10 }, max: { price: 12 } };
    const wanted = await db.collection('products').countDocuments({ price: { $gte: 10, $lt: 12 } });
    const found = await db
      .collection('products')
      .find({}, { ...range, hint: { price: 1 } })
      .toArray();
    assert.equal(found.length, wanted);
    await assert.rejects(db.collection('products').find({}, range).toArray(), { code: 51173 });
    await assert.rejects(
      db
        .collection('products')
        .find({}, { min: { brand: 1 }, hint: { price: 1 } })
        .toArray(),
      { code: 51174 },
    );
  });

  it('answers the same with and without indexes, whatever the plan', async () => {
    const other = client().db('plain');
    await other.collection('products').insertMany(await db.collection('products').find().toArray());
    for (const { rule, command } of [...SINGLE, ...BRANCHES]) {
      if (command.find !== 'products' || command.limit || command.hint) continue;
      const { find: name, filter, collation } = command as { find: string; filter: Document; collation?: Document };
      const query = { find: name, filter, projection: { _id: 1 }, ...(collation ? { collation } : {}) };
      const [indexed, plain] = await Promise.all(
        [db, other].map(async (one) =>
          (await one.runCursorCommand(query).toArray()).map(({ _id }): unknown => _id).sort(),
        ),
      );
      assert.deepEqual(indexed, plain, rule);
    }
  });
});
