import assert from 'node:assert/strict';
import { NAME_LENGTH, onOneLine, visibleLines, visibleText } from '../../../../src/core/words/foreignText';

/** What is shown of text that hides, commands or turns something around. */
const cases: readonly (readonly [kind: string, text: string, shown: string])[] = [
  ['a terminal command', 'a\u001b[2Jb\u0007', 'a␛[2Jb␇'],
  ['a control of eight bits', 'a\u009b31mb\u0085', 'a⟨U+009B⟩31mb⟨U+0085⟩'],
  ['a deletion', 'a\u007f\u0008', 'a␡␈'],
  ['line breaks', 'a\nb\r\nc\u2028d\u2029e\u000bf\fg', 'a␊b␍␊c⟨U+2028⟩d⟨U+2029⟩e␋f␌g'],
  ['a tab and a zero', 'a\tb\0', 'a␉b␀'],
  ['an override', 'a\u202egnp.js', 'a⟨U+202E⟩gnp.js'],
  ['isolates and marks', '\u2066a\u2069\u200e\u200f\u061c', '⟨U+2066⟩a⟨U+2069⟩⟨U+200E⟩⟨U+200F⟩⟨U+061C⟩'],
  ['zero-width', 'ad\u200bmin\u200c\u200d\u2060\ufeff', 'ad⟨U+200B⟩min⟨U+200C⟩⟨U+200D⟩⟨U+2060⟩⟨U+FEFF⟩'],
  ['invisible operators', 'a\u2061b\u2064', 'a⟨U+2061⟩b⟨U+2064⟩'],
  ['a soft hyphen and fillers', 'a\u00adb\u3164c\u115fd\u034f', 'a⟨U+00AD⟩b⟨U+3164⟩c⟨U+115F⟩d⟨U+034F⟩'],
  ['tags', 'a\u{e0041}\u{e007f}', 'a⟨U+E0041⟩⟨U+E007F⟩'],
  ['selectors that carry a message', 'a\ufe01\ufe02\u{e0101}', 'a⟨U+FE01⟩⟨U+FE02⟩⟨U+E0101⟩'],
  ['annotations', 'a\ufff9b\ufffb', 'a⟨U+FFF9⟩b⟨U+FFFB⟩'],
  ['format characters of scripts', 'a\u180eb\u{13430}c\u{1d173}', 'a⟨U+180E⟩b⟨U+13430⟩c⟨U+1D173⟩'],
  ['noncharacters', 'a\ufffeb\u{1ffff}', 'a⟨U+FFFE⟩b⟨U+1FFFF⟩'],
  ['half a character', 'a\ud800b\udc00', 'a⟨U+D800⟩b⟨U+DC00⟩'],
  ['a tower of marks', `a${'\u0301'.repeat(50)}b`, `a${'\u0301'.repeat(4)}…b`],
];

describe('text of others', () => {
  for (const [kind, text, shown] of cases)
    it(`shows ${kind}`, () => {
      assert.equal(visibleText(text), shown);
      assert.equal(visibleText(shown), shown);
    });

  for (const text of ['Cart.total', '/srv/app/x.js:12', 'größe', '総計', 'résumé e\u0301', '❤️ 😀', 'नमस्ते', 'a b'])
    it(`leaves ${text} as it is`, () => assert.equal(visibleText(text), text));

  it('keeps both ends of what is too long, and no half of a character', () => {
    const long = visibleText(`${'a'.repeat(1e6)}.js:12`, { limit: 40 });
    assert.equal(long, `${'a'.repeat(26)}…${'a'.repeat(7)}.js:12`);
    for (let at = 0; at < 8; at++) {
      const shown = visibleText('x'.repeat(at) + '😀'.repeat(100), { limit: 21 });
      assert.ok(shown.length <= 21);
      assert.doesNotMatch(shown, /[\p{Cs}⟨]/u);
    }
    assert.ok(visibleText('\u202e'.repeat(1e6)).length <= NAME_LENGTH);
  });

  it('keeps lines that are ours, and makes one of several', () => {
    assert.equal(visibleLines('a\u001b\n  b\r\nc\rd', 100), 'a␛\n  b\nc␍d');
    assert.ok(visibleLines('a\n'.repeat(1e6), 100).length <= 100);
    assert.equal(onOneLine('a \n\n  b\r\nc\u2028 d'), 'a b c d');
    assert.equal(onOneLine('a  b '), 'a  b ');
  });
});
