import type { MethodIndex } from '../method/method';

/**
 * Identifiers in the method's own text, without those in the text of the methods inside it, in comments and in strings
 * (template literals count, for what stands in their braces).
 */
export function namesUsedIn(text: string, index: MethodIndex, method: number): Set<string> {
  const names = new Set<string>();
  const own = withoutCommentsAndStrings(ownText(text, index, method));
  for (const [name] of own.matchAll(/[\p{ID_Start}$_#][\p{ID_Continue}$]*/gu)) names.add(name);
  return names;
}

/** In one pass: an expression that looks for the end of each comment and string anew takes quadratic time where there is none. */
function withoutCommentsAndStrings(text: string): string {
  const kept: string[] = [];
  /** By quote: up to here no string of that kind ends. */
  const endless: Record<string, number> = { "'": 0, '"': 0 };
  let from = 0;
  const opening = /\/\/|\/\*|['"]/g;
  for (let match = opening.exec(text); match; match = opening.exec(text)) {
    const [token] = match;
    const start = match.index;
    let end: number;
    if (token === '//') {
      end = text.indexOf('\n', start);
      if (end < 0) end = text.length;
    } else if (token === '/*') {
      end = text.indexOf('*/', start + 2) + 2;
      if (end < 2) end = text.length;
    } else {
      if (start < endless[token]) continue;
      end = endOfString(text, start);
      if (end < 0) {
        endless[token] = -end;
        continue;
      }
    }
    kept.push(text.slice(from, start));
    from = opening.lastIndex = end;
  }
  kept.push(text.slice(from));
  return kept.join(' ');
}

/** Behind the closing quote of the string that begins at `start`; where its line ends, negative, if it has none. */
function endOfString(text: string, start: number): number {
  const quote = text[start];
  for (let at = start + 1; at < text.length; at++) {
    const c = text[at];
    if (c === quote) return at + 1;
    if (c === '\\') at++;
    else if (c === '\n') return -at;
  }
  return -text.length;
}

/** Where the parts of the methods of one text lie, found once for all of them. */
interface Parts {
  readonly body: string;
  /** Offset of each region; one more, which is the length of the text. */
  readonly offsets: readonly number[];
  readonly regionsOf: ReadonlyMap<number, readonly number[]>;
}

const partsOfIndex = new WeakMap<MethodIndex, Parts>();

function partsOf(text: string, index: MethodIndex): Parts {
  const known = partsOfIndex.get(index);
  if (known) return known;
  const body = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  const lineStarts = [0];
  for (const { 0: end, index: at } of body.matchAll(/\r\n?|\n/g)) lineStarts.push(at + end.length);
  const regionsOf = new Map<number, number[]>();
  index.regions.forEach(({ method }, region) => {
    const list = regionsOf.get(method);
    if (list) list.push(region);
    else regionsOf.set(method, [region]);
  });
  const offsets = index.regions.map(({ start }) => lineStarts[start.line] + start.column);
  const parts = { body, offsets: [...offsets, body.length], regionsOf };
  partsOfIndex.set(index, parts);
  return parts;
}

function ownText(text: string, index: MethodIndex, method: number): string {
  const { body, offsets, regionsOf } = partsOf(text, index);
  return (regionsOf.get(method) ?? []).map((region) => body.slice(offsets[region], offsets[region + 1])).join(' ');
}
