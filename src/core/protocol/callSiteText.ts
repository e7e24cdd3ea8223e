import type { TargetCallSite } from './targetFunctions';

/** More than are asked for. */
const MOST_CALL_SITES = 64;
/** Of a name or a URL, in UTF-16 units. */
const LONGEST = 200_000;

/** Before each frame's name and URL: lengths of both (`=`: the URL of the frame before), line, column, script. */
const HEAD = /(\d{1,6}),(\d{1,6}|=),(\d{1,10}),(\d{1,10}),(\d{0,10});/y;

/**
 * The frames of `TargetFunctions.callSites`, innermost first; undefined where the text is none of that kind. They come as one
 * text because the inspector takes twice as long to turn a list of objects into an answer.
 */
export function parseCallSites(text: string): TargetCallSite[] | undefined {
  const sites: TargetCallSite[] = [];
  let at = 0;
  while (at < text.length) {
    HEAD.lastIndex = at;
    const match = HEAD.exec(text);
    if (!match || sites.length === MOST_CALL_SITES) return undefined;
    const [head, nameLength, urlLength, line, column, scriptId] = match;
    const nameAt = at + head.length;
    const urlAt = nameAt + Number(nameLength);
    const before = sites.at(-1)?.url;
    if (urlLength === '=' && before === undefined) return undefined;
    at = urlLength === '=' ? urlAt : urlAt + Number(urlLength);
    if (at > text.length || Number(nameLength) > LONGEST || Number(urlLength) > LONGEST) return undefined;
    const url = urlLength === '=' ? before! : text.slice(urlAt, at);
    sites.push({ name: text.slice(nameAt, urlAt), url, scriptId, line: Number(line), column: Number(column) });
  }
  return sites;
}
