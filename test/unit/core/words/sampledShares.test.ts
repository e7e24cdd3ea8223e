import assert from 'node:assert/strict';
import { formatShare, formatShareWithError, shareUncertainty } from '../../../../src/core/words/sampledShares';

describe('shares that were sampled', () => {
  it('gives a share as many digits as its samples support', () => {
    const check = (share: number, samples: number, expected: string): void =>
      assert.equal(formatShare(share, samples), expected);
    check(0.482, 40_000, '48.2 %');
    check(0.482, 2_000, '48 %');
    check(0.482, 50, '~48 %');
    check(0.005, 10_000, '0.5 %');
    check(0.005, 400, '~0.5 %');
    check(1, 5, '100.0 %');
    check(1.2, 5_000, '100.0 %');
    check(0.3, 0, 'unknown');
  });

  it('bounds what no sample hit instead of saying 0', () => {
    assert.equal(formatShare(0, 1_000), '<0.3 %');
    assert.equal(formatShare(0, 700), '<0.5 %');
    assert.equal(formatShare(0, 10), '<30 %');
    assert.equal(formatShare(0, 1_000_000), '<0.1 %');
  });

  it('states the error of a share in points', () => {
    assert.equal(formatShareWithError(0.5, 10_000), '50.0 % ± 1.0');
    assert.equal(formatShareWithError(0.5, 400), '50 % ± 5');
    assert.equal(formatShareWithError(0, 1_000), '<0.3 %');
    assert.ok(Math.abs(shareUncertainty(0.5, 10_000) - 0.0098) < 1e-6);
  });
});
