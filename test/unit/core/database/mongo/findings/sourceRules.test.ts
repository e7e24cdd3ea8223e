import assert from 'node:assert/strict';
import { findInSource } from '../../../../../../src/core/database/mongo/findings/sourceRules';
import { findStatements } from '../../../../../support/findStatements';

const DRIVER =
  "import { MongoClient } from 'mongodb';\nconst db = new MongoClient('x').db();\nconst a = db.collection('a'), b = db.collection('b');\n";
const MOTOR = 'from motor.motor_asyncio import AsyncIOMotorClient\ndb = AsyncIOMotorClient().shop\n';

/** Rules of each statement, in order. */
function check(code: string, expected: readonly string[], fileName = 'f.ts'): void {
  const found = findStatements((fileName.endsWith('.py') ? MOTOR : DRIVER) + code, fileName).map((statement) =>
    findInSource(statement)
      .map(({ rule }) => rule)
      .join(' '),
  );
  assert.deepEqual(found, expected);
}

describe('findInSource', () => {
  it('R36 a result that nothing takes', () => {
    check('async function f(x) { await a.findOneAndUpdate({ x }, { $set: { y: 1 } }); }', ['R36']);
    check('async function f(x) { const old = await a.findOneAndUpdate({ x }, { $set: { y: 1 } }); return old; }', ['']);
    check('const f = (x) => a.findOneAndUpdate({ x }, { $set: { y: 1 } });', ['']);
    check(
      'async function f(x) { await a.findOneAndDelete({ x }, { sort: { at: 1 } }); await a.updateOne({ x }, { $set: { y: 1 } }); }',
      ['', ''],
    );
    check('async def f(x):\n    await db.a.find_one_and_delete({"x": x})\n', ['R36'], 'f.py');
  });

  it('R42 a query for each item', () => {
    check(
      'async function f(list) { for (const one of list) { const found = await a.findOne({ id: one.id }); use(found); } }',
      ['R42'],
    );
    check('const f = (list) => Promise.all(list.map(async ({ id }) => a.findOne({ _id: id })));', ['R42']);
    check(
      'async def f(items):\n    for item in items:\n        await db.a.count_documents({"id": item["id"]})\n',
      ['R42'],
      'f.py',
    );
    const [statement] = findStatements(
      `${DRIVER}async function f(list) { for (const one of list) { const id = one.id; await a.findOne({ id }); } }`,
      'f.ts',
    );
    assert.match(
      findInSource(statement)[0].evidence,
      /each turn of for \(const one of list\): the filter differs in one\.id\./,
    );
  });

  it('R42 holds back for batches, pages, writes and what does not depend on the item', () => {
    check('async function f(list) { for (const ids of chunks(list)) await a.find({ _id: { $in: ids } }).toArray(); }', [
      '',
    ]);
    check('async function f(last) { while (last) { last = await a.findOne({ _id: { $gt: last } }); } }', ['']);
    check('async function f(list) { for (const one of list) await a.updateOne({ id: one.id }, { $set: one }); }', ['']);
    check('async function f(list, x) { for (const one of list) await a.findOne({ x }); }', ['']);
    check('async function f(list) { const known = list.map((one) => one.id); return a.findOne({ id: known[0] }); }', [
      '',
    ]);
  });

  it('R43 reads one after another', () => {
    check(
      'async function f(x) { const n = await a.countDocuments({ x }); const all = await b.find({ x }).toArray(); return { n, all }; }',
      ['', 'R43'],
    );
    check(
      'async def f(x):\n    n = await db.a.count_documents({"x": x})\n    return await db.b.find_one({"x": x})\n',
      ['', 'R43'],
      'f.py',
    );
    const [, second] = findStatements(
      `${DRIVER}async function f(x) {\n  const n = await a.findOne({ x });\n  return await b.findOne({ x });\n}`,
      'f.ts',
    );
    assert.match(findInSource(second)[0].evidence, /^It waits for the query of line 5/);
  });

  it('R43 holds back when the result is needed, in transactions, for writes and what stands apart', () => {
    check(
      'async function f(x) { const one = await a.findOne({ x }); return await b.find({ id: one.id }).toArray(); }',
      ['', ''],
    );
    check(
      'async function f(x, session) { const n = await a.countDocuments({ x }, { session }); return await b.findOne({ x }, { session }); }',
      ['', ''],
    );
    check('async function f(x) { await a.updateOne({ x }, { $set: { y: 1 } }); return await b.findOne({ x }); }', [
      '',
      '',
    ]);
    check(
      'async function f(x) { const n = await a.countDocuments({ x }); if (!n) return []; return await b.find({ x }).toArray(); }',
      ['', ''],
    );
    check('async function f(x) { return Promise.all([a.findOne({ x }), b.findOne({ x })]); }', ['', '']);
  });
});
