import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EjsonDocument } from '../../../../../../src/core/ejson/documents';
import { groupByShape } from '../../../../../../src/core/database/mongo/shapes/profileShapes';
import { queryShape, shapeOfProfileEntry } from '../../../../../../src/core/database/mongo/shapes/queryShape';
import {
  hasShape,
  matchesShape,
  shapesOfStatement,
} from '../../../../../../src/core/database/mongo/shapes/statementShapes';
import type { Statement } from '../../../../../../src/core/database/statement';
import { findStatements } from '../../../../../support/findStatements';

function text(command: EjsonDocument): string {
  return queryShape(command)?.text ?? 'none';
}

function find(filter: EjsonDocument, more: EjsonDocument = {}): string {
  return text({ find: 'c', filter, ...more });
}

/** Shapes differ from each other. */
function differ(...texts: string[]): void {
  assert.equal(new Set(texts).size, texts.length, texts.join('\n'));
}

function same(...texts: string[]): void {
  assert.deepEqual([...new Set(texts)], [texts[0]]);
}

describe('queryShape', () => {
  it('keeps fields and operators, and types of values', () => {
    assert.equal(
      find({
        price: { $lt: 5, $gte: { $numberInt: '1' } },
        category: 'Books',
        at: { $date: '2025-01-01T00:00:00Z' },
        by: { $oid: '5f0000000000000000000000' },
      }),
      'find({ at: ?date, by: ?objectId, category: ?string, price: { $gte: ?number, $lt: ?number } })',
    );
    assert.equal(
      find({ a: null, b: true, c: { d: 1 }, 'e.f': { $exists: true } }),
      'find({ a: ?null, b: ?boolean, c: { d: ?number }, "e.f": { $exists: ?boolean } })',
    );
    assert.equal(
      find(
        { a: 1 },
        {
          sort: { b: -1, a: 1 },
          projection: { name: 1, _id: false },
          limit: 5,
          skip: 3,
          hint: 'x',
          collation: { locale: 'en' },
        },
      ),
      'find({ a: ?number }).projection({ _id: 0, name: 1 }).sort({ b: -1, a: 1 }).collation({ locale: "en" })',
    );
  });

  it('is the same for what the server takes for the same', () => {
    same(find({ a: 1, b: 'x' }), find({ b: 'y', a: 2.5 }), find({ a: { $eq: { $numberLong: '7' } }, b: 'z' }));
    same(find({ a: { $in: [1, 2, 3] } }), find({ a: { $in: [{ $numberInt: '9' }] } }));
    same(find({ $or: [{ a: 1 }, { b: 2 }] }), find({ $or: [{ b: 7 }, { a: 3 }, { a: 4 }] }));
    same(
      find({ n: { $regularExpression: { pattern: '^x', options: 'i' } } }),
      find({ n: { $regex: 'y' } }),
      find({ n: { $options: 'i', $regex: { $regularExpression: { pattern: 'z', options: '' } } } }),
    );
    same(
      find({}),
      find({}, { limit: 1, singleBatch: true }),
      find({}, { sort: {}, projection: {} }),
      text({ find: 'c' }),
    );
    same(
      text({ count: 'c', query: { a: 1 } }),
      text({
        aggregate: 'c',
        pipeline: [
          { $match: { a: 2 } },
          { $skip: 1 },
          { $limit: 9 },
          { $group: { _id: { $numberInt: '1' }, n: { $sum: { $numberInt: '1' } } } },
        ],
        cursor: {},
      }),
    );
  });

  it('differs where the query does', () => {
    differ(
      find({ a: 1 }),
      find({ a: 'x' }),
      find({ a: { $gt: 1 } }),
      find({ a: { $ne: 1 } }),
      find({ a: [1] }),
      find({ a: {} }),
      find({ b: 1 }),
      find({ a: { $elemMatch: { b: 1 } } }),
      find({ a: { $elemMatch: { $gt: 1 } } }),
    );
    differ(
      find({}),
      find({}, { sort: { a: 1 } }),
      find({}, { sort: { a: -1 } }),
      find({}, { sort: { a: 1, b: 1 } }),
      find({}, { sort: { b: 1, a: 1 } }),
      find({}, { projection: { a: 1 } }),
      find({}, { projection: { a: 0 } }),
    );
    differ(
      find({ $or: [{ a: 1 }, { b: 1 }] }),
      find({ $and: [{ a: 1 }, { b: 1 }] }),
      find({ $nor: [{ a: 1 }, { b: 1 }] }),
      find({ a: 1, b: 1 }),
    );
    differ(
      text({ find: 'c' }),
      text({ count: 'c' }),
      text({ distinct: 'c', key: 'a' }),
      text({ distinct: 'c', key: 'b' }),
      text({ aggregate: 'c', pipeline: [] }),
      text({ insert: 'c', documents: [] }),
    );
  });

  it('keeps the stages and paths of a pipeline, and no values', () => {
    const pipeline = [
      { $match: { a: 5 } },
      { $lookup: { from: 'o', let: { x: '$y' }, pipeline: [{ $match: { $expr: { $eq: ['$k', '$$x'] } } }], as: 'z' } },
      { $set: { b: { $multiply: ['$a', 2] }, t: 'text' } },
      { $facet: { n: [{ $count: 'total' }], page: [{ $skip: 40 }, { $limit: 20 }] } },
      { $unionWith: 'other' },
    ];
    assert.equal(
      text({ aggregate: 'c', pipeline, cursor: {} }),
      'aggregate([{ $match: { a: ?number } }, { $lookup: { as: "z", from: "o", let: { x: "$y" }, pipeline: [{ $match: { $expr: { $eq: ["$k", "$$x"] } } }] } }, { $set: { b: { $multiply: ["$a", ?number] }, t: ?string } }, { $facet: { n: [{ $count: "total" }], page: [{ $skip: ?number }, { $limit: ?number }] } }, { $unionWith: "other" }])',
    );
  });

  it('knows writes', () => {
    assert.equal(
      text({
        update: 'c',
        updates: [{ q: { a: 1 }, u: { $set: { b: { deep: 1 } }, $push: { l: { $each: [1, 2] } } }, multi: true }],
      }),
      'updateMany({ a: ?number }, { $push: { l: { $each: ?array<?number> } }, $set: { b: ?object } })',
    );
    assert.equal(
      text({ update: 'c', updates: [{ q: { a: 1 }, u: { name: 'x' } }] }),
      'updateOne({ a: ?number }, ?object)',
    );
    differ(
      text({ delete: 'c', deletes: [{ q: { a: 1 }, limit: 1 }] }),
      text({ delete: 'c', deletes: [{ q: { a: 1 }, limit: { $numberInt: '0' } }] }),
    );
    assert.equal(
      text({ findAndModify: 'c', query: { a: 1 }, remove: true, sort: { b: 1 } }),
      'findAndModify({ a: ?number }, remove).sort({ b: 1 })',
    );
    assert.equal(queryShape({ ping: 1 }), null);
  });

  it('survives what is odd and deep', () => {
    let filter: EjsonDocument = { a: 1 };
    for (let i = 0; i < 5000; i++) filter = i % 2 ? { $and: [filter] } : { x: { $elemMatch: filter } };
    assert.match(find(filter), /\?object/);
    for (const odd of [null, 5, [], 'x'])
      for (const command of [
        { find: 'c', filter: odd, sort: odd, projection: odd },
        { aggregate: 'c', pipeline: odd },
        { aggregate: 'c', pipeline: [odd, { $match: odd }, { $lookup: odd }, { $facet: odd }] },
        { update: 'c', updates: odd },
        { update: 'c', updates: [{ q: odd, u: odd }] },
      ])
        assert.ok(queryShape(command));
  });
});

