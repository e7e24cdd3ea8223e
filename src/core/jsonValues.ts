const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN_ARRAY = 0x5b;
const OPEN_OBJECT = 0x7b;

/**
 * Whether a JSON text may have more than `most` values, each of which becomes up to 60 bytes of heap: 3 bytes of text do, and no limit
 * of a thread's memory helps, because V8 ends the whole process when parsing meets it. Linear in the text, and ends early. What
 * is no JSON is judged as if it were.
 */
export function hasManyValues(text: string, most: number): boolean {
  // A value takes two characters at least, with the comma before it.
  if (text.length <= most) return false;
  let values = 1;
  for (let at = 0; at < text.length; at++) {
    const c = text.charCodeAt(at);
    if (c === QUOTE) {
      at = endOfString(text, at + 1);
      continue;
    }
    if (c !== COMMA && c !== OPEN_ARRAY && c !== OPEN_OBJECT) continue;
    if (++values > most) return true;
  }
  return false;
}

/** Of the closing quote. */
function endOfString(text: string, from: number): number {
  for (let quote = text.indexOf('"', from); quote >= 0; quote = text.indexOf('"', quote + 1)) {
    let first = quote;
    while (first > from && text.charCodeAt(first - 1) === BACKSLASH) first--;
    if ((quote - first) % 2 === 0) return quote;
  }
  return text.length;
}
