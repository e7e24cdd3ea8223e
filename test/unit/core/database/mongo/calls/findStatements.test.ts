import assert from 'node:assert/strict';
import { pluralize } from 'mongoose';
import { createStatementFinder, statementAt } from '../../../../../../src/core/database/mongo/calls/findStatements';
import { pluralise } from '../../../../../../src/core/database/mongo/calls/pluralise';
import { shellText } from '../../../../../../src/core/database/mongo/shell/shellText';
import { findStatements } from '../../../../../support/findStatements';

/** Statements of a text as shell text. */
function check(
  text: string,
  expected: readonly string[],
  fileName = 'a.ts',
  files: Readonly<Record<string, string>> = {},
): void {
  const resolveImport = (_from: string, specifier: string) =>
    Object.hasOwn(files, specifier) ? { fileName: specifier, text: files[specifier] } : undefined;
  const found = findStatements(text, fileName, { resolveImport });
  assert.deepEqual(
    found.map((statement) => shellText(statement).text.replace(/\s+/g, ' ')),
    expected,
  );
}

const DRIVER = "import { MongoClient, ObjectId } from 'mongodb';\nconst db = new MongoClient('x').db();\n";
const PYMONGO = 'from pymongo import MongoClient\ndb = MongoClient().shop\n';

describe('findStatements', () => {
  it('takes what a constant, a helper and an imported file give', () => {
    check(
      "import { KIND, active, orders } from './shared';\norders().find({ kind: KIND, ...active('x') });\n",
      ['db.orders.find({ kind: "big", active: true, who: "x" })'],
      'a.js',
      {
        './shared':
          "import { db } from './db';\nexport const KIND = 'big';\nexport const active = (who) => ({ active: true, who });\nexport function orders() { return db.collection('orders'); }\n",
        './db':
          "import { MongoClient } from 'mongodb';\nexport let db;\nexport async function connect(uri) { const client = await MongoClient.connect(uri); db = client.db(); }\n",
      },
    );
  });

  it('joins what branches make of a filter', () => {
    check(
      `${DRIVER}function f(a, b) { let q = {}; if (a) q.a = a; else if (b) q = { b }; db.collection('c').find(q); }`,
      ['db.c.find((a ? { a: <a> } : { ...(b ? { b: <b> } : {}) }))'],
    );
  });

  it('keeps the order of a pipeline that is built in steps', () => {
    check(
      `${DRIVER}function f(n) { const p = [{ $match: { a: 1 } }]; if (n) { p.push({ $limit: n }); } p.unshift({ $sort: { a: 1 } }); return db.collection('c').aggregate(p.concat([{ $count: 'n' }])); }`,
      ['db.c.aggregate([{ $sort: { a: 1 } }, { $match: { a: 1 } }, ...(n ? [{ $limit: <n> }] : []), { $count: "n" }])'],
    );
  });

  it('follows an early return and a guard', () => {
    check(
      `${DRIVER}function filter(q) { if (q.id) return { _id: new ObjectId(q.id) }; return { name: q.name }; }\nfunction g(q) { if (!q) throw new Error(); return db.collection('c').findOne(filter(q)); }`,
      ['db.c.findOne((q.id ? { _id: <q.id> } : { name: <q.name> }))'],
    );
  });

  it('takes a switch for a chain of conditions, and what catches a failure for reachable', () => {
    check(
      `${DRIVER}function f(k) { let s; switch (k) { case 'a': case 'b': s = { a: 1 }; break; default: s = { d: 1 }; } return db.collection('c').find(s); }`,
      ["db.c.find((case 'a': case 'b' ? { a: 1 } : { d: 1 }))"],
    );
    check(
      `${DRIVER}async function f() { try { return await db.collection('a').findOne({}); } catch (e) { await db.collection('b').insertOne({ n: 1 }); } return db.collection('c').findOne({}); }`,
      ['db.a.findOne({})', 'db.b.insertOne({ n: 1 })', 'db.c.findOne({})'],
    );
    const chain = Array.from({ length: 4000 }, (_, i) => `    elif x == ${i}:\n        q = {"n": ${i}}\n`).join('');
    assert.equal(
      findStatements(`${PYMONGO}def f(x):\n    if x:\n        q = {}\n${chain}    return db.c.find_one(q)\n`, 'a.py')
        .length,
      1,
    );
  });

  it('writes what the text gives as BSON', () => {
    check(
      `${DRIVER}db.collection('c').find({ _id: new ObjectId('0123456789abcdef01234567'), at: new Date('2024-02-03'), n: -1, r: /^a/i, t: 60 * 60 });`,
      [
        'db.c.find({ _id: ObjectId("0123456789abcdef01234567"), at: ISODate("2024-02-03T00:00:00.000Z"), n: -1, r: /^a/i, t: 3600 })',
      ],
    );
  });

  it('types holes by annotations, defaults, conversions and operators, never by names', () => {
    const text = `${DRIVER}function f(a: string, b = 1, c, d: Date | undefined, ids, priceId) { return db.collection('c').find({ a, b, c: Number(c), d, x: { $in: ids }, priceId }).skip(e()); }`;
    const [statement] = findStatements(text, 'a.ts');
    assert.deepEqual(
      statement.holes.map(({ name, type }) => `${name}: ${type}`),
      ['a: string', 'b: number', 'c: number', 'd: date', 'ids: array', 'priceId: unknown', 'e(): number'],
    );
  });

  it('names what a helper gives by its call, and lends the structure of it', () => {
    const text = `${DRIVER}const escape = (s: string) => s.replace(/[.]/g, '_');\nconst byId = (id: string) => ({ _id: new ObjectId(id) });\nfunction f(name: string, q) { return db.collection('c').find({ name: escape(name), ...byId(q.id) }); }`;
    check(text, ['db.c.find({ name: <escape(name)>, _id: <q.id> })']);
  });

  it('follows names of types: unions of literals, aliases, interfaces', () => {
    const text = `${DRIVER}type Status = 'open' | 'paid';\ntype Known = Status;\ninterface Page { size: number }\nconst f = (s: Status, k: Known, p: Page) => db.collection('c').find({ s, k, n: p.size });`;
    assert.deepEqual(
      findStatements(text, 'a.ts')[0].holes.map(({ name, type }) => `${name}: ${type}`),
      ['s: string', 'k: string', 'p.size: number'],
    );
  });

  it('reads slices of a cursor and of lists in Python', () => {
    check(
      `${PYMONGO}SORTS = ["a", "b", "c"]\ndef f(start, end):\n    list(db.c.find({})[10:20])\n    list(db.c.find({})[:5])\n    list(db.c.find({"s": {"$in": SORTS[1:]}})[start:end])\n    found = db.c.find({})\n    return found[20:]\n`,
      [
        'db.getSiblingDB("shop").c.find() .skip(10) .limit(10)',
        'db.getSiblingDB("shop").c.find() .limit(5)',
        'db.getSiblingDB("shop").c.find({ s: { $in: ["b", "c"] } }) .skip(<start>) .limit(<end - start>)',
        'db.getSiblingDB("shop").c.find() .skip(20)',
      ],
      'a.py',
    );
  });

  it('reads code between elements, whose text may have apostrophes and brackets', () => {
    const component = [
      'export default async function Page({ id }) {',
      "  const items = await db.collection('items').find({ id }).toArray();",
      "  if (!items.length) return <p>Don't panic: {items.length}</p>;",
      "  return <ul>{items.map((item) => (<li onClick={() => { open(item); }}>It's {item.name}'s (</li>))}</ul>;",
      '}',
      "export const count = (n: number) => db.collection('other').countDocuments({ n });",
    ].join('\n');
    check(`${DRIVER}${component}`, ['db.items.find({ id: <id> })', 'db.other.countDocuments({ n: <n> })'], 'a.tsx');
  });

  it('knows collections of fields, getters, constructors and Python attributes', () => {
    check(
      `${PYMONGO}class A:\n    def __init__(self, database):\n        self.items = database["items"]\n    def all(self):\n        return list(self.items.find().sort("a", -1))\ndef g():\n    return db.orders.archive.count_documents({"a": None})\n`,
      [
        'db.items.find() .sort({ a: -1 })',
        'db.getSiblingDB("shop").getCollection("orders.archive").countDocuments({ a: null })',
      ],
      'a.py',
    );
  });

  it('takes nothing for a statement without a driver, a model or a collection', () => {
    check(
      'function f(items, client, orders) { items.find({ a: 1 }); orders.aggregate([]); client.db.orders.find({}); return [1].find((n) => n > 0); }',
      [],
    );
    check('def f(db, text):\n    db.orders.find({"a": 1})\n    return text.find("a")\n', [], 'a.py');
  });

  it('reads a call of deep nesting and a thousand reassignments without overflowing', () => {
    const deep = `${DRIVER}db.collection('c').find(${'{a:['.repeat(3000)}1${']}'.repeat(3000)});`;
    assert.equal(findStatements(deep, 'a.ts').length, 1);
    const many = Array.from({ length: 3000 }, (_, i) => `if (x${i}) q = { a${i}: x${i} };`).join('\n');
    const [statement] = findStatements(`${DRIVER}function f(q) { ${many} return db.collection('c').find(q); }`, 'a.ts');
    assert.ok(shellText(statement).text.length < 100_000);
    const calls = Array.from(
      { length: 200 },
      (_, i) => `function f${i}(x) { return [f${i + 1}(x), f${i + 1}(x)]; }`,
    ).join('\n');
    assert.equal(findStatements(`${DRIVER}${calls}\ndb.collection('c').find({ a: f0(1) });`, 'a.ts').length, 1);
  });

  it('finds 500 statements of one file', () => {
    const body = Array.from(
      { length: 500 },
      (_, i) => `export const f${i} = (a: number) => db.collection('c${i}').find({ a, b: ${i} }).toArray();`,
    ).join('\n');
    const found = findStatements(DRIVER + body, 'a.ts');
    assert.deepEqual([found.length, found[499].collection, found[499].span.start.line], [500, 'c499', 501]);
  });

  it('gives after every edit what a fresh look gives', () => {
    const part = (i: number): string =>
      `export function f${i}(a) {\n  const q = { a, n: N };\n  return db.collection(NAME).find(q).limit(${i}).toArray();\n}\n`;
    const base = `${DRIVER}const NAME = 'c';\nconst N = 1;\n${Array.from({ length: 20 }, (_, i) => part(i)).join('')}`;
    const finder = createStatementFinder('a.js');
    finder.find(base);
    const edits = [
      base.replace("'c'", "'other'"),
      base.replace('N = 1', 'N = 2'),
      `\n\n${base}`,
      base.replace(part(7), ''),
      base.slice(0, -40),
      base.replace("'mongodb'", "'nothing'"),
      base,
    ];
    for (const edited of edits) assert.deepEqual(finder.find(edited), findStatements(edited, 'a.js'));
  });

  it('sees a change of an imported file', () => {
    let name = 'one';
    const resolveImport = (_from: string, specifier: string) =>
      specifier === './n' ? { fileName: '/n.js', text: `export const NAME = '${name}';` } : undefined;
    const finder = createStatementFinder('/a.js', { resolveImport });
    const text = `${DRIVER}import { NAME } from './n';\nexport const f = () => db.collection(NAME).find({});\n`;
    assert.equal(finder.find(text)[0].collection, 'one');
    name = 'two';
    assert.equal(finder.find(text)[0].collection, 'two');
  });
});

describe('statementAt', () => {
  it('is in the call or in what its arguments come from', () => {
    const found = findStatements(
      `${DRIVER}function f(a) {\n  const q = { a };\n  const p = 1;\n  return db.collection('c').find(q).toArray();\n}\n`,
      'a.js',
    );
    assert.equal(statementAt(found, { line: 3, column: 10 }), found[0]);
    assert.equal(statementAt(found, { line: 5, column: 30 }), found[0]);
    assert.equal(statementAt(found, { line: 4, column: 9 }), undefined);
  });
});

describe('pluralise', () => {
  it('is the rule of Mongoose', () => {
    for (const name of [
      'Order',
      'Category',
      'Person',
      'Status',
      'Mouse',
      'Box',
      'Data',
      'News',
      'Address',
      'Child',
      'Wife',
      'Bus',
      'Quiz',
      'Shelf',
      'User2',
      'Media',
      'Matrix',
      'Day',
    ]) {
      assert.equal(pluralise(name), pluralize()?.(name), name);
    }
  });
});
