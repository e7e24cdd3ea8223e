import assert from 'node:assert/strict';
import { isSuppressed, readSuppressions } from '../../../../../src/core/database/findings/suppressions';
import { findStatements } from '../../../../support/findStatements';

/** Of the rules R01 and R07, those that are suppressed for each statement. */
function check(lines: readonly string[], expected: readonly string[], fileName = 'a.ts'): void {
  const python = fileName.endsWith('.py');
  const head = python
    ? ['from pymongo import MongoClient', 'c = MongoClient().d.c']
    : ["import { MongoClient } from 'mongodb';", "const c = new MongoClient('x').db().collection('c');"];
  const text = [...head, ...lines].join('\n');
  const suppressions = readSuppressions(text, python ? 'python' : 'typescript');
  const found = findStatements(text, fileName).map((statement) =>
    ['R01', 'R07'].filter((rule) => isSuppressed(suppressions, statement, rule)).join(' '),
  );
  assert.deepEqual(found, expected);
}

describe('suppressions', () => {
  const cases: readonly [string, readonly string[], readonly string[]][] = [
    ['nothing without a comment', ['c.find({});'], ['']],
    ['all rules on the line', ['c.find({}); // heatlens-ignore'], ['R01 R07']],
    [
      'named rules',
      [
        'c.find({}); // heatlens-ignore R01',
        'c.find({}); // heatlens-ignore R02, R07',
        'c.find({}); // heatlens-ignore: R01 R07',
      ],
      ['R01', 'R07', 'R01 R07'],
    ],
    [
      'rules with a reason behind them',
      ['c.find({}); // heatlens-ignore R07 runs once a day', 'c.find({}); // heatlens-ignore, for R01 is no list'],
      ['R07', 'R01 R07'],
    ],
    ['a comment on the line above', ['// heatlens-ignore R01', 'c.find({});'], ['R01']],
    [
      'a block comment above',
      ['/* heatlens-ignore */', 'c.find({});', ' * heatlens-ignore R07', 'c.find({});'],
      ['R01 R07', 'R07'],
    ],
    ['the last line', ['c.find({', '  a: 1, // heatlens-ignore', '}).toArray(); // heatlens-ignore R07'], ['R07']],
    ['not what stands behind the statement above', ['c.find({}); // heatlens-ignore', 'c.find({});'], ['R01 R07', '']],
    ['not two lines above', ['// heatlens-ignore', '', 'c.find({});'], ['']],
    [
      'not in a string, nor behind one',
      [
        "c.find({ a: '// heatlens-ignore' });",
        'c.find({ a: "it\'s // heatlens-ignore" });',
        "c.find({ a: 'x' }); // heatlens-ignore R01",
      ],
      ['', '', 'R01'],
    ],
    ['not another word', ['c.find({}); // heatlens-ignore-file', 'c.find({}); // no-heatlens-ignore'], ['', '']],
    ['behind a quote that opens nothing', ["c.find({ a: /'/ }); // heatlens-ignore"], ['R01 R07']],
    ['of two comments both', ['c.find({}); /* heatlens-ignore R01 */ /* heatlens-ignore R07 */'], ['R01 R07']],
  ];
  for (const [title, lines, expected] of cases) it(`take ${title}`, () => check(lines, expected));

  it('are comments of Python too', () => {
    check(
      [
        'c.find({})  # heatlens-ignore R01',
        '# heatlens-ignore',
        'c.find({"a": "# heatlens-ignore"})',
        'c.find({"a": "# heatlens-ignore"})',
      ],
      ['R01', 'R01 R07', ''],
      'a.py',
    );
  });

  it('are none on a line that nobody wrote, which is not looked through', () => {
    const generated = 'x; // heatlens-ignore '.repeat(50_000);
    const found = readSuppressions(`${generated}\nx; // heatlens-ignore R01\n`, 'typescript');
    assert.deepEqual([...found.keys()], [1]);
  });
});
