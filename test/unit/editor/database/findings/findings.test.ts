import assert from 'node:assert/strict';
import { isSuppressed, readSuppressions } from '../../../../../src/core/database/findings/suppressions';
import { levelOf } from '../../../../../src/editor/database/findings/severities';
import { suppressionEdit } from '../../../../../src/editor/database/findings/suppressionEdit';
import { findStatements } from '../../../../support/findStatements';

const parse = (text: string, file: string) => ({ lines: text.split('\n'), statement: findStatements(text, file)[0] });

describe('the edit that silences a finding', () => {
  for (const [name, text, file] of [
    ['JavaScript', `import 'mongodb';\nfunction f() {\n  return db.collection('a').find({ x: 1 });\n}`, 'a.js'],
    ['Python', 'import pymongo\ndef f(db):\n    return db.a.find({"x": 1})', 'a.py'],
  ]) {
    it(`is one comment that works, in ${name}`, () => {
      let current = text;
      for (const [at, rule] of ['R01', 'R02'].entries()) {
        const { lines, statement } = parse(current, file);
        const edit = suppressionEdit((line) => lines[line] ?? '', statement, rule);
        lines[edit.line] = lines[edit.line].slice(0, edit.column) + edit.text + lines[edit.line].slice(edit.column);
        current = lines.join('\n');
        const after = parse(current, file).statement;
        const found = readSuppressions(current, after.language);
        assert.deepEqual(
          ['R01', 'R02', 'R03'].filter((each) => isSuppressed(found, after, each)),
          ['R01', 'R02'].slice(0, at + 1),
          current,
        );
      }
      assert.equal(current.split('heatlens-ignore').length, 2, 'one comment for both');
    });
  }
});

describe('the level of a finding', () => {
  it('is the setting of its rule, else its own', () => {
    assert.equal(levelOf({ rule: 'R01', severity: 'warning' }, {}), 'warning');
    assert.equal(levelOf({ rule: 'R01', severity: 'warning' }, { R01: 'hint', R02: 'off' }), 'hint');
    assert.equal(levelOf({ rule: 'R02', severity: 'error' }, { R01: 'hint', R02: 'off' }), 'off');
    assert.equal(levelOf({ rule: 'R01', severity: 'info' }, { R01: 'loud' }), 'info');
    assert.equal(levelOf({ rule: 'constructor', severity: 'info' }, {}), 'info');
  });
});
