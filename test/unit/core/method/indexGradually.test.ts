import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { indexMethodsGradually } from '../../../../src/core/method/indexGradually';
import { indexMethods } from '../../../../src/core/method/methodIndex';

describe('gradual indexing', () => {
  it('finds the same methods, with pauses', async () => {
    const text = `\uFEFF${readFileSync(require.resolve('webpack/lib/Compilation.js'), 'utf8')}`;
    let pauses = 0;
    const gradual = await indexMethodsGradually(text, 'x.js', () => (pauses++, nextTurn(undefined)), 1);
    assert.deepEqual(gradual, indexMethods(text, 'x.js'));
    assert.ok(gradual.methods.length > 100);
    assert.ok(pauses > 5, `${pauses} pauses`);
  });
});
