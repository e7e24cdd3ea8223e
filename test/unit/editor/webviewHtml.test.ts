import assert from 'node:assert/strict';
import { flameHtml } from '../../../../src/editor/flame/flameHtml';

const html = flameHtml({
  script: 'https://host/dist/webview/flame.js?a=1&b=2',
  style: 'https://host/dist/webview/flame.css',
  cspSource: 'https://*.host',
  nonce: 'Zm9v+/==',
  language: 'en',
  title: '</title><script>alert(1)</script> "quoted".cpuprofile',
});

function policy(): Map<string, string> {
  const content = /Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1];
  assert.ok(content);
  return new Map(content.split('; ').map((directive) => [directive.split(' ')[0], directive.slice(directive.indexOf(' ') + 1)]));
}

describe('the page of a flame graph', () => {
  it('allows nothing but its own script, style and worker', () => {
    const directives = policy();
    assert.equal(directives.get('default-src'), "'none'");
    assert.equal(directives.get('script-src'), "'nonce-Zm9v+/=='");
    assert.equal(directives.get('style-src'), 'https://*.host');
    assert.equal(directives.get('worker-src'), 'blob:');
    assert.equal(directives.get('connect-src'), 'https://*.host');
    assert.equal(directives.get('img-src'), 'https://*.host data: blob:');
    assert.ok(!html.includes('unsafe'));
  });

  it('has one script, which carries the nonce and no code', () => {
    const scripts = html.match(/<script\b[^>]*>[^<]*<\/script>/g);
    assert.equal(scripts?.length, 1);
    assert.match(scripts[0], /^<script nonce="Zm9v\+\/==" src="[^"]+"><\/script>$/);
    assert.ok(!/\son\w+=|style="|javascript:/i.test(html));
  });

  it('lets no name of a file become markup', () => {
    assert.ok(html.includes('<title>&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt; &quot;quoted&quot;.cpuprofile</title>'));
    assert.ok(html.includes('flame.js?a=1&amp;b=2'));
  });
});
