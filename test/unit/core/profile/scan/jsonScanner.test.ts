import assert from 'node:assert/strict';
import { decodeString } from '../../../../../src/core/profile/scan/jsonBytes';
import { JsonScanner } from '../../../../../src/core/profile/scan/jsonScanner';
import { JsonError, type JsonSink } from '../../../../../src/core/profile/scan/jsonSink';
import type { JsonShape } from '../../../../../src/core/profile/scan/jsonShape';
import { TextMemo } from '../../../../../src/core/profile/scan/textMemo';
import { mutateText, randomNumbers } from '../../../../support/mutate';

const names = ['', 'root', 'a', 'list', 'item', 'inner', 'n', 's'];
function newShape(): JsonShape {
  const members: Record<string, JsonShape> = {
    a: { kind: 'value', field: 2 },
    list: { kind: 'array', field: 3, items: { kind: 'value', field: 4 } },
    inner: {
      kind: 'object',
      field: 5,
      members: { n: { kind: 'value', field: 6 }, s: { kind: 'value', field: 7 } },
      repeats: new TextMemo(),
    },
  };
  const shape: JsonShape = { kind: 'object', field: 1, members };
  // The shape holds itself.
  members['root'] = shape;
  return shape;
}

/** What the sink is told, one line each; objects that repeat are told as they were at first. */
class Log implements JsonSink {
  readonly lines: string[] = [];
  private readonly inner: string[] = [];

  number(field: number, value: number): void {
    this.lines.push(`${names[field]} = ${Object.is(value, -0) ? '-0' : value}`);
  }

  string(field: number, bytes: Uint8Array, start: number, end: number, escaped: boolean): void {
    this.lines.push(`${names[field]} = ${JSON.stringify(decodeString(bytes, start, end, escaped))}`);
  }

  other(field: number, isContainer: boolean): void {
    this.lines.push(`${names[field]} is ${isContainer ? 'a container' : 'a scalar'}`);
  }

  open(field: number): void {
    this.lines.push(`${names[field]} {`);
  }

  close(field: number): number {
    this.lines.push(`} ${names[field]}`);
    if (field !== 5) return 0;
    return this.inner.push(this.lines.slice(this.lines.lastIndexOf('inner {')).join('\n')) - 1;
  }

  again(_field: number, value: number): void {
    this.lines.push(...this.inner[value].split('\n'));
  }

  usual(): number {
    return -1;
  }
}

/** The lines, or where the text is broken. */
function read(bytes: Uint8Array, cuts: readonly number[] = []): string {
  const log = new Log();
  const scanner = new JsonScanner(newShape(), log);
  try {
    [...cuts, bytes.length].forEach((end, n) => scanner.push(bytes.slice(n ? cuts[n - 1] : 0, end)));
    scanner.end();
  } catch (error) {
    assert.ok(error instanceof JsonError, String(error));
    return 'broken';
  }
  return log.lines.join('\n');
}

const text = (value: string): Uint8Array => new TextEncoder().encode(value);

function isJson(bytes: Uint8Array): boolean {
  try {
    JSON.parse(new TextDecoder().decode(bytes));
    return true;
  } catch {
    return false;
  }
}

