import assert from 'node:assert/strict';
import { createView } from '../../../../../src/core/flame/view/createView';
import { compileLinear } from '../../../../../src/core/flame/search/linearRegExp';
import { UnsupportedRegExp } from '../../../../../src/core/flame/search/parseRegExp';
import { searchFrames, type SearchResult } from '../../../../../src/core/flame/search/searchFrames';
import { defaultViewOptions } from '../../../../../src/core/flame/view/viewOptions';
import { columnsOf } from '../../../../support/columnsBuilder';
import { fan, randomProfile, shownStacks } from '../../../../support/flameTruth';
import { randomNumbers } from '../../../../support/mutate';

const load = 'loadOrder@/app/a.js:0';
const price = 'Price@/app/a.js:5';
const query = 'q@/app/node_modules/mongodb/lib/q.js:1';

describe('Search', () => {
  const view = createView(
    columnsOf({ [`${load} > ${price} > ${load}`]: 1, [`${price} > ${query}`]: 2, [query]: 4, [load]: 8 }),
    defaultViewOptions,
  );
  const search = (text: string, options: { isRegExp?: boolean; matchCase?: boolean } = {}): SearchResult =>
    searchFrames(view, { query: text, isRegExp: false, matchCase: false, ...options });
  const found = (result: SearchResult): string =>
    view.frames
      .filter((_, frame) => result.matches[frame])
      .map(({ name }) => name)
      .join(' ');

  it('finds parts of names, and packages', () => {
    assert.equal(found(search('ORDER')), 'loadOrder');
    assert.equal(found(search('ORDER', { matchCase: true })), '');
    assert.equal(found(search('Order', { matchCase: true })), 'loadOrder');
    assert.equal(found(search('mongo')), 'q');
    assert.equal(found(search('r')), '(root) loadOrder Price');
    assert.equal(found(search('.')), '');
  });

  it('finds expressions', () => {
    assert.equal(found(search('^p|r$', { isRegExp: true })), 'loadOrder Price');
    assert.equal(found(search('^p|r$', { isRegExp: true, matchCase: true })), 'loadOrder');
    assert.equal(found(search('.', { isRegExp: true })), '(root) loadOrder Price q');
  });

  it('counts each stack once', () => {
    assert.deepEqual([search('load').matchedValue, search('load').matchedFrames], [9, 1]);
    assert.equal(search('price').matchedValue, 3);
    assert.equal(search('load|price', { isRegExp: true }).matchedValue, 11);
    assert.equal(search('(root)').matchedValue, 15);
    for (let seed = 0; seed < 30; seed++) {
      const profile = randomProfile(seed);
      const { matchedValue } = searchFrames(createView(profile, defaultViewOptions), {
        query: 'l',
        isRegExp: false,
        matchCase: false,
      });
      const stacks = shownStacks(profile, defaultViewOptions).filter(({ names }) =>
        names.some((name) => /l/i.test(name)),
      );
      assert.equal(
        matchedValue,
        stacks.reduce((sum, { value }) => sum + value, 0),
      );
    }
  });

  it('finds nothing for nothing', () => {
    for (const isRegExp of [true, false])
      assert.deepEqual(search('', { isRegExp }), { matches: new Uint8Array(4), matchedFrames: 0, matchedValue: 0 });
  });

  it('hints what is wrong with a broken expression', () => {
    assert.deepEqual(search('(', { isRegExp: true }), {
      hint: 'Unterminated group.',
      matches: new Uint8Array(4),
      matchedFrames: 0,
      matchedValue: 0,
    });
    for (const broken of ['[', 'a**', '\\', '(?<a', 'a{2,1}', '(?<n>a)(?<n>b)'])
      assert.match(search(broken, { isRegExp: true }).hint ?? '', /^\S.*\.$/, broken);
    assert.match(search('(?=a)', { isRegExp: true }).hint!, /does not understand look-around/);
    assert.match(search('(a)\\1', { isRegExp: true }).hint!, /does not understand backreferences/);
  });

  it('never hangs', function () {
    this.timeout(10_000);
    const names = Object.fromEntries(Array.from({ length: 300 }, (_, n) => [`${'a'.repeat(200)}${n}!@/a.js:${n}`, 1]));
    const large = createView(columnsOf({ ...names, [`${'a'.repeat(10_000)}!@/a.js:400`]: 1 }), defaultViewOptions);
    for (const evil of [
      '(a+)+$',
      '(a|a)*$',
      '(a|aa)+$',
      '^(([a-z])+.)+[A-Z]([a-z])+$',
      '.*.*.*.*.*=',
      '(.*a){25}$',
      '(x*)*y',
      'a{500}b',
      '(((a*)*)*)*$',
    ]) {
      const started = performance.now();
      const { hint } = searchFrames(large, { query: evil, isRegExp: true, matchCase: true });
      assert.ok(performance.now() - started < 2_500, `${evil}: ${performance.now() - started} ms, ${hint}`);
    }
  });

  it('gives up with a hint when its time is over', () => {
    const names = createView(
      fan(1_000, 1_000, () => 1),
      defaultViewOptions,
    );
    const result = searchFrames(names, { query: 'f', isRegExp: true, matchCase: true }, -1);
    assert.match(result.hint!, /takes too long/);
    assert.deepEqual([result.matchedFrames, result.matches.includes(1)], [0, false]);
  });
});

