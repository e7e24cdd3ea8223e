import assert from 'node:assert/strict';
import { jsonText } from '../../../src/core/jsonText';

describe('jsonText', () => {
  const values: readonly [string, unknown][] = [
    ['plain values', [1, -0, 1.5, 'a "quoted"\n\u2028 text', true, false, null, NaN, Infinity]],
    ['what JSON leaves out', { a: undefined, b: () => 1, c: Symbol('x'), d: [undefined, () => 1, Symbol('y')] }],
    ['nothing in it', { list: [], object: {}, nested: [[], [{}], { a: [] }] }],
    [
      'dates and what writes itself',
      { at: new Date(0), own: { toJSON: (key: string) => `as ${key}` }, list: [{ toJSON: (key: string) => key }] },
    ],
    ['unusual keys', { '': 1, 'a b': 2, __proto__x: 3, '"': 4 }],
    ['a value alone', 'text'],
    ['null alone', null],
  ];
  for (const [title, value] of values) {
    it(`writes ${title} as JSON.stringify does`, () => {
      for (const indent of [0, 2, 4]) assert.equal(jsonText(value, indent), JSON.stringify(value, undefined, indent));
    });
  }

  it('writes what is nested deeper than any stack', () => {
    let deep: unknown = 'end';
    for (let level = 0; level < 200_000; level++) deep = level % 2 ? { in: deep } : [deep];
    assert.throws(() => JSON.stringify(deep), RangeError);
    const text = jsonText(deep, 0);
    assert.equal(text.length, 100_000 * '[]'.length + 100_000 * '{"in":}'.length + '"end"'.length);
    assert.ok(text.startsWith('{"in":[{"in":[') && text.endsWith(']}]}'));
  });
});