describe('JSON scanner', () => {
  it('tells what stands at the wanted places, and skips the rest', () => {
    assert.deepEqual(
      read(
        text(
          '{"x":[{"a":1}],"a":-1.5e2,"list":[1,"two",null,{"a":1},[2]],"inner":{"s":"é\\n","n":0,"more":{"n":9}},"root":{"a":true}}',
        ),
      ).split('\n'),
      [
        'root {',
        'a = -150',
        'item = 1',
        'item = "two"',
        'item is a scalar',
        'item is a container',
        'item is a container',
        '} list',
        'inner {',
        's = "é\\n"',
        'n = 0',
        '} inner',
        'root {',
        'a is a scalar',
        '} root',
        '} root',
      ].flatMap((line) => (line === 'item = 1' ? ['list {', line] : [line])),
    );
  });

  it('says where the shape is another', () => {
    for (const [value, line] of [
      ['[]', 'root is a container'],
      ['7', 'root is a scalar'],
      ['"x"', 'root is a scalar'],
      ['null', 'root is a scalar'],
    ]) {
      assert.equal(read(text(value)), line);
    }
    assert.deepEqual(read(text('{"list":{"a":[]},"inner":[{"n":1}],"a":{}}')).split('\n'), [
      'root {',
      'list is a container',
      'inner is a container',
      'a is a container',
      '} root',
    ]);
  });

  const sample =
    '\ufeff {\n\t"a" : -0 , "inner":{"n":12,"s":"x}y"},"inner":{"n":12,"s":"x}y"}, "\\u0061":"\\ud83d\\ude00 \\"q\\" \\\\ é 😀","list":[0,-1,123456789,1234567890,' +
    '1e3,1.25,0.5E-2,9007199254740993,true,false,null,"",[],{}],"inn\\u0065r":{"s":"","n":1e999},"unknown":{"a":[[{"deep":"\\/"}]]},"root":{"list":[]}}\r\n';

  it('is told the same wherever the text is cut', () => {
    const bytes = text(sample);
    const whole = read(bytes);
    assert.notEqual(whole, 'broken');
    for (let cut = 0; cut <= bytes.length; cut++) assert.equal(read(bytes, [cut]), whole, `cut at ${cut}`);
    assert.equal(read(bytes, Array.from(bytes.keys())), whole, 'byte by byte');
    const random = randomNumbers(3);
    for (let round = 0; round < 300; round++) {
      const cuts = Array.from({ length: 5 }, () => Math.floor(random() * bytes.length)).sort((a, b) => a - b);
      assert.equal(read(bytes, cuts), whole, cuts.join());
    }
  });

  it('accepts what JSON.parse accepts, and nothing else', () => {
    const random = randomNumbers(11);
    let accepted = 0;
    for (let mutant = 0; mutant < 6_000; mutant++) {
      const bytes = text(mutateText(sample, random));
      const isGood = isJson(bytes);
      accepted += Number(isGood);
      const told = read(bytes);
      assert.equal(told !== 'broken', isGood, JSON.stringify(new TextDecoder().decode(bytes)));
      if (mutant % 3) continue;
      const cut = Math.floor(random() * bytes.length);
      assert.equal(read(bytes, [cut]), told, `cut at ${cut}`);
    }
    assert.ok(accepted > 500 && accepted < 5_500, `${accepted} accepted`);
  });

  const broken = [
    '',
    ' ',
    '{',
    '[',
    '"',
    '"\\',
    '{"a"',
    '{"a":',
    '{"a":1',
    '{"a":1,',
    '{"a":1,}',
    '[1,]',
    '[,1]',
    '{,}',
    '{a:1}',
    '{"a" 1}',
    '[1 2]',
    '[1}',
    '{"a":1]',
    'tru',
    'truE',
    'nulll',
    'NaN',
  ];
  broken.push(
    '-',
    '01',
    '-01',
    '1.',
    '.5',
    '1e',
    '1e+',
    '+1',
    '0x1',
    '--1',
    '1-1',
    '1,2',
    '{}{}',
    '[]]',
    "['x']",
    '"\\x"',
    '"\\u12g4"',
    '"a\nb"',
    '"\t"',
    '\ufeff\ufeff1',
    '1\ufeff',
    '// x\n1',
    '\v1',
    '\u00a01',
  );
  for (const value of broken) {
    it(`refuses ${JSON.stringify(value)}`, () => {
      assert.ok(!isJson(text(value)));
      assert.equal(read(text(value)), 'broken');
      assert.equal(read(text(value), [1]), 'broken');
    });
  }

  it('takes bytes that are no UTF-8 as JSON.parse of a file does', () => {
    const bytes = Uint8Array.from([...text('{"a":"'), 0xff, 0xe2, 0x82, ...text('","list":["\ud800"]}')]);
    assert.deepEqual(read(bytes).split('\n').slice(1, 4), [
      `a = ${JSON.stringify('\ufffd\ufffd')}`,
      'list {',
      `item = ${JSON.stringify('\ufffd')}`,
    ]);
    assert.equal(read(Uint8Array.from([...text('{'), 0xff, ...text('}')])), 'broken');
  });

  it('takes nesting of any depth', () => {
    const depth = 200_000;
    assert.equal(read(text(`{"x":${'['.repeat(depth)}${']'.repeat(depth)}}`)), 'root {\n} root');
    const lines = read(text(`${'{"root":'.repeat(depth)}{"a":1}${'}'.repeat(depth)}`)).split('\n');
    assert.equal(lines.length, 2 * depth + 3);
    assert.equal(read(text('['.repeat(depth))), 'broken');
  });

  it('passes over long strings, and keeps long names', () => {
    const long = 'ab\\u00e9"'.slice(0, -1).repeat(20_000);
    for (const key of ['x', long])
      assert.equal(read(text(`{"${key}":"${long}"}`), [50_000, 100_000]), 'root {\n} root');
    assert.equal(
      read(text(`{"a":"${long}"}`), [50_000, 100_000]),
      `root {\na = ${JSON.stringify('abé'.repeat(20_000))}\n} root`,
    );
  });
});
