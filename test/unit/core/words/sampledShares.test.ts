import assert from 'node:assert/strict';
import { formatShare, formatShareWithin, shareUncertainty } from '../../../../src/core/words/sampledShares';

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

  it('takes an error that is better known than by the number of samples', () => {
    assert.equal(formatShare(0.482, 40_000, 0.02), '48 %');
    assert.equal(formatShare(0.482, 40_000, 0.25), '~48 %');
    assert.equal(formatShare(0, 40_000, 0.02), '<2 %');
    assert.equal(formatShare(0.3, 0, 0.02), 'unknown');
  });

  it('states a share within its error, in points', () => {
    const check = (share: number, error: number, expected: string): void =>
      assert.equal(formatShareWithin(share, 10_000, error), expected);
    check(0.5, 0.0098, '50.0 ± 1.0 %');
    check(0.5, 0.05, '50 ± 5 %');
    check(0.313, 0.006, '31.3 ± 0.6 %');
    check(0.313, 0.12, '31 ± 12 %');
    check(1.2, 0.02, '100 ± 2 %');
  });

  it('bounds a share whose interval reaches 0, and leaves out an error below the rounding', () => {
    assert.equal(formatShareWithin(0, 10_000, 0.02), '<2 %');
    assert.equal(formatShareWithin(0.014, 10_000, 0.02), '<4 %');
    assert.equal(formatShareWithin(0.5, 10_000, 0.8), '<100 %');
    assert.equal(formatShareWithin(0.313, 10_000, 0.0004), '31.3 %');
    assert.equal(formatShareWithin(0.313, 0, 0.02), 'unknown');
    assert.equal(formatShareWithin(0, 1_000, 0), '<0.3 %', 'no sample hit it');
  });

  it('knows the error of sampling', () => {
    assert.ok(Math.abs(shareUncertainty(0.5, 10_000) - 0.0098) < 1e-6);
  });
});
