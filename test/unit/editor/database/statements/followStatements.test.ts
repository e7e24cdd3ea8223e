import assert from 'node:assert/strict';
import { followStatements } from '../../../../../src/editor/database/statements/followStatements';
import { statementText } from '../../../../../src/editor/database/statements/statementText';
import { findStatements } from '../../../../support/findStatements';

const head = "const { MongoClient } = require('mongodb');\n";

/** For each statement before, the index of the one that it is after the edit; -1 for one that is gone. */
function check(before: string, after: string, expected: readonly number[]): void {
  const known = findStatements(head + before, 'a.js').map((statement) => ({
    statement,
    text: statementText(statement),
  }));
  const now = findStatements(head + after, 'a.js');
  assert.deepEqual(
    followStatements(known, now, statementText).map((statement) => (statement ? now.indexOf(statement) : -1)),
    expected,
  );
}

const a = "db.collection('a').find({ x: 1 });\n";
const b = "db.collection('b').aggregate([{ $match: { y: 2 } }]);\n";

describe('statements of an edited file', () => {
  it('are the same in another place', () => check(a + b, `// new\n${b}\n\n${a}`, [1, 0]));
  it('are the same with another filter', () => check(a + b, a.replace('x: 1', 'x: 1, z: 3') + b, [0, 1]));
  it('are the same on another collection, where they begin at the same place', () =>
    check(a + b, a.replace("'a'", "'c'") + b, [0, 1]));
  it('are gone when they were removed', () => check(a + b, b, [-1, 0]));
  it('keep their order when several read the same', () => check(a + a + a, `${a}\n// between\n${a}${a}`, [0, 1, 2]));
  it('take the nearest when one of several that read the same is removed', () =>
    check(a + b + b + b + b + a, `${a}${b}${b}${b}${b}`, [0, 1, 2, 3, 4, -1]));
  it('never are two of one', () => check(a + a, a, [0, -1]));
  it('prefer the same text to the same place', () => check(a + b, `${a.replace('x: 1', 'x: 9')}${a}${b}`, [1, 2]));
});
