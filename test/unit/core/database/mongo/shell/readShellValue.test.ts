import assert from 'node:assert/strict';
import { isHeatlensError } from '../../../../../../src/core/errors';
import { readShellValue } from '../../../../../../src/core/database/mongo/shell/readShellValue';
import { ejsonText } from '../../../../../../src/core/ejson/ejsonText';

const date = (iso: string) => ({ $date: { $numberLong: String(Date.parse(iso)) } });
const int = (value: number) => ({ $numberInt: String(value) });

describe('readShellValue', () => {
  const cases: [string, unknown][] = [
    ['"Books"', 'Books'],
    [" 'it\\'s' ", "it's"],
    ['`back`', 'back'],
    ['"\\u0041\\x42\\n\\u{1F600}\\ud83d\\ude00"', 'AB\n😀😀'],
    ['5', int(5)],
    ['-5', int(-5)],
    ['1_000', int(1000)],
    ['0xff', int(255)],
    ['-2147483648', int(-2147483648)],
    ['2147483648', { $numberLong: '2147483648' }],
    ['9007199254740993', { $numberLong: '9007199254740993' }],
    ['5.0', { $numberDouble: '5.0' }],
    ['-0', { $numberDouble: '-0.0' }],
    ['1.5e3', { $numberDouble: '1500.0' }],
    ['.5', { $numberDouble: '0.5' }],
    ['NaN', { $numberDouble: 'NaN' }],
    ['-Infinity', { $numberDouble: '-Infinity' }],
    ['1e999', { $numberDouble: 'Infinity' }],
    ['true', true],
    ['False', false],
    ['None', null],
    ['null', null],
    ['[]', []],
    ['[1, "a", null,]', [int(1), 'a', null]],
    ['{}', {}],
    ['{ a: 1, "b.c": [2], \'d\': { $gt: 3 }, }', { a: int(1), 'b.c': [int(2)], d: { $gt: int(3) } }],
    ['{ größe: 1 } // so it is', { größe: int(1) }],
    ['{"__proto__": 1}', JSON.parse('{"__proto__": {"$numberInt": "1"}}')],
    ["ObjectId('64b7f0c2a1b2c3d4e5f60718')", { $oid: '64b7f0c2a1b2c3d4e5f60718' }],
    ["new ObjectId('64B7F0C2A1B2C3D4E5F60718')", { $oid: '64b7f0c2a1b2c3d4e5f60718' }],
    ['{"$oid": "64b7f0c2a1b2c3d4e5f60718"}', { $oid: '64b7f0c2a1b2c3d4e5f60718' }],
    ["ISODate('2024-01-31')", date('2024-01-31T00:00:00Z')],
    ["ISODate('2024-01-31T10:00:00')", date('2024-01-31T10:00:00Z')],
    ["new Date('2024-01-31T10:00:00+02:00')", date('2024-01-31T08:00:00Z')],
    ['new Date(1700000000000)', { $date: { $numberLong: '1700000000000' } }],
    ['new Date(2024, 0, 31)', date('2024-01-31T00:00:00Z')],
    ['{"$date": "2024-01-31T00:00:00Z"}', date('2024-01-31T00:00:00Z')],
    ['{"$date": {"$numberLong": "5"}}', { $date: { $numberLong: '5' } }],
    ['/x\\/[/]y/gi', { $regularExpression: { pattern: 'x\\/[/]y', options: 'i' } }],
    ["new RegExp('^a', 'mi')", { $regularExpression: { pattern: '^a', options: 'im' } }],
    ['{ $regex: "a", $options: "i" }', { $regex: 'a', $options: 'i' }],
    ['NumberLong(5)', { $numberLong: '5' }],
    ['NumberLong("9007199254740993")', { $numberLong: '9007199254740993' }],
    ['Long.fromString("7")', { $numberLong: '7' }],
    ['NumberInt(5)', int(5)],
    ['NumberDecimal("1.10")', { $numberDecimal: '1.10' }],
    ['Double(3)', { $numberDouble: '3' }],
    ['UUID("3b241101-e2bb-4255-8caf-4136c566a962")', { $uuid: '3b241101-e2bb-4255-8caf-4136c566a962' }],
    ['Timestamp(7, 1)', { $timestamp: { t: 7, i: 1 } }],
    ['Timestamp({ t: 7, i: 1 })', { $timestamp: { t: 7, i: 1 } }],
    ['{"$timestamp": {"t": 7, "i": 1}}', { $timestamp: { t: 7, i: 1 } }],
    ['BinData(0, "aGk=")', { $binary: { base64: 'aGk=', subType: '00' } }],
    ['MinKey()', { $minKey: 1 }],
    ['{"$numberLong": "12"}', { $numberLong: '12' }],
  ];
  for (const [text, expected] of cases) {
    it(`reads ${text}`, () => assert.deepEqual(readShellValue(text), expected));
  }

  it('takes the present for a date without arguments', () => {
    const before = Date.now();
    const { $date } = readShellValue('new Date()') as { $date: { $numberLong: string } };
    assert.ok(Number($date.$numberLong) >= before && Number($date.$numberLong) <= Date.now());
  });

  it('reads back what the shell text shows', () => {
    for (const value of [
      {
        a: [{ $oid: '64b7f0c2a1b2c3d4e5f60718' }, date('2024-01-31T10:00:00Z')],
        'b c': { $regularExpression: { pattern: 'a/b', options: 'i' } },
        n: { $numberLong: '5' },
      },
    ]) {
      assert.deepEqual(readShellValue(ejsonText(value)), value);
    }
  });

  const failures: [string, RegExp][] = [
    ['', /There is no value/],
    ['   ', /There is no value/],
    ['Books', /Books is not a value.*quotes: "Books"/],
    ['two words', /two words is not a value.*"two words"/],
    ['2024-01-31', /quotes: "2024-01-31"/],
    ['"open', /quote " is not closed \(character 1\)/],
    ['{ a: 1', /} is missing \(character 7\)/],
    ['{ a 1 }', /colon is missing behind a \(character 5\)/],
    ['{ a: }', /is not a value \(character 6\)/],
    ['[1 2]', /comma or \] is missing \(character 4\)/],
    ['[1', /comma or \] is missing/],
    ['{ a: b }', /b is not a value; put text in quotes \(character 6\)/],
    ['"a" "b"', /value ends before ""b"" \(character 5\)/],
    ['ObjectId("xyz")', /24 hexadecimal digits \(character 1\)/],
    ['{ a: ObjectId() }', /needs its 24 hexadecimal digits \(character 6\)/],
    ['ISODate("yesterday")', /"yesterday" is no date/],
    ['NumberInt(5000000000)', /does not fit into 32 bits/],
    ['NumberLong("x")', /whole number/],
    ['{"$oid": 5}', /24 hexadecimal digits/],
    ['process.exit(1)', /process\.exit\(\) is not known here/],
    ['`${x}`', /holds no expressions/],
    ['/x', /not closed/],
    ['/x/q', /no option q/],
    ['constructor()', /not known here/],
    [`${'['.repeat(100_000)}`, /nested more than 150 levels/],
    [`${'{a:'.repeat(100_000)}`, /nested more than 150 levels/],
  ];
  for (const [text, expected] of failures) {
    it(`says what is wrong with ${JSON.stringify(text.slice(0, 40))}`, () => {
      assert.throws(
        () => readShellValue(text),
        (error) => {
          assert.ok(isHeatlensError(error), String(error));
          assert.equal(error.code, 'badValue');
          assert.match(error.oneLine, expected);
          return true;
        },
      );
    });
  }
});
