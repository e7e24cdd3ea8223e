import assert from 'node:assert/strict';
import type { Hole } from '../../../../../src/core/database/statement';
import { holeText, readHole } from '../../../../../src/editor/database/explain/holeText';

function check(type: Hole['type'], typed: string, expected: unknown): void {
  assert.deepEqual(readHole(typed, type), { value: expected }, `${type}: ${typed}`);
}

function refuse(type: Hole['type'], typed: string, problem: RegExp): void {
  const reading = readHole(typed, type);
  assert.ok('problem' in reading, `${type}: ${typed} was taken as ${JSON.stringify(reading)}`);
  assert.match(reading.problem, problem);
}

describe('values that are typed for a hole', () => {
  it('are text without quotes where text is asked for', () => {
    check('string', 'running shoes', 'running shoes');
    check('string', '"running shoes"', 'running shoes');
    check('string', "it's", "it's");
    check('string', '42', '42');
    check('string', 'null', null);
    check('string', '/home', '/home');
    check('string', '', '');
  });

  it('are numbers', () => {
    check('number', '42', { $numberInt: '42' });
    check('number', '-1.5', { $numberDouble: '-1.5' });
    check('number', '+7', { $numberInt: '7' });
    check('number', '1_000', { $numberInt: '1000' });
    check('number', '5000000000', { $numberLong: '5000000000' });
    check('number', 'NumberLong("5")', { $numberLong: '5' });
    refuse('number', 'shoes', /./);
    refuse('number', '"5"', /not a number/);
  });

  it('are dates as people write them', () => {
    check('date', '2024-05-31', { $date: { $numberLong: String(Date.UTC(2024, 4, 31)) } });
    check('date', '"2024-05-31T10:00:00Z"', { $date: { $numberLong: String(Date.UTC(2024, 4, 31, 10)) } });
    check('date', 'ISODate("2024-05-31")', { $date: { $numberLong: String(Date.UTC(2024, 4, 31)) } });
    refuse('date', '2024-13-45', /no such date/);
    refuse('date', 'yesterday', /./);
  });

  it('are identifiers, also those that are no ObjectId', () => {
    check('objectId', '507F1F77BCF86CD799439011', { $oid: '507f1f77bcf86cd799439011' });
    check('objectId', 'ObjectId("507f1f77bcf86cd799439011")', { $oid: '507f1f77bcf86cd799439011' });
    check('objectId', '17', { $numberInt: '17' });
    refuse('objectId', 'abc', /quotes/i);
  });

  it('are patterns, lists, documents, and anything', () => {
    check('regex', '/^shoe/i', { $regularExpression: { pattern: '^shoe', options: 'i' } });
    check('regex', '^shoe', { $regularExpression: { pattern: '^shoe', options: '' } });
    check('array', '["a", 1]', ['a', { $numberInt: '1' }]);
    refuse('array', '{}', /list/);
    check('document', '{ a: { $gt: 1 } }', { a: { $gt: { $numberInt: '1' } } });
    refuse('document', '[1]', /document/);
    check('boolean', 'true', true);
    refuse('boolean', '1', /true or false/);
    check('unknown', 'true', true);
    refuse('unknown', 'shoes', /quotes/i);
    refuse('unknown', 'process.exit()', /./);
    refuse('unknown', '', /./);
  });

  it('read back as what they were written from', () => {
    const values: [Hole['type'], unknown][] = [
      ['string', 'plain'],
      ['string', ' spaced '],
      ['string', ''],
      ['string', 'null'],
      ['string', '"quoted"'],
      ['string', '{ "$oid": 1 }'],
      ['number', { $numberInt: '5' }],
      ['number', { $numberDouble: '0.5' }],
      ['number', { $numberDecimal: '1.10' }],
      ['number', { $numberLong: '9007199254740993' }],
      ['date', { $date: { $numberLong: '1700000000000' } }],
      ['objectId', { $oid: '507f1f77bcf86cd799439011' }],
      ['objectId', 'key-1'],
      ['array', ['a', { $oid: '507f1f77bcf86cd799439011' }]],
      ['document', { a: { b: null } }],
      ['regex', { $regularExpression: { pattern: 'a/b', options: 'i' } }],
      ['unknown', 'text'],
      ['boolean', false],
    ];
    for (const [type, value] of values)
      assert.deepEqual(
        readHole(holeText(value, type), type),
        { value },
        `${type} ${JSON.stringify(value)}: ${holeText(value, type)}`,
      );
  });
});