describe('shapeOfProfileEntry', () => {
  const entry = (op: string, more: EjsonDocument): string => {
    const shape = shapeOfProfileEntry({ op, ns: 'shop.c', ...more });
    assert.ok(shape === null || shape.collection === 'c');
    return shape?.text ?? 'none';
  };
  const wanted = find({ a: 1 }, { sort: { b: 1 } });

  it('reads the forms of all servers', () => {
    const command = { find: 'c', filter: { a: 3 }, sort: { b: 1 }, $db: 'shop', lsid: {} };
    same(
      wanted,
      entry('query', { command }),
      entry('query', { query: command }),
      entry('getmore', { command: { getMore: 5, collection: 'c' }, originatingCommand: command }),
      entry('query', { query: { $query: { a: 4 }, $orderby: { b: 1 } } }),
      entry('query', { query: { query: { a: 4 }, orderby: { b: 1 } } }),
    );
    same(find({ a: 1 }), entry('query', { query: { a: 9 } }));
    const update = text({ update: 'c', updates: [{ q: { a: 1 }, u: { $set: { b: 1 } } }] });
    same(
      update,
      entry('update', { command: { q: { a: 2 }, u: { $set: { b: 7 } }, multi: false, upsert: false } }),
      entry('update', { query: { a: 2 }, updateobj: { $set: { b: 7 } } }),
    );
    const remove = text({ delete: 'c', deletes: [{ q: { a: 1 }, limit: 0 }] });
    same(remove, entry('remove', { command: { q: { a: 2 }, limit: 0 } }), entry('remove', { query: { a: 2 } }));
    same(text({ count: 'c', query: { a: 1 } }), entry('command', { command: { count: 'c', query: { a: 2 } } }));
    same(
      text({ findAndModify: 'c', query: { a: 1 }, update: { $set: { b: 1 } } }),
      entry('command', { command: { findandmodify: 'c', query: { a: 2 }, update: { $set: { b: 3 } } } }),
    );
  });

  it('has none for explains, other commands and what was cut short', () => {
    for (const command of [{ explain: { find: 'c' } }, { collStats: 'c' }, { $truncated: '{ find: "c"' }, {}])
      assert.equal(entry('command', { command }), 'none');
    assert.equal(entry('query', { command: { $truncated: 'x' } }), 'none');
  });

  const recorded = join(process.env.HEATLENS_RECORDED_MONGO ?? join(process.cwd(), 'test/fixtures/mongo/recorded'));

  it('equals the shape of every recorded command', function () {
    if (!existsSync(join(recorded, 'profile'))) this.skip();
    let compared = 0;
    for (const file of readdirSync(join(recorded, 'profile'))) {
      if (!existsSync(join(recorded, 'shop', file))) continue;
      const read = (folder: string): EjsonDocument =>
        JSON.parse(readFileSync(join(recorded, folder, file), 'utf8')) as EjsonDocument;
      const command = queryShape(read('shop').command as EjsonDocument);
      const profiled = shapeOfProfileEntry(read('profile'));
      assert.deepEqual(profiled, command, file);
      assert.ok(command, file);
      compared++;
    }
    assert.ok(compared > 50, String(compared));
  });
});

