import assert from 'node:assert/strict';
import { hasManyValues } from '../../../src/core/jsonValues';

/** The least limit that the text stays within. */
function count(text: string): number {
  let most = 1;
  while (hasManyValues(text, most)) most++;
  return most;
}

describe('values of a JSON text', () => {
  it('are counted with the lists and objects, an empty one as if it had one, and not in strings', () => {
    const rows: [string, number][] = [
      ['12', 1],
      ['[1,2,3]', 4],
      ['{"a":1,"b":[{},{}]}', 7],
      ['["a,b,c","[[[[","{{{{"]', 4],
      ['["a\\",,,,","\\\\",1]', 4],
      ['[[[[[[[[[[', 11],
      ['"never closed,,,,,,,,,', 1],
    ];
    for (const [text, expected] of rows) assert.equal(count(text), Math.min(expected, text.length), text);
  });

  it('take linear time to count, whatever the text', () => {
    for (const text of ['\\'.repeat(4_000_000), `"${'\\'.repeat(4_000_000)}"`, '"\\"'.repeat(1_000_000)])
      assert.equal(hasManyValues(text, 1_000_000), false);
    assert.equal(hasManyValues('{},'.repeat(1_000_000), 1_500_000), true);
  });
});
