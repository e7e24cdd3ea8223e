import assert from 'node:assert/strict';
import { translatedTexts } from '../../../../src/editor/webview/pageTexts';

describe('translated texts of a page', () => {
  const english = { run: 'Explain', cancel: 'Cancel', dismiss: 'Dismiss' };

  it('are those that the bundle has, by their names', () => {
    assert.deepEqual(translatedTexts(english, { Explain: 'Erklären', Dismiss: 'Dismiss', Other: 'Anderes' }), {
      run: 'Erklären',
    });
  });

  it('are none without a bundle', () => {
    assert.equal(translatedTexts(english, undefined), undefined);
    assert.equal(translatedTexts(english, {}), undefined);
  });
});
