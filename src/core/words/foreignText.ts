/**
 * Text of others (names in profiles, source and servers, titles of processes, errors of libraries) where people read it:
 * nothing in it commands a terminal, hides, changes the order of what stands beside it, or makes a second line; and it is
 * bounded, so that one name does not push away everything else. It stays text: what was done to it can be seen.
 */

/** UTF-16 code units of a name that stands in a sentence or a row; paths of projects are shorter. */
export const NAME_LENGTH = 240;

/** The usual name: nothing to do. */
const PLAIN = /^[\x20-\x7e]*$/;

/**
 * What is not seen, or acts: controls (C0, DEL, C1), format characters (bidirectional marks, annotations, tags), halves of
 * pairs, line separators, all that Unicode lets a font leave out (zero-width, soft hyphens, fillers, variation selectors) and
 * noncharacters. An emoji keeps the selector that makes it one.
 */
const UNSEEN =
  /(\p{Extended_Pictographic}\ufe0f)|[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]/gu;

/** Languages stack at most four marks on a letter; a tower of them covers the lines above. */
const TOWERS = /(\p{M}{4})\p{M}+/gu;

/**
 * On one line, at most `limit` UTF-16 code units; a longer text loses its middle, because paths and messages say what
 * matters at both ends. Time is linear in `limit`, whatever the length of the text. Doing it twice changes nothing.
 */
export function visibleText(text: string, { limit = NAME_LENGTH }: { readonly limit?: number } = {}): string {
  if (text.length <= limit && PLAIN.test(text)) return text;
  const short = withoutMiddle(text, limit).replace(TOWERS, '$1…');
  return withoutMiddle(
    short.replace(UNSEEN, (found: string, emoji?: string) => emoji ?? sign(found)),
    limit,
  );
}

/** The same for a text whose line breaks are ours: each line by itself, `limit` for all of it. */
export function visibleLines(text: string, limit: number): string {
  const short = withoutMiddle(text, limit);
  return short
    .split(/\r?\n/)
    .map((line) => visibleText(line, { limit }))
    .join('\n');
}

/** Line breaks of a message, with the spaces around them, as one space each. */
export function onOneLine(text: string): string {
  if (!/[\n\v\f\r\u0085\u2028\u2029]/.test(text)) return text;
  return text
    .split(/[\n\v\f\r\u0085\u2028\u2029]+/)
    .map((line) => line.trim())
    .filter(Boolean)
    .join(' ');
}

/** Half a character is never left. */
export function withoutMiddle(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const tail = Math.floor((limit - 1) / 3);
  let from = text.length - tail;
  let to = limit - 1 - tail;
  if (isPair(text, to)) to--;
  if (isPair(text, from)) from++;
  return `${text.slice(0, to)}…${text.slice(from)}`;
}

/** Whether a place is between the two halves of a character. */
function isPair(text: string, at: number): boolean {
  return (text.codePointAt(at - 1) ?? 0) > 0xffff;
}

/** `␛` for a control, which has a picture of its own; `⟨U+202E⟩` for the rest. */
function sign(character: string): string {
  const code = character.codePointAt(0)!;
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  return code === 0x7f ? '␡' : `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`;
}

/** JSON with all that is not seen as `\u202e`: the same value. Line breaks between its parts stay. */
export function visibleJson(json: string): string {
  return json.replace(UNSEEN_IN_JSON, (found) =>
    // Of a character of two halves both are escaped.
    Array.from({ length: found.length }, (_, at) => escapedHalf(found.charCodeAt(at))).join(''),
  );
}

/** Without the controls that `JSON.stringify` has escaped. */
const UNSEEN_IN_JSON =
  /[\u007f-\u009f\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]/gu;

function escapedHalf(code: number): string {
  return `\\u${code.toString(16).padStart(4, '0')}`;
}
