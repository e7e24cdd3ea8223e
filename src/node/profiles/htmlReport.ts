import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { xml } from '../../core/flame/svg';
import { encodeColumns } from '../../core/profile/columnsCodec';
import type { ProfileColumns } from '../../core/profile/profileColumns';
import { pageMissing } from './profileErrors';

/** The page's script and style sheet, as the build leaves them in `dist/webview`. */
export interface PageAssets {
  readonly script: string;
  readonly style: string;
}

export async function readPageAssets(folder: string): Promise<PageAssets> {
  try {
    const [script, style] = await Promise.all(
      ['flame.js', 'flame.css'].map((name) => readFile(join(folder, name), 'utf8')),
    );
    return { script, style };
  } catch (error) {
    throw pageMissing(folder, error);
  }
}

/** Base64 of a megabyte or so at a time: a string holds at most half a GB. A multiple of 3, so that parts join without padding. */
const BASE64_BYTES = 3 * 2 ** 18;

/**
 * One file that shows a profile with the whole interactive page, in any browser and offline: only the embedded script runs,
 * only the embedded style applies, and nothing can be fetched. `before` is what the difference view compares with. Chunks
 * of text.
 */
export async function htmlReport(
  columns: ProfileColumns,
  assets: PageAssets,
  before?: ProfileColumns,
): Promise<Generator<string, void, undefined>> {
  const data = [{ id: 'heatlens-columns', bytes: await packed(columns) }];
  if (before) data.push({ id: 'heatlens-comparison', bytes: await packed(before) });
  return pieces(columns.title, data, assets);
}

/** Numbers of few kinds pack to a fraction; where they do not, the browser is spared the unpacking. The page tells by the bytes. */
async function packed(columns: ProfileColumns): Promise<Uint8Array> {
  const plain = new Uint8Array(encodeColumns(columns));
  const zipped = await promisify(gzip)(plain);
  return zipped.length < 0.9 * plain.length ? zipped : plain;
}

function* pieces(
  title: string,
  data: readonly { readonly id: string; readonly bytes: Uint8Array }[],
  assets: PageAssets,
): Generator<string, void, undefined> {
  const script = inlineScript(assets.script);
  const style = inlineStyle(assets.style);
  const policy = [
    "default-src 'none'",
    `script-src '${hashSource(script)}'`,
    `style-src '${hashSource(style)}'`,
    'img-src data: blob:',
    'worker-src blob:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  yield `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${xml(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="Heatlens">
<title>${xml(title)}</title>
<style>${style}</style>
</head>
<body>
<main id="flame"></main>
`;
  for (const { id, bytes } of data) {
    yield `<script type="application/octet-stream" id="${id}">`;
    for (let from = 0; from < bytes.length; from += BASE64_BYTES) {
      yield Buffer.from(bytes.buffer, bytes.byteOffset + from, Math.min(BASE64_BYTES, bytes.length - from)).toString(
        'base64',
      );
    }
    yield '</script>\n';
  }
  yield `<script>${script}</script>
</body>
</html>
`;
}

/**
 * A script's text ends at the first `</script`, and `<!--` changes how it is read; both can only stand in strings, templates,
 * expressions and comments, where the backslash means nothing.
 */
function inlineScript(text: string): string {
  return normalised(text)
    .replace(/<\/(?=script)/gi, '<\\/')
    .replaceAll('<!--', '<\\!--');
}

function inlineStyle(text: string): string {
  return normalised(text).replace(/<\/(?=style)/gi, '<\\/');
}

/** Browsers hash what they parsed: line ends as line feeds, no null, no byte order mark. */
function normalised(text: string): string {
  return text
    .replace(/^\ufeff/, '')
    .replace(/\r\n?/g, '\n')
    .replaceAll('\0', '\\0');
}

function hashSource(text: string): string {
  return `sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}`;
}
