import assert from 'node:assert/strict';
import { KeptPanels } from '../../../../src/editor/webview/keptPanels';
import { fakeMemory } from '../database/memory';

interface Kept {
  readonly key: string;
  readonly what: string;
}

describe('panels of the window before', () => {
  const one = { key: '1', what: 'first' };
  const two = { key: '2', what: 'second' };

  it('are found by the key that their page kept, in any order', () => {
    const memory = fakeMemory();
    new KeptPanels<Kept>(memory, 'panels').keep([one, two]);
    const kept = new KeptPanels<Kept>(memory, 'panels');
    assert.deepEqual(kept.take({ version: 1, key: '2' }), two);
    assert.deepEqual(kept.take({ key: '1' }), one);
    assert.equal(kept.take({ key: '1' }), undefined, 'given once');
  });

  it('are none where the page kept no key, or one that nobody knows', () => {
    const memory = fakeMemory();
    new KeptPanels<Kept>(memory, 'panels').keep([one]);
    const kept = new KeptPanels<Kept>(memory, 'panels');
    for (const state of [undefined, null, {}, { key: 1 }, { key: '3' }]) assert.equal(kept.take(state), undefined);
  });

  it('stay kept until they are given back', () => {
    const memory = fakeMemory();
    new KeptPanels<Kept>(memory, 'panels').keep([one, two]);
    const kept = new KeptPanels<Kept>(memory, 'panels');
    kept.take({ key: '1' });
    kept.keep([{ ...one, what: 'edited' }]);
    assert.deepEqual(memory.get('panels'), [{ ...one, what: 'edited' }, two]);
  });
});
