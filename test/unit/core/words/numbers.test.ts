import assert from 'node:assert/strict';
import { counted, inDecimals, inDigits, ratioText } from '../../../../src/core/words/numbers';

describe('numbers', () => {
  it('are grouped by commas, whatever the locale', () => {
    const check = (value: number, expected: string): void => assert.equal(inDigits(value), expected);
    check(0, '0');
    check(12, '12');
    check(999.4, '999');
    check(999.6, '1,000');
    check(24_000, '24,000');
    check(1_234_567, '1,234,567');
    check(-123, '-123');
    check(-123_456, '-123,456');
  });

  it('count things in one or many', () => {
    assert.equal(counted(0, 'key'), '0 keys');
    assert.equal(counted(1, 'key'), '1 key');
    assert.equal(counted(48_211, 'document'), '48,211 documents');
    assert.equal(counted(2, 'index', 'indexes'), '2 indexes');
  });

  it('have no decimals that say nothing', () => {
    assert.equal(inDecimals(3.14159), '3.1');
    assert.equal(inDecimals(4.04), '4');
    assert.equal(inDecimals(1.00021, 4), '1.0002');
    assert.equal(ratioText(2.54), '2.5');
    assert.equal(ratioText(9.96), '10');
    assert.equal(ratioText(48_211.4), '48,211');
  });
});
