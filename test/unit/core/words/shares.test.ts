import assert from 'node:assert/strict';
import { boxShare, costPercent, percentText, roughPercent, shareOf } from '../../../../src/core/words/shares';

describe('shares', () => {
  it('have the decimals that are asked for', () => {
    assert.equal(percentText(0.4849), '48 %');
    assert.equal(percentText(0.0125, 1), '1.3 %');
    assert.equal(roughPercent(0.00354), '0.35 %');
    assert.equal(roughPercent(0.123), '12 %');
  });

  it('of the cost of measuring are never said to be nothing', () => {
    assert.equal(costPercent(0), '0.0 %');
    assert.equal(costPercent(0.0004), '<0.1 %');
    assert.equal(costPercent(0.0123), '1.2 %');
    assert.equal(costPercent(0.123), '12 %');
  });

  it('of a whole line up in columns', () => {
    assert.equal(shareOf(1, 0), '–');
    assert.equal(shareOf(0, 10), '0.0 %');
    assert.equal(shareOf(1, 3_000), '<0.1 %');
    assert.equal(shareOf(1, 3), '33.3 %');
    assert.equal(shareOf(9_999, 10_000), '100 %');
  });

  it('of a drawn box are short', () => {
    assert.equal(boxShare(1, 0), '0 %');
    assert.equal(boxShare(1, 20_000), '<0.01 %');
    assert.equal(boxShare(1, 2_000), '0.05 %');
    assert.equal(boxShare(34, 100), '34 %');
    assert.equal(boxShare(482, 1_000), '48.2 %');
  });
});