const DRIVER = "import { MongoClient, type Db } from 'mongodb';\nconst db: Db = new MongoClient('x').db();\n";

function statements(source: string, fileName = 'a.ts'): readonly Statement[] {
  const found = findStatements(fileName.endsWith('.py') ? source : DRIVER + source, fileName);
  assert.ok(found.length > 0, source);
  return found;
}

describe('shapesOfStatement', () => {
  const commandsOf = (source: string, path?: string): string[] =>
    statements(source, path).flatMap((one) => shapesOfStatement(one).map((shape) => shape.text));

  it('equals the shape of the command that it sends', () => {
    const [found] = statements(
      "const rows = await db.collection('products').find({ category: 'Books', price: { $gte: 5 } }).sort({ name: 1 }).limit(20).toArray();",
    );
    assert.ok(
      hasShape(
        found,
        queryShape({ find: 'products', filter: { price: { $gte: 9 }, category: 'x' }, sort: { name: 1 }, limit: 3 })!,
      ),
    );
    assert.ok(
      !hasShape(
        found,
        queryShape({ find: 'orders', filter: { price: { $gte: 9 }, category: 'x' }, sort: { name: 1 } })!,
      ),
      'another collection',
    );
    assert.ok(!hasShape(found, queryShape({ find: 'products', filter: { category: 'x' }, sort: { name: 1 } })!));
    const [count] = statements("db.collection('products').countDocuments({ category: 'Books' })");
    assert.ok(
      hasShape(
        count,
        queryShape({
          aggregate: 'products',
          pipeline: [{ $match: { category: 'x' } }, { $group: { _id: 1, n: { $sum: 1 } } }],
        })!,
      ),
    );
  });

  it('takes any value for a hole', () => {
    const [found] = statements(
      "async function f(category: string, ids: number[], filter) { return db.collection('c').find({ category, id: { $in: ids }, x: filter }).toArray(); }",
    );
    const entry = (filter: EjsonDocument) => queryShape({ find: 'c', filter })!;
    assert.ok(hasShape(found, entry({ category: 'a', id: { $in: [1, 2] }, x: { $gt: 5 } })));
    assert.ok(hasShape(found, entry({ category: { $oid: '5f0000000000000000000000' }, id: { $in: [] }, x: null })));
    assert.ok(!hasShape(found, entry({ category: { $gt: 'a' }, id: { $in: [1] }, x: 1 })), 'one value is no range');
    assert.ok(!hasShape(found, entry({ category: 'a', id: 5, x: 1 })));
    assert.ok(!hasShape(found, entry({ category: 'a', id: { $in: [1] } })));
    const [open] = statements("db.collection('c').find({ ...query, active: true })");
    assert.ok(hasShape(open, entry({ active: false, other: 1, more: 'x' })));
    assert.ok(!hasShape(open, entry({ other: 1 })));
  });

  it('has one shape for each way in which its conditions are decided', () => {
    const source = `
      function search(category, sortBy) {
        const filter = category ? { category, active: true } : { active: true };
        return db.collection('products').find(filter).sort(sortBy ? { price: -1 } : { name: 1 }).toArray();
      }`;
    assert.deepEqual(
      commandsOf(source)
        .map((shape) => shape.replace(/\?hole:\w+/g, '?'))
        .sort(),
      [
        'find({ active: ?boolean }).sort({ name: 1 })',
        'find({ active: ?boolean }).sort({ price: -1 })',
        'find({ active: ?boolean, category: ? }).sort({ name: 1 })',
        'find({ active: ?boolean, category: ? }).sort({ price: -1 })',
      ],
    );
    const many = `function f(o) { db.collection('c').find({ ${Array.from({ length: 20 }, (_, i) => `...(o.a${i} ? { a${i}: 1 } : {})`).join(', ')} }) }`;
    const shapes = commandsOf(many);
    assert.ok(shapes.length > 10 && shapes.length <= 32, String(shapes.length));
  });

  it('works for pipelines with holes, Python and bulk writes', () => {
    const python =
      "from pymongo import MongoClient\ndb = MongoClient().shop\ndef f(category, page):\n    match = {'category': category}\n    return list(db.products.aggregate([{'$match': match}, {'$sort': {'name': 1}}, {'$facet': {'meta': [{'$count': 'n'}], 'data': [{'$skip': page * 20}, {'$limit': 20}]}}]))\n";
    const sent = queryShape({
      aggregate: 'products',
      pipeline: [
        { $match: { category: 'Tools' } },
        { $sort: { name: 1 } },
        { $facet: { meta: [{ $count: 'n' }], data: [{ $skip: 20 }, { $limit: 20 }] } },
      ],
    })!;
    const [found] = statements(python, 'a.py');
    assert.ok(hasShape(found, sent));
    const [open] = statements("db.collection('c').aggregate([{ $match: { a: 1 } }, ...stages, { $limit: 5 }])");
    const piped = (...pipeline: EjsonDocument[]) => queryShape({ aggregate: 'c', pipeline })!;
    assert.ok(hasShape(open, piped({ $match: { a: 2 } }, { $sort: { b: 1 } }, { $unwind: '$x' }, { $limit: 9 })));
    assert.ok(!hasShape(open, piped({ $match: { a: 2 } }, { $sort: { b: 1 } })));
    const [bulk] = statements("db.collection('c').bulkWrite([{ deleteOne: { filter: {} } }])");
    assert.deepEqual(shapesOfStatement(bulk), []);
  });

  it('matches itself', () => {
    for (const shape of statements(
      "db.collection('c').find({ $or: [{ a: x }, { b: y }] }).sort({ [field]: -1 })",
    ).flatMap(shapesOfStatement))
      assert.ok(matchesShape(shape, shape));
    const [sorted] = statements("db.collection('c').find({ $or: [{ a: x }, { b: y }] }).sort({ [field]: -1 })");
    assert.ok(
      hasShape(sorted, queryShape({ find: 'c', filter: { $or: [{ b: 1 }, { a: 's' }] }, sort: { price: -1 } })!),
    );
  });
});

