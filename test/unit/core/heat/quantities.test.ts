import assert from 'node:assert/strict';
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatShare,
  formatShareWithError,
  shareUncertainty,
} from '../../../../src/core/heat/quantities';

describe('quantities', () => {
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

  it('writes bytes in decimal units', () => {
    const check = (bytes: number, expected: string, mean?: number): void =>
      assert.equal(formatBytes(bytes, mean), expected);
    check(0, '0 B');
    check(999, '999 B');
    check(999.6, '1.0 kB');
    check(12_000_000, '12 MB');
    check(1_240_000, '1.2 MB');
    check(999_900_000, '1.0 GB');
    check(210_400_000, '210 MB');
    check(-1_500, '-1.5 kB');
    check(470_000, '~500 kB', 131_072);
    check(1_470_000, '1.5 MB', 131_072);
    check(1_470_000, '~1 MB', 524_288);
    check(960, '~1 kB', 524_288);
  });

  it('writes durations without false precision', () => {
    const check = (ms: number, expected: string): void => assert.equal(formatDuration(ms), expected);
    check(0, '0 ms');
    check(0.44, '0.4 ms');
    check(340.4, '340 ms');
    check(999.7, '1 s');
    check(3_400, '3.4 s');
    check(34_200, '34 s');
    check(59_600, '1 min');
    check(125_000, '2 min 5 s');
    check(3_599_600, '1 h');
    check(3_900_000, '1 h 5 min');
  });

  it('groups counts', () => {
    assert.equal(formatCount(1_234_567), '1\u2009234\u2009567');
    assert.equal(formatCount(12), '12');
  });
});
