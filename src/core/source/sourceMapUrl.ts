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
    url = url.replace(/\*\/.*$/, '');
    after = close + 2;
  } else {
    const lineEnd = text.indexOf('\n', end);
    if (text.slice(end, lineEnd < 0 ? undefined : lineEnd).trim() !== '') return undefined;
  }
  if (url === '' || (!url.startsWith('data:') && /["'`]/.test(url))) return undefined;
  return onlyCommentsFollow(text, after) ? url : undefined;
}

function endOfWord(text: string, from: number): number {
  const space = /\s/g;
  space.lastIndex = from;
  return space.exec(text)?.index ?? text.length;
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
  try {
    const binary = atob(data.includes('%') ? decodePercent(data) : data);
    const bytes = new Uint8Array(binary.length);
    for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
    return new TextDecoder().decode(bytes);
  } catch {
    return undefined;
  }
}
