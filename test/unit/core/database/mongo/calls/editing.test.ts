import assert from 'node:assert/strict';
import {
  createStatementFinder,
  type StatementContext,
} from '../../../../../../src/core/database/mongo/calls/findStatements';
import { mongoSource } from '../../../../../support/mongoSource';
import { findStatements } from '../../../../../support/findStatements';

const DRIVER = "import { MongoClient, ObjectId } from 'mongodb';\nconst client = new MongoClient('x');\n";
const PYMONGO = 'from pymongo import MongoClient\ndb = MongoClient().shop\n';

/** After each edit, in order, what a finder knows must be what a fresh look gives. */
function check(fileName: string, versions: readonly string[], context?: StatementContext): void {
  const finder = createStatementFinder(fileName, context);
  for (const [at, text] of versions.entries())
    assert.deepEqual(finder.find(text), findStatements(text, fileName, context), `version ${at}`);
}

/** The same numbers in every run. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state % below;
  };
}

const INSERTED = [
  'x',
  '{',
  '}',
  '(',
  ')',
  '\n',
  "'",
  '`',
  ' = 1;\n',
  '// note\n',
  'return;',
  "status: 'a', ",
  '  ',
  '/*',
  '*/',
  '"""',
  ':',
  'items',
  'createdAt',
];

describe('a statement finder', () => {
  const store = (parts: Readonly<Record<string, string>> = {}): string => `${DRIVER}
class Base { constructor(db) { this.items = db.collection('${parts.base ?? 'base'}'); } }
class Store extends Base {
  kind = '${parts.kind ?? 'a'}';
  ${parts.more ?? ''}
  connect() { this.other = client.db('${parts.db ?? 'd'}').collection('others'); }
  filter() { return { kind: this.kind, n: ${parts.n ?? '1'} }; }
  find(name) { return this.items.find({ name, ...this.filter() }).toArray(); }
  count() { return this.other.countDocuments({ k: LIMIT }); }
}
const LIMIT = ${parts.limit ?? '5'};
${parts.after ?? ''}
`;

  it('reads the members of a class again that an edit of another member concerns', () => {
    check('a.js', [
      store(),
      store({ kind: 'b' }),
      store({ n: '2' }),
      store({ db: 'e' }),
      store({ base: 'basic' }),
      store({ limit: '6' }),
      store({ more: 'filter() { return {}; }' }),
      store({ more: "static create() { return new Store().find('x'); }" }),
      store({ after: "const one = new Store(); one.find('x'); client.db('s').collection('c').find(one.filter());" }),
      store({
        after: "const one = new Store(); one.find('x'); client.db('s').collection('c').find(one.filter());",
        n: '3',
      }),
      store().replace('class Store extends Base', 'class Store'),
      store().replace('class Base', 'class Basis'),
      store(),
    ]);
  });

  it('gives the same objects where nothing changed, also in the class that was edited', () => {
    const finder = createStatementFinder('a.ts');
    const text = mongoSource(50, 'oneClass');
    const before = finder.find(text);
    const at = text.indexOf('n: 7,');
    const after = finder.find(`${text.slice(0, at)}n: 8,${text.slice(at + 5)}`);
    assert.equal(after.length, 50);
    assert.ok(after.filter((statement, i) => statement === before[i]).length >= 49);
  });

  it('knows a part again that a bracket had swallowed for a moment', () => {
    const text = mongoSource(20, 'classes');
    const at = text.indexOf('const rows', 400);
    check('a.ts', [
      text,
      `${text.slice(0, at)}{${text.slice(at)}`,
      text,
      `${text.slice(0, at)}\`${text.slice(at)}`,
      text,
    ]);
  });

  it('parses ahead in slices, and gives way to a search', async () => {
    const text = mongoSource(30, 'classes');
    const finder = createStatementFinder('a.ts');
    let pauses = 0;
    await finder.prepare(text, () => Promise.resolve(void pauses++), 0);
    assert.ok(pauses >= 20, `${pauses} pauses`);
    assert.deepEqual(finder.find(text), findStatements(text, 'a.ts'));
    let given = 0;
    const other = createStatementFinder('a.ts');
    await other.prepare(text, () => Promise.resolve(void (given++ === 3 && other.find(text))), 0);
    assert.equal(given, 4);
  });

  it('follows types and exports of imported files', () => {
    let file = 'export interface Search { page: number }\nexport const NAME = "a";';
    const context: StatementContext = {
      resolveImport: (_from, specifier) => (specifier === './t' ? { fileName: '/t.ts', text: file } : undefined),
    };
    const text = `${DRIVER}import { NAME, type Search } from './t';\nexport const f = (s: Search) => client.db('d').collection(NAME).find({ page: s.page, n: s.name });\n`;
    const finder = createStatementFinder('/a.ts', context);
    const seen = (): string[] =>
      finder
        .find(text)
        .flatMap(({ collection, holes }) => [collection ?? '?', ...holes.map(({ name, type }) => `${name}: ${type}`)]);
    assert.deepEqual(seen(), ['a', 's.page: number', 's.name: unknown']);
    file = 'type Text = string;\nexport type Search = { page: number, name: Text };\nexport const NAME = "b";';
    assert.deepEqual(seen(), ['b', 's.page: number', 's.name: string']);
    file = 'export const NAME = "b";';
    assert.deepEqual(seen(), ['b', 's.page: unknown', 's.name: unknown']);
  });

  it('sees the types of its own file change', () => {
    const typed = (type: string): string =>
      `${DRIVER}interface Search { page: ${type} }\nconst f = (s: Search) => client.db('d').collection('c').find({ page: s.page });\n`;
    check('a.ts', [typed('number'), typed('string'), typed('Date')]);
    const fields = (type: string): string =>
      `${PYMONGO}class Search:\n    page: ${type}\n\ndef f(s: Search):\n    return db.c.find_one({"page": s.page})\n`;
    check('a.py', [fields('int'), fields('str')]);
  });

  for (const [fileName, source] of [
    ['a.ts', mongoSource(15, 'classes')],
    ['a.ts', mongoSource(15, 'oneClass')],
    ['a.py', mongoSource(15, 'python')],
  ] as const) {
    it(`gives after any edits what a fresh look gives: ${fileName} of ${source.length} characters`, function () {
      this.timeout(60_000);
      for (let seed = 1; seed <= 3; seed++) {
        const next = numbers(seed * 7919);
        const versions = [source];
        for (let edit = 0; edit < 12; edit++) {
          const text = versions[versions.length - 1];
          const at = next(text.length);
          // Sometimes back to what was there before, as undo does.
          if (next(5) === 0) versions.push(versions[Math.max(0, versions.length - 2)]);
          else
            versions.push(
              text.slice(0, at) +
                (next(3) ? INSERTED[next(INSERTED.length)] : '') +
                text.slice(at + (next(2) ? 0 : next(30))),
            );
        }
        check(fileName, versions);
      }
    });
  }
});
