import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { isHeatlensError } from '../../../../src/core/errors';
import { decodeColumns, encodeColumns } from '../../../../src/core/profile/columnsCodec';
import type { ProfileColumns } from '../../../../src/core/profile/profileColumns';
import { htmlReport, readPageAssets } from '../../../../src/node/profiles/htmlReport';
import { columnsOf, valuesByStack } from '../../../support/columnsBuilder';

const assets = {
  script: 'const end = "</script><!--"; const also = /<\\/script>/;\r\nstart("\u2028");',
  style: 'body { content: "</style>"; }\n',
};

async function report(columns: ProfileColumns, before?: ProfileColumns): Promise<string> {
  return [...(await htmlReport(columns, assets, before))].join('');
}

/** The content of an element as a browser takes it: up to the first end of it, in whatever case. */
function contentOf(html: string, start: RegExp, tag: string): string {
  const from = start.exec(html);
  assert.ok(from, String(start));
  const rest = html.slice(from.index + from[0].length);
  return rest.slice(0, rest.search(new RegExp(`</${tag}`, 'i')));
}

function columnsIn(html: string, id: string): ProfileColumns {
  const bytes = Buffer.from(
    contentOf(html, new RegExp(`<script type="application/octet-stream" id="${id}">`), 'script'),
    'base64',
  );
  const plain = bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
  return decodeColumns(plain.buffer.slice(plain.byteOffset, plain.byteOffset + plain.length));
}

describe('htmlReport', () => {
  const many = columnsOf(
    Object.fromEntries(
      Array.from({ length: 3_000 }, (_, i) => [`main@/a.js:0 > f${i % 50}@/a.js:${i % 50} > g${i}@/a.js:9`, i + 1]),
    ),
    { title: '</title><script>alert(1)</script>' },
  );

  it('embeds the whole profile, packed where that pays, and what it is compared with', async () => {
    const small = columnsOf({ a: 1 });
    const html = await report(many, small);
    const again = columnsIn(html, 'heatlens-columns');
    assert.equal(again.title, many.title);
    assert.deepEqual(valuesByStack(again), valuesByStack(many));
    assert.deepEqual(valuesByStack(columnsIn(html, 'heatlens-comparison')), { a: 1 });
    assert.ok(html.length < encodeColumns(many).byteLength, 'packed');
  });

  it('lets run what its policy names, and nothing else', async () => {
    const html = await report(many);
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)![1].replaceAll('&#39;', "'");
    const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}'`;
    const script = contentOf(html, /<script>/, 'script');
    const style = contentOf(html, /<style>/, 'style');
    assert.deepEqual(policy.split('; '), [
      "default-src 'none'",
      `script-src ${hashOf(script)}`,
      `style-src ${hashOf(style)}`,
      'img-src data: blob:',
      'worker-src blob:',
      "base-uri 'none'",
      "form-action 'none'",
    ]);
    // The ends of the elements are the last text of the assets: nothing in them ended the elements early.
    assert.ok(script.endsWith('start("\u2028");') && !script.includes('<!--') && !script.includes('\r'));
    assert.ok(style.endsWith('}\n'));
    // The script means what it meant.
    const started: string[] = [];
    new Function('start', script.replace('start("\u2028")', 'start(end, also.source)'))((...texts: string[]) =>
      started.push(...texts),
    );
    assert.deepEqual(started, ['</script><!--', '<\\/script>']);
  });

  it('has no tag that comes from a name', async () => {
    const html = await report(
      columnsOf({ '</script><img src=x>@/</script>.js:1': 5 }, { title: '"><script>alert(1)</script>' }),
    );
    assert.equal(html.match(/<script/g)!.length, 2);
    assert.doesNotMatch(html, /<img|alert\(1\)<\/script>/);
    assert.match(html, /<title>&quot;&gt;&lt;script&gt;alert\(1\)&lt;\/script&gt;<\/title>/);
  });

  it('says what to do where the page is not built', async () => {
    await assert.rejects(
      readPageAssets('/nowhere'),
      (error: unknown) => isHeatlensError(error) && /npm run build/.test(error.oneLine),
    );
  });
});
