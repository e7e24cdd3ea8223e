import assert from 'node:assert/strict';
import { webviewHtml } from '../../../../src/editor/webview/webviewHtml';

const assets = {
  script: 'https://host/dist/webview/flame.js?a=1&b=2',
  style: 'https://host/dist/webview/flame.css',
  cspSource: 'https://*.host',
  nonce: 'Zm9v+/==',
  language: 'en',
  title: '</title><script>alert(1)</script> "quoted".cpuprofile',
};
const html = webviewHtml(assets);

function policy(page: string): Map<string, string> {
  const content = /Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1];
  assert.ok(content);
  return new Map(
    content.split('; ').map((directive) => [directive.split(' ')[0], directive.slice(directive.indexOf(' ') + 1)]),
  );
}

describe('the page of a webview', () => {
  it('allows nothing but its own script and style', () => {
    const directives = policy(html);
    assert.deepEqual([...directives.keys()], ['default-src', 'script-src', 'style-src']);
    assert.equal(directives.get('default-src'), "'none'");
    assert.equal(directives.get('script-src'), "'nonce-Zm9v+/=='");
    assert.equal(directives.get('style-src'), 'https://*.host');
    assert.ok(!html.includes('unsafe'));
  });

  it('allows one that draws in a worker that worker, and its pictures', () => {
    const directives = policy(webviewHtml({ ...assets, drawsInWorker: true }));
    assert.equal(directives.get('default-src'), "'none'");
    assert.equal(directives.get('script-src'), "'nonce-Zm9v+/=='");
    assert.equal(directives.get('worker-src'), 'blob:');
    assert.equal(directives.get('connect-src'), 'https://*.host');
    assert.equal(directives.get('img-src'), 'https://*.host data: blob:');
  });

  it('has one script, which carries the nonce and no code', () => {
    const scripts = html.match(/<script\b[^>]*>[^<]*<\/script>/g);
    assert.equal(scripts?.length, 1);
    assert.match(scripts[0], /^<script nonce="Zm9v\+\/==" src="[^"]+"><\/script>$/);
    assert.ok(!/\son\w+=|style="|javascript:/i.test(html));
  });

  it('lets no name of a file become markup', () => {
    assert.ok(
      html.includes('<title>&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt; &quot;quoted&quot;.cpuprofile</title>'),
    );
    assert.ok(html.includes('flame.js?a=1&amp;b=2'));
  });

  it('has data for its script as text that nothing runs, and that ends where it should', () => {
    const data = { key: 'one', texts: { run: '</script><script>alert(1)</script><!--' } };
    const page = webviewHtml({ ...assets, data });
    const [, json] = /<script type="application\/json" id="heatlens-page">([^<]*)<\/script>/.exec(page) ?? [];
    assert.deepEqual(JSON.parse(json), data);
    assert.equal(page.match(/<script\b/g)?.length, 2);
    assert.deepEqual([...policy(page)], [...policy(html)]);
  });
});
