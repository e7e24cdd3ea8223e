import assert from 'node:assert/strict';
import { columnWidth } from '../../../src/cli/columnWidth';
import { formatTable, terminalText } from '../../../src/cli/output';
import { visibleJson } from '../../../src/core/words/foreignText';
import { hostileNames, UNSEEN_CHARACTERS } from '../../support/hostileNames';

describe('tables', () => {
  it('pad columns to their widest cell, and leave the last one ragged', () => {
    assert.deepEqual(
      formatTable(
        ['A', 'LONGER', 'Z'],
        [
          ['1', 'x', 'last'],
          ['100', 'y', ''],
        ],
        new Set([0]),
      ),
      ['  A  LONGER  Z', '  1  x       last', '100  y'],
    );
    assert.deepEqual(formatTable(['A', 'B'], [], new Set()), ['A  B']);
  });

  it('stand in columns with wide letters, emoji and marks', () => {
    const lines = formatTable(
      ['N', 'Z'],
      [
        ['総計', 'z'],
        ['😀x', 'z'],
        ['❤️', 'z'],
        ['e\u0301', 'z'],
        ['abcd', 'z'],
      ],
      new Set(),
    );
    for (const line of lines) assert.equal(columnWidth(line.slice(0, line.search(/[zZ]$/))), 6, line);
  });

  it('are as wide as a screen, whatever a name is', () => {
    for (const name of [...Object.values(hostileNames), '総'.repeat(1e5), '😀'.repeat(1e5), 'e\u0301'.repeat(1e5)]) {
      const lines = formatTable(
        ['METHOD', 'AT'],
        [
          [name, `${name}:12`],
          ['plain', 'x.js:1'],
        ],
        new Set([0]),
      );
      assert.equal(lines.length, 3);
      for (const line of lines) {
        assert.doesNotMatch(line, UNSEEN_CHARACTERS);
        assert.doesNotMatch(line, /\n/);
        assert.ok(columnWidth(line) <= 330, `${columnWidth(line)}`);
      }
      assert.match(lines[1], /:12$/);
      assert.ok(lines[2].indexOf('plain') + 5 <= 80);
    }
  });
});

describe('a file on a terminal', () => {
  it('keeps its lines, and commands nothing', () => {
    const bytes = new TextEncoder().encode(`a\u001b[2J;b 1\n${'x'.repeat(10_000)}\u202e 2\n`);
    assert.equal(terminalText(bytes), `a␛[2J;b 1\n${'x'.repeat(10_000)}⟨U+202E⟩ 2\n`);
    assert.doesNotMatch(terminalText(Uint8Array.from({ length: 256 }, (_, byte) => byte)), UNSEEN_CHARACTERS);
  });
});

describe('JSON for a terminal', () => {
  it('is the same value, and has nothing that is not seen', () => {
    const value = {
      ...hostileNames,
      '\u202ekey\u009b': ['\u2028', '\u{e0041}', '\u200d\ufeff', '\ud800', 'größe', '😀'],
    };
    const json = visibleJson(JSON.stringify(value, undefined, 2));
    assert.deepEqual(JSON.parse(json), value);
    assert.doesNotMatch(json, UNSEEN_CHARACTERS);
    assert.match(json, /größe[^]*😀/);
    assert.match(json, /\\u202ekey\\u009b/);
  });
});
