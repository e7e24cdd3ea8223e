import assert from 'node:assert/strict';
import { isHeatlensError } from '../../../../../../src/core/errors';
import { fillHoles, openHoles } from '../../../../../../src/core/database/mongo/calls/fillHoles';
import { shellText } from '../../../../../../src/core/database/mongo/shell/shellText';
import { findStatements } from '../../../../../support/findStatements';

const DRIVER =
  "import { MongoClient, ObjectId } from 'mongodb';\nconst c = new MongoClient('x').db().collection('c');\n";
const int = (value: number): unknown => ({ $numberInt: String(value) });

function only(code: string) {
  const found = findStatements(DRIVER + code, 'a.ts');
  assert.equal(found.length, 1);
  return found[0];
}

describe('fillHoles', () => {
  const cases: readonly [string, Readonly<Record<string, unknown>>, unknown][] = [
    [
      'const f = (a) => c.find({ a }, { projection: { a: 1 } }).sort({ a: -1 }).limit(3);',
      { a: 5 },
      { find: 'c', filter: { a: int(5) }, projection: { a: int(1) }, sort: { a: int(-1) }, limit: int(3) },
    ],
    [
      'const f = (id) => c.findOne({ _id: new ObjectId(id) });',
      { id: '0123456789ABCDEF01234567' },
      { find: 'c', filter: { _id: { $oid: '0123456789abcdef01234567' } }, limit: int(1), singleBatch: true },
    ],
    [
      'const f = (x) => c.aggregate([{ $match: { x } }, ...(x ? [{ $limit: 2 }] : [])], { allowDiskUse: true });',
      { x: '' },
      { aggregate: 'c', pipeline: [{ $match: { x: '' } }], cursor: {}, allowDiskUse: true },
    ],
    [
      'const f = (x) => c.countDocuments({ n: new RegExp(x, "i") });',
      { x: 'a+' },
      { count: 'c', query: { n: { $regularExpression: { pattern: 'a+', options: 'i' } } } },
    ],
    [
      'const f = (k) => c.distinct("a", { [k]: 1.5 });',
      { k: 'b' },
      { distinct: 'c', key: 'a', query: { b: { $numberDouble: '1.5' } } },
    ],
    [
      'const f = (rest) => c.updateMany({ a: 1, ...rest }, { $set: { b: 2 } }, { upsert: true });',
      { rest: { z: 1 } },
      {
        update: 'c',
        updates: [{ q: { a: int(1), z: int(1) }, u: { $set: { b: int(2) } }, multi: true, upsert: true }],
      },
    ],
    ['const f = () => c.deleteOne({ a: 1 });', {}, { delete: 'c', deletes: [{ q: { a: int(1) }, limit: int(1) }] }],
    [
      'const f = () => c.findOneAndUpdate({ a: 1 }, { $inc: { n: 1 } }, { returnDocument: "after", sort: { a: 1 } });',
      {},
      { findAndModify: 'c', query: { a: int(1) }, update: { $inc: { n: int(1) } }, new: true, sort: { a: int(1) } },
    ],
    ['const f = () => c.findOneAndDelete({ a: 1 });', {}, { findAndModify: 'c', query: { a: int(1) }, remove: true }],
  ];
  for (const [code, values, command] of cases) {
    it(`makes a command of ${code}`, () =>
      assert.deepEqual(fillHoles(only(code), new Map(Object.entries(values))), command));
  }

  it('asks only for what the chosen conditions need', () => {
    const statement = only('const f = (a, b) => c.find({ ...(a ? { a } : {}), b });');
    const names = (values: Readonly<Record<string, unknown>>, choices?: Readonly<Record<string, boolean>>): string[] =>
      openHoles(statement, new Map(Object.entries(values)), choices && new Map(Object.entries(choices))).map(
        (hole) => hole.name,
      );
    assert.deepEqual(names({}), ['a', 'b']);
    assert.deepEqual(names({ a: null }), ['b']);
    assert.deepEqual(names({}, { a: false }), ['b']);
  });

  it('says what is missing and what to do', () => {
    const message = (action: () => unknown): string => {
      try {
        action();
      } catch (error) {
        assert.ok(isHeatlensError(error));
        return error.oneLine;
      }
      return '';
    };
    assert.equal(
      message(() => fillHoles(only('const f = (a: string) => c.find({ a });'))),
      'The statement has no value for a (string). Give one for each, as JSON.',
    );
    const [unnamed] = findStatements(`${DRIVER}const f = (db, name) => db.collection(name).find({});`, 'a.ts');
    assert.equal(
      message(() => fillHoles(unnamed)),
      'The collection is not known: the text says name. Give its name.',
    );
    assert.deepEqual(fillHoles(unnamed, new Map(), undefined, 'x'), { find: 'x', filter: {} });
    assert.match(
      message(() => fillHoles(only('c.bulkWrite([]);'))),
      /several commands/,
    );
  });
});

describe('shellText', () => {
  it('marks holes where they stand and puts values in their place', () => {
    const statement = only('const f = (a: string, at: Date) => c.find({ a, at, b: a });');
    const { text, holes } = shellText(statement);
    assert.equal(text, 'db.c.find({ a: <a>, at: <at>, b: <a> })');
    assert.deepEqual(
      holes.map(({ from, to, hole }) => [text.slice(from, to), hole.name]),
      [
        ['<a>', 'a'],
        ['<at>', 'at'],
        ['<a>', 'a'],
      ],
    );
    assert.equal(
      shellText(
        statement,
        new Map<string, unknown>([
          ['a', 'x'],
          ['at', { $date: { $numberLong: '0' } }],
        ]),
      ).text,
      'db.c.find({ a: "x", at: ISODate("1970-01-01T00:00:00.000Z"), b: "x" })',
    );
  });

  it('writes strings so that nothing of them is taken for a mark or a line', () => {
    assert.equal(
      shellText(only("c.find({ 'a.b': '\\u{e000}0\\u{e001}\\n\"' });")).text,
      'db.c.find({ "a.b": "\\ue0000\\ue001\\n\\"" })',
    );
  });
});
