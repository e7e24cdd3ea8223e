import assert from 'node:assert/strict';
import { formatBytes, inBytes, inMegabytes } from '../../../../src/core/words/bytes';

describe('bytes', () => {
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

  it('writes what a server counted, and limits on files', () => {
    assert.equal(inBytes(512), '512 bytes');
    assert.equal(inBytes(12_345), '12.3 kB');
    assert.equal(inBytes(104_857_600), '104.9 MB');
    assert.equal(inMegabytes(1_572_864), '1.5 MB');
  });
});
