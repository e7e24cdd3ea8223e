import assert from 'node:assert/strict';
import { formatDuration, millisText } from '../../../../src/core/words/times';

describe('times', () => {
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

  it('keep to ms where figures are compared', () => {
    assert.equal(millisText(0.42), '0.4 ms');
    assert.equal(millisText(3), '3 ms');
    assert.equal(millisText(1843.2), '1,843 ms');
  });
});