describe('groupByShape', () => {
  const at = (minute: number) => ({ $date: { $numberLong: String(Date.UTC(2026, 0, 1, 0, minute)) } });
  const query = (a: number, millis: number, more: EjsonDocument = {}): EjsonDocument => ({
    op: 'query',
    ns: 'shop.c',
    command: { find: 'c', filter: { a } },
    millis: { $numberInt: String(millis) },
    docsExamined: 100,
    keysExamined: 10,
    nreturned: 5,
    planSummary: 'COLLSCAN',
    ts: at(millis),
    ...more,
  });

  it('sums up the entries of a shape, the most costly first', () => {
    const { shapes, entries, others, since } = groupByShape([
      query(1, 10),
      query(2, 40),
      query(3, 30, { planSummary: 'IXSCAN { a: 1 }' }),
      {
        op: 'getmore',
        ns: 'shop.c',
        command: { getMore: 1, collection: 'c' },
        originatingCommand: { find: 'c', filter: { a: 1 } },
        millis: 5,
        nreturned: 100,
        ts: at(50),
      },
      { op: 'command', ns: 'shop.d', command: { count: 'd', query: { b: 1 } }, millis: 500, ts: at(55) },
      { op: 'command', ns: 'shop.$cmd', command: { dbStats: 1 }, millis: 900 },
    ]);
    assert.deepEqual(
      shapes.map(({ shape, count, totalMillis }) => [shape.collection, shape.text, count, totalMillis]),
      [
        ['d', 'count({ b: ?number })', 1, 500],
        ['c', 'find({ a: ?number })', 3, 85],
      ],
    );
    const { maxMillis, medianMillis, docsExamined, keysExamined, returned, planSummaries, example } = shapes[1];
    assert.deepEqual(
      [maxMillis, medianMillis, docsExamined, keysExamined, returned, planSummaries],
      [40, 20, 300, 30, 115, ['COLLSCAN', 'IXSCAN { a: 1 }']],
    );
    assert.deepEqual([example.millis, example.at, example.entry], [40, Date.UTC(2026, 0, 1, 0, 40), query(2, 40)]);
    assert.deepEqual([entries, others, since], [6, 1, Date.UTC(2026, 0, 1, 0, 10)]);
  });

  it('leaves out what Heatlens asked, and survives odd entries', () => {
    const own = [
      query(1, 5, { command: { explain: { find: 'c' }, comment: 'heatlens explain' } }),
      query(1, 5, { command: { aggregate: 'c', pipeline: [], comment: 'heatlens sample' } }),
      query(1, 5, { ns: 'shop.system.profile' }),
      query(1, 5, { ns: 'heatlens_scratch.x' }),
    ];
    assert.deepEqual(groupByShape(own), { shapes: [], entries: 0, others: 0 });
    assert.deepEqual(groupByShape([{}, { op: 5, ns: 7, ts: 'never' }]), { shapes: [], entries: 2, others: 2 });
  });
});
