import assert from 'node:assert/strict';
import { names } from '../../../../src/core/words/lists';

describe('lists', () => {
  it('name four at most, and count the rest', () => {
    assert.equal(names([]), '');
    assert.equal(names(['a']), 'a');
    assert.equal(names(new Set(['a', 'b', 'c', 'd'])), 'a, b, c, d');
    assert.equal(names(['a', 'b', 'c', 'd', 'e', 'f', 'g']), 'a, b, c, d and 3 more');
  });
});
