import assert from 'node:assert/strict';
import { hostileNames, UNSEEN_CHARACTERS } from '../../../support/hostileNames';
import { codeBlock, codeSpan, escapeMarkdown, inlineText } from '../../../../src/core/words/markdown';

describe('Markdown', () => {
  it('has no markup of others', () => {
    const check = (text: string, expected: string): void => assert.equal(escapeMarkdown(text), expected);
    check('a|b\nc', 'a\\|b c');
    check('Cart.total', 'Cart.total');
    check('20.5 % - 3 keys', '20.5 % - 3 keys');
    check('*a* _b_ `c` ~~d~~', '\\*a\\* \\_b\\_ \\`c\\` \\~\\~d\\~\\~');
    check('<b>[x](command:evil)</b> &amp;', '&lt;b&gt;\\[x\\]\\(command:evil\\)&lt;/b&gt; &amp;amp;');
    check('$(flame) {1} #2 \\', '\\$&#40;flame\\) \\{1\\} \\#2 \\\\');
  });

  it('has no lists, rules and links of others', () => {
    const check = (text: string, expected: string): void => assert.equal(escapeMarkdown(text), expected);
    check('- one', '\\- one');
    check('---', '\\---');
    check('===', '\\===');
    check('  12. twelve', '12\\. twelve');
    check('1) one', '1\\) one');
    check('+ one', '\\+ one');
    check('    code', 'code');
    check('# one', '\\# one');
    check('[^1]: note', '\\[^1\\]: note');
    check('someone@example.org', 'someone\\@example.org');
    check('xWWW.evil.example', 'xWWW\\.evil.example');
    check('see http://evil.example', 'see http\\://evil.example');
    check('www.evil.example', 'www\\.evil.example');
  });

  for (const [kind, name] of Object.entries(hostileNames))
    it(`has ${kind} as text`, () => {
      for (const text of [name, `    ${name}`, `\\${name}`, `1. ${name}`, `- ${name}`, `|${name}|`, `${name}\n===`]) {
        const made = escapeMarkdown(text);
        assert.doesNotMatch(made, UNSEEN_CHARACTERS);
        assert.doesNotMatch(made, /\n|^\s|<|>/);
        // What the editor looks for in the HTML that comes of it, where no backslash is left.
        assert.doesNotMatch(made.replace(/\\([!-/:-@[-`{-~])/g, '$1'), /\$\([A-Za-z0-9~-]+\)/);
        // What is left of the text once all that is escaped is gone has no markup, no link and no start of a list.
        const bare = made.replace(/\\[!-/:-@[-`{-~]/g, '\0');
        assert.doesNotMatch(bare, /[\\`*_{}[\]()+!|~$@]|:\/\/|www\.|^[-=#]|^\d+[.)](?:\s|$)/i);
        assert.ok(made.length <= 2_500);
      }
    });

  it('has code of bounded length, in which nothing is hidden', () => {
    assert.equal(codeBlock('', 'a\u202e\r\n  b\r```'), '````\na⟨U+202E⟩\n  b␍```\n````');
    assert.ok(codeBlock('js', '`x'.repeat(1e6)).length < 150_000);
    assert.ok(codeSpan('` '.repeat(1e6)).length < 1_500);
    assert.ok(inlineText('*'.repeat(1e6)).length < 2_500);
  });

  it('can be read as it is where it is copied', () => {
    assert.equal(inlineText('30 documents *sorted*\n($out, a_b)'), '30 documents \\*sorted\\* ($out, a\\_b)');
    assert.equal(inlineText('- a\n1. b ~c~'), '\\- a 1. b \\~c\\~');
    assert.equal(inlineText('1. b'), '1\\. b');
    assert.equal(inlineText('a\u202eb'), 'a⟨U+202E⟩b');
  });

  it('has code that cannot end its own fence', () => {
    assert.equal(codeSpan('a b'), '`a b`');
    assert.equal(codeSpan('a`b\n``c'), '``` a`b ``c ```');
    assert.equal(codeBlock('js', 'f()'), '```js\nf()\n```');
    assert.equal(codeBlock('', '```'), '````\n```\n````');
  });
});
