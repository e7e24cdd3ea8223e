import assert from 'node:assert/strict';
import { textChange } from '../../../../../src/core/code/textChange';
import { moveStatements, type Edit } from '../../../../../src/editor/database/statements/moveStatements';
import { findStatements } from '../../../../support/findStatements';
import { JS } from '../../../../support/hostileSources/source';

const before = `${JS}c.find({ a: 1 });\nc.find({\n  b: 1,\n});\nc.find({ c: 1 });\n`;

/** What the editor tells when `text` takes the place of the only `what`. */
function edit(what: string, text: string): { edit: Edit; after: string } {
  const at = before.indexOf(what);
  assert.ok(at >= 0 && before.lastIndexOf(what) === at, what);
  const after = before.slice(0, at) + text + before.slice(at + what.length);
  const { from, beforeTo, afterTo } = textChange(before, after);
  const place = (offset: number): Edit['start'] => {
    const lines = before.slice(0, offset).split('\n');
    return { line: lines.length - 1, column: lines[lines.length - 1].length };
  };
  const lines = after
    .slice(from, afterTo)
    .split('\n')
    .map((line) => line.length);
  return { edit: { start: place(from), end: place(beforeTo), lines }, after };
}

describe('statements after an edit', () => {
  const edits: [string, string, string][] = [
    ['lines put in before them', 'const c =', '\n\nconst c ='],
    ['a line taken out before them', "import { MongoClient } from 'mongodb';\n", ''],
    ['lines put in between them', 'c.find({\n', '// one\n\n/* two */ c.find({\n'],
    ['text put in on their line', 'c.find({ c: 1 });', 'go(); c.find({ c: 1 });'],
    ['lines put in inside of one', '  b: 1,', '  b: 1,\n  d: 1,'],
    ['lines joined inside of one', 'c.find({\n  b: 1,\n});', 'c.find({ b: 1 });'],
    ['text put in behind all', 'c: 1 });\n', 'c: 1 });\n\n\n'],
  ];
  for (const [what, from, to] of edits) {
    it(`are where reading the text again finds them: ${what}`, () => {
      const { edit: one, after } = edit(from, to);
      assert.deepEqual(
        moveStatements(findStatements(before, 'a.js'), [one]).map(({ span }) => span.start),
        findStatements(after, 'a.js').map(({ span }) => span.start),
      );
    });
  }

  it('are the same objects where they stand before it', () => {
    const known = findStatements(before, 'a.js');
    const moved = moveStatements(known, [edit('c.find({ c: 1 });', '\nc.find({ c: 1 });').edit]);
    assert.deepEqual(
      moved.map((statement, at) => statement === known[at]),
      [true, true, false],
    );
  });

  it('stay where they are when there is too much to move', () => {
    const known = findStatements(before, 'a.js');
    const { edit: one } = edit('const c =', '\nconst c =');
    assert.equal(moveStatements(known, Array<Edit>(100_000).fill(one)), known);
  });
});