describe('An expression in linear time', () => {
  const check = (source: string, ignoreCase: boolean, texts: readonly string[]): void => {
    const native = new RegExp(source, ignoreCase ? 'i' : '');
    const linear = compileLinear(source, ignoreCase);
    for (const text of texts)
      assert.equal(
        linear.test(text),
        native.test(text),
        `/${source}/${ignoreCase ? 'i' : ''} on ${JSON.stringify(text)}`,
      );
  };

  it("understands JavaScript's syntax", () => {
    const texts = [
      '',
      'a',
      'ab',
      'aab',
      'Ab',
      'ba',
      'a-b',
      'a b',
      'a\nb',
      '{',
      '}',
      '{1',
      'a{1',
      ']',
      '\\c',
      '\\',
      '\0',
      'ä',
      'Ä',
      'ſ',
      'K',
      '😀',
      '(x)',
      'x{2}',
      'é',
      '$a',
      'a.b',
      'k',
      'uu',
      '_a1',
      'constructor',
      '/',
    ];
    const sources = [
      '',
      'a',
      '^a$',
      'a|b',
      '(a|b)b',
      '(?:a|b){2}',
      'a{2,}',
      'a{0}',
      'a{1,2}b',
      'a??b',
      'a*?',
      'a+?$',
      '[ab]+',
      '[^a]',
      '[^]',
      '[]',
      '[\\]a]',
      '[a-c]',
      '\\bb',
      'a\\B',
      '\\w+',
      '\\W',
      '\\d',
      '\\s',
      '\\S$',
      '.',
      '\\.',
      '{',
      '}',
      ']',
      'a{',
      'a{,2}',
      '\\x61',
      '\\u0061',
      '\\u{2}',
      '\\cA',
      '\\c',
      '\\0',
      '\\/',
      '/',
      '(?<n>a)b',
      '()',
      '(|a)b',
      'a||b',
      '\\$a',
      '\\n',
      '[\\b]',
      '[\\d-z]',
      '\\-',
      '(?:){3}a',
      '(?:a*)*b',
      '(a{0,2}){2}$',
      'ä',
      '[ä-ö]',
      '\\u017f',
      'K',
      '^$',
      '$^',
      '(^a|b$)',
      '\\ud83d',
      '[😀]',
    ];
    for (const source of sources) for (const ignoreCase of [false, true]) check(source, ignoreCase, texts);
  });

  it('says the same as the native one of whatever is put together by chance', () => {
    const random = randomNumbers(5);
    const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)];
    const expression = (depth: number): string => {
      const kind = random();
      if (depth === 0 || kind < 0.4)
        return pick(['a', 'b', 'B', '.', '\\w', '[ab]', '[^a]', '\\b', '^', '$', '\\d', '1', '']);
      if (kind < 0.6) return expression(depth - 1) + expression(depth - 1);
      if (kind < 0.75) return `(${expression(depth - 1)}|${expression(depth - 1)})`;
      return `(?:${expression(depth - 1)})${pick(['*', '+', '?', '{2}', '{1,}', '{0,3}', '*?', '{2,3}?'])}`;
    };
    const texts = Array.from({ length: 40 }, () =>
      Array.from({ length: Math.floor(random() * 7) }, () => pick(['a', 'b', 'B', '1', ' ', 'c'])).join(''),
    );
    for (let round = 0; round < 3_000; round++) check(expression(4), round % 2 === 0, texts);
  });

  it('forgets states when there are too many, and goes on', () => {
    // One state for each of the last 14 characters being an `a` or not.
    const random = randomNumbers(9);
    const texts = Array.from({ length: 200 }, () =>
      Array.from({ length: 300 }, () => (random() < 0.5 ? 'a' : 'b')).join(''),
    );
    check(`a[ab]{14}c`, false, [...texts, ...texts.map((text) => `${text}c`)]);
  });

  it('refuses what an automaton cannot match, or not in reasonable size', () => {
    for (const source of [
      '(?=a)',
      '(?!a)',
      '(?<=a)',
      '(?<!a)',
      '(a)\\1',
      '(?<n>a)\\k<n>',
      '(?:a{1000}){1000}',
      'a{100000000}',
      'a'.repeat(2_001),
      '('.repeat(1_500) + ')'.repeat(1_500),
    ]) {
      assert.throws(() => compileLinear(source, false), UnsupportedRegExp, source.slice(0, 30));
    }
    assert.throws(() => compileLinear('(', false), SyntaxError);
  });
});
