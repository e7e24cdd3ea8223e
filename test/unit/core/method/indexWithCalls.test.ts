import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { indexWithCalls } from '../../../../src/core/method/indexWithCalls';
import { indexMethods } from '../../../../src/core/method/methodIndex';

describe('gradual indexing', () => {
  it('finds the same methods, with pauses', async () => {
    const text = `\uFEFF${readFileSync(require.resolve('webpack/lib/config/defaults.js'), 'utf8')}`;
    let pauses = 0;
    const { index, calls } = await indexWithCalls(text, 'x.js', () => (pauses++, nextTurn(undefined)), 1);
    assert.deepEqual(index, indexMethods(text, 'x.js'));
    assert.ok(index.methods.length > 50);
    assert.ok(index.methods.some((_method, n) => calls.within(n).length > 0));
    assert.ok(pauses > 5, `${pauses} pauses`);
  });
});
