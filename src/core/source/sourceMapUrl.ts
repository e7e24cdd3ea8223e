import { decodePercent } from './paths';

/**
 * What the last `//# sourceMappingURL=` comment of a script names; undefined when there is none. As ECMA-426 says, a comment
 * that is followed by code does not count: it is a string in a compiler, or a file that was pasted into another.
 */
export function findSourceMapUrl(text: string): string | undefined {
  const at = text.lastIndexOf('sourceMappingURL=');
  if (at < 0) return undefined;
  const opening = /(\/\/|\/\*)[#@][ \t]*$/.exec(text.slice(Math.max(0, at - 20), at));
  if (!opening) return undefined;
  const end = endOfWord(text, at + 'sourceMappingURL='.length);
  let url = text.slice(at + 'sourceMappingURL='.length, end);
  let after = end;
  if (opening[1] === '/*') {
    const close = text.indexOf('*/', at);
    if (close < 0) return undefined;
    url = text.slice(at + 'sourceMappingURL='.length, Math.min(end, close));
    after = close + 2;
  } else {
    const lineEnd = text.indexOf('\n', end);
    if (text.slice(end, lineEnd < 0 ? undefined : lineEnd).trim() !== '') return undefined;
  }
  if (url === '' || (!url.startsWith('data:') && /["'`]/.test(url))) return undefined;
  return onlyCommentsFollow(text, after) ? url : undefined;
}

/** Plain searches: an inlined map is tens of megabytes long. */
function endOfWord(text: string, from: number): number {
  let end = text.indexOf('\n', from);
  if (end < 0) end = text.length;
  const line = text.slice(from, end);
  for (const space of [' ', '\t', '\r']) {
    const at = line.indexOf(space);
    if (at >= 0) end = Math.min(end, from + at);
  }
  return end;
}

function onlyCommentsFollow(text: string, from: number): boolean {
  let at = from;
  for (;;) {
    const next = /\S/g;
    next.lastIndex = at;
    const found = next.exec(text);
    if (!found) return true;
    if (text.startsWith('//', found.index)) {
      const lineEnd = text.indexOf('\n', found.index);
      if (lineEnd < 0) return true;
      at = lineEnd;
    } else if (text.startsWith('/*', found.index)) {
      const close = text.indexOf('*/', found.index);
      if (close < 0) return true;
      at = close + 2;
    } else return false;
  }
}

/** Text of a `data:` URI, base64 or percent-encoded, taken as UTF-8; undefined when it is none or is malformed. */
export function decodeDataUri(uri: string): string | undefined {
  const comma = uri.indexOf(',');
  if (!uri.startsWith('data:') || comma < 0) return undefined;
  const data = uri.slice(comma + 1);
  if (!/;base64$/i.test(uri.slice(0, comma).trimEnd())) return decodePercent(data);
  const bytes = decodeBase64(data.includes('%') ? decodePercent(data) : data);
  return bytes && new TextDecoder().decode(bytes);
}

const BASE64 = new Int8Array(128).fill(-1);
[...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].forEach((digit, value) => {
  BASE64[digit.charCodeAt(0)] = value;
});

/** As `atob` reads it, which takes seconds for a large map. Undefined where the text is something else. */
function decodeBase64(text: string): Uint8Array | undefined {
  const body = text.replace(/[\t\n\f\r ]/g, '').replace(/={1,2}$/, '');
  if (body.length % 4 === 1) return undefined;
  const bytes = new Uint8Array(Math.floor((body.length * 3) / 4));
  let bits = 0;
  let length = 0;
  for (let at = 0; at < body.length; at++) {
    const c = body.charCodeAt(at);
    const digit = c < 128 ? BASE64[c] : -1;
    if (digit < 0) return undefined;
    bits = (bits << 6) | digit;
    if (at % 4 > 0) bytes[length++] = bits >> (6 - 2 * (at % 4));
  }
  return bytes;
}
