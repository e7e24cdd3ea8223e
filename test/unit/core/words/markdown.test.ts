import assert from 'node:assert/strict';
import { codeBlock, codeSpan, escapeMarkdown, inlineText } from '../../../../src/core/words/markdown';

describe('Markdown', () => {
  it('has no markup of others', () => {
    const check = (text: string, expected: string): void => assert.equal(escapeMarkdown(text), expected);
    check('a|b\nc', 'a\\|b c');
    check('Cart.total', 'Cart.total');
    check('20.5 % - 3 keys', '20.5 % - 3 keys');
    check('*a* _b_ `c` ~~d~~', '\\*a\\* \\_b\\_ \\`c\\` \\~\\~d\\~\\~');
    check('<b>[x](command:evil)</b> &amp;', '&lt;b&gt;\\[x\\]\\(command:evil\\)&lt;/b&gt; &amp;amp;');
    check('$(flame) {1} #2 \\', '\\$\\(flame\\) \\{1\\} \\#2 \\\\');
  });

  it('has no lists, rules and links of others', () => {
    const check = (text: string, expected: string): void => assert.equal(escapeMarkdown(text), expected);
    check('- one', '\\- one');
    check('---', '\\---');
    check('===', '\\===');
    check('  12. twelve', '  12\\. twelve');
    check('see http://evil.example', 'see http\\://evil.example');
    check('www.evil.example', 'www\\.evil.example');
  });

  it('can be read as it is where it is copied', () => {
    assert.equal(inlineText('30 documents *sorted*\n($out, a_b)'), '30 documents \\*sorted\\* ($out, a\\_b)');
    assert.equal(inlineText('a\u202eb'), 'a⟨U+202E⟩b');
  });

  it('has code that cannot end its own fence', () => {
    assert.equal(codeSpan('a b'), '`a b`');
    assert.equal(codeSpan('a`b\n``c'), '``` a`b ``c ```');
    assert.equal(codeBlock('js', 'f()'), '```js\nf()\n```');
    assert.equal(codeBlock('', '```'), '````\n```\n````');
  });
});
