import assert from 'node:assert/strict';
import { formatChange, formatTick, formatValue, measureText, type Unit } from '../../../../src/core/words/measures';

describe('values of measures', () => {
  it('are short in a line of text', () => {
    const check = (value: number, unit: Unit, expected: string): void =>
      assert.equal(measureText(value, unit), expected);
    check(12.34, 'µs', '12 µs');
    check(340_000, 'µs', '340 ms');
    check(-3_400_000, 'µs', '-3.4 s');
    check(1_240_000, 'bytes', '1.2 MB');
    check(1.234, 'count', '1.23');
    check(12_000, 'count', '12,000');
  });

  it('have three digits and a unit in columns', () => {
    const check = (value: number, unit: Unit, expected: string): void =>
      assert.equal(formatValue(value, unit), expected);
    check(Number.NaN, 'µs', '–');
    check(0, 'µs', '0 µs');
    check(0.001, 'µs', '<0.01 µs');
    check(0.1234, 'µs', '0.123 µs');
    check(999.4, 'µs', '999 µs');
    check(999.6, 'µs', '1.00 ms');
    check(1_234_567, 'µs', '1.23 s');
    check(-1_234_567, 'µs', '−1.23 s');
    check(99_960_000, 'µs', '100 s');
    check(123_456_789_000, 'µs', '123,457 s');
    check(12, 'bytes', '12 B');
    check(45_600_000, 'bytes', '45.6 MB');
    check(1_234e12, 'bytes', '1,234 TB');
    check(1_234, 'count', '1,234');
  });

  it('tell which way they changed', () => {
    assert.equal(formatChange(0, 'bytes'), '±0');
    assert.equal(formatChange(1_200_000, 'µs'), '+1.20 s');
    assert.equal(formatChange(-3_000_000, 'bytes'), '−3.00 MB');
  });

  it('have as many decimals on an axis as its ticks need', () => {
    assert.equal(formatTick(1_500_000, 500_000), '1.5 s');
    assert.equal(formatTick(2_000, 1_000), '2 ms');
    assert.equal(formatTick(0, 10), '0 µs');
  });
});
