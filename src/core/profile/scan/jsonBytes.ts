/*
 * What is done byte by byte. It stands in small functions of their own because V8 makes those fast at once, long before
 * the bigger ones that call them.
 */

export const QUOTE = 0x22;
export const BACKSLASH = 0x5c;
export const COMMA = 0x2c;
export const OPEN_OBJECT = 0x7b;
export const CLOSE_OBJECT = 0x7d;
export const OPEN_ARRAY = 0x5b;
export const CLOSE_ARRAY = 0x5d;
export const MINUS = 0x2d;
export const ZERO = 0x30;
export const NINE = 0x39;
export const SPACE = 0x20;

/** Digits that fit an Int32 whatever they are. */
const SHORT_DIGITS = 9;

/** Value of the last number that `shortNumberEnd` has read. */
export let shortNumber = 0;

/** Reads a number of few digits; -1 where it is longer, has a fraction, is cut by the chunk or doubtful in any way. */
export function shortNumberEnd(bytes: Uint8Array, from: number, length: number): number {
  const isNegative = from < length && bytes[from] === MINUS;
  const first = isNegative ? from + 1 : from;
  const most = Math.min(length - 1, first + SHORT_DIGITS);
  let end = first;
  let value = 0;
  let digit = 0;
  while (end < most && (digit = bytes[end] - ZERO) >= 0 && digit <= 9) {
    value = (value * 10 + digit) | 0;
    end++;
  }
  if (end === first || (bytes[first] === ZERO && end !== first + 1)) return -1;
  const c = bytes[end];
  if (c !== COMMA && c !== CLOSE_OBJECT && c !== CLOSE_ARRAY && !isSpace(c)) return -1;
  shortNumber = isNegative ? -value : value;
  return end;
}

/** The first byte of a string that is no plain letter: its quote, a backslash, a control character; or `length`. */
export function plainEnd(bytes: Uint8Array, from: number, length: number): number {
  let end = from;
  let c = 0;
  while (end < length && (c = bytes[end]) !== QUOTE && c !== BACKSLASH && c >= SPACE) end++;
  return end;
}

/** Behind the first closing brace at or after `from`. */
export function braceAfter(view: DataView, from: number, length: number): number {
  for (let n = from; n < length; n++) if (view.getUint8(n) === CLOSE_OBJECT) return n + 1;
  return -1;
}

export function isSpace(c: number): boolean {
  return c === SPACE || c === 0x0a || c === 0x0d || c === 0x09;
}

/** A text to be compared with, four bytes at a time. */
export class Literal {
  private readonly words: Int32Array;
  private readonly rest: Uint8Array;

  constructor(text: string) {
    const bytes = new TextEncoder().encode(text);
    const view = new DataView(bytes.buffer);
    this.words = Int32Array.from({ length: bytes.length >> 2 }, (_, n) => view.getInt32(n * 4, true));
    this.rest = bytes.slice(this.words.length * 4);
  }

  /** Behind the text, where it stands at `start`; -1 where it does not. */
  endAt(view: DataView, start: number, length: number): number {
    const { words, rest } = this;
    const restStart = start + words.length * 4;
    const end = restStart + rest.length;
    if (end > length) return -1;
    for (let n = 0; n < words.length; n++) if (view.getInt32(start + n * 4, true) !== words[n]) return -1;
    for (let n = 0; n < rest.length; n++) if (view.getUint8(restStart + n) !== rest[n]) return -1;
    return end;
  }
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** The text between the quotes of a string. Bytes that are no UTF-8 become replacement characters. */
export function decodeString(bytes: Uint8Array, start: number, end: number, escaped: boolean): string {
  const text = decoder.decode(bytes.subarray(start, end));
  return escaped ? (JSON.parse(`"${text}"`) as string) : text;
}
