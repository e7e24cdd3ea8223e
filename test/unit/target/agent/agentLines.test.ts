import assert from 'node:assert/strict';
import { lineReader } from '../../../../src/core/protocol/agentLines';

function read(chunks: readonly string[], limit = 100): { lines: string[]; tooLong: number } {
  const lines: string[] = [];
  let tooLong = 0;
  const onText = lineReader((line) => lines.push(line), { limit, report: () => tooLong++ });
  for (const chunk of chunks) onText(chunk);
  return { lines, tooLong };
}

describe('lines of the agent protocol', () => {
  it('puts lines together however the text was cut', () => {
    const text = 'one\n\ntwo\nthree';
    for (const size of [1, 2, 3, 5, 100]) {
      const chunks = text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [];
      assert.deepEqual(read(chunks), { lines: ['one', '', 'two'], tooLong: 0 }, `chunks of ${size}`);
    }
  });

  it('reports a line that does not end', () => {
    assert.deepEqual(read(['12345', '67890'], 8), { lines: [], tooLong: 1 });
    assert.deepEqual(read(['12345678901234567890\nx'], 8).lines, ['12345678901234567890']);
  });
});
