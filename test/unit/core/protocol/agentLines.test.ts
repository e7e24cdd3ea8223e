import assert from 'node:assert/strict';
import { lineReader } from '../../../../src/core/protocol/agentLines';

describe('lines of an agent', () => {
  it('come whole, however they were cut', () => {
    const text = 'one\n\ntwo three\nfour\n';
    for (let size = 1; size <= text.length; size++) {
      const lines: string[] = [];
      const read = lineReader((line) => lines.push(line));
      for (let at = 0; at < text.length; at += size) read(text.slice(at, at + size));
      assert.deepEqual(lines, ['one', '', 'two three', 'four']);
    }
  });

  it('without an end are told as soon as they are too long, and nothing of them is kept', () => {
    let reports = 0;
    const lines: string[] = [];
    const read = lineReader((line) => lines.push(line), { limit: 1_000, report: () => reports++ });
    for (let n = 0; n < 100; n++) read('x'.repeat(100));
    assert.equal(reports, 9);
    read('\nshort\n');
    assert.equal(lines.at(-1), 'short');
    // One that ends within a chunk, too.
    read(`${'y'.repeat(5_000)}\n`);
    assert.ok(
      lines.every((line) => line.length <= 1_000),
      'no line is longer',
    );
  });
});
