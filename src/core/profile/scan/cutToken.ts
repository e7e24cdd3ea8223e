import { enlarged } from '../../collections/growable';
import { BACKSLASH, decodeString, NINE, plainEnd, QUOTE, SPACE, ZERO } from './jsonBytes';
import type { Member } from './jsonShape';

/** Longer than any wanted key, even with each letter escaped. */
const LONGEST_KEY = 256;
const LONGEST_STRING = 16 * 1024 * 1024;

/** What of a string is kept: no byte, as many as a wanted key may have, or all. */
type Kept = 'nothing' | 'key' | 'all';

/** A token that does not lie whole and plain in one chunk: one that was cut, or a string with escapes. */
export class CutToken {
  /** The first `length` of them are the token's. */
  bytes = new Uint8Array(256);
  length = 0;
  hasEscapes = false;
  /** 1 after a backslash; one more than the hexadecimal digits to come after `\u`. */
  private escape = 0;

  constructor(private readonly fail: (why: string, pos: number) => never) {}

  clear(): void {
    this.length = 0;
    this.hasEscapes = false;
  }

  ascii(): string {
    let text = '';
    for (let n = 0; n < this.length; n++) text += String.fromCharCode(this.bytes[n]);
    return text;
  }

  /** Passes over a string; returns the place of its closing quote, or the chunk's length. */
  passString(bytes: Uint8Array, from: number, kept: Kept): number {
    const length = bytes.length;
    for (let pos = from; ;) {
      let end = pos;
      if (this.escape === 0) {
        end = plainEnd(bytes, pos, length);
        const c = end < length ? bytes[end] : 0;
        if (end < length && c < SPACE) this.fail('a string has a control character', end);
        if (end < length && c === BACKSLASH) {
          this.escape = 1;
          this.hasEscapes = true;
          end++;
          this.keepOf(bytes, pos, end, kept);
          pos = end;
          continue;
        }
        this.keepOf(bytes, pos, end, kept);
        return end;
      }
      if (pos === length) return pos;
      this.escape = this.escapeAfter(bytes[pos], pos);
      this.keepOf(bytes, pos, pos + 1, kept);
      pos++;
    }
  }

  keep(bytes: Uint8Array, start: number, end: number): void {
    const needed = this.length + end - start;
    if (needed > this.bytes.length) this.bytes = enlarged(this.bytes, needed * 2);
    if (end - start < 32) for (let n = start; n < end; n++) this.bytes[this.length++] = bytes[n];
    else {
      this.bytes.set(bytes.subarray(start, end), this.length);
      this.length = needed;
    }
  }

  /** The member that the token names. */
  memberOf(members: readonly Member[]): Member | undefined {
    if (this.length > LONGEST_KEY) return undefined;
    if (this.hasEscapes) {
      const name = decodeString(this.bytes, 0, this.length, true);
      return members.find((member) => member.name === name);
    }
    return members.find(({ bytes }) => bytes.length === this.length && startsWith(this.bytes, bytes));
  }

  private keepOf(bytes: Uint8Array, start: number, end: number, kept: Kept): void {
    if (kept === 'nothing' || (kept === 'key' && this.length > LONGEST_KEY)) return;
    if (this.length + end - start > LONGEST_STRING) this.fail('a name is too long', start);
    this.keep(bytes, start, end);
  }

  private escapeAfter(c: number, pos: number): number {
    if (this.escape > 1) {
      if (!isHex(c)) this.fail('an escape is broken', pos);
      return this.escape === 2 ? 0 : this.escape - 1;
    }
    if (c === 0x75) return 5;
    // " \ / b f n r t
    if (![QUOTE, BACKSLASH, 0x2f, 0x62, 0x66, 0x6e, 0x72, 0x74].includes(c)) this.fail('an escape is broken', pos);
    return 0;
  }
}

function startsWith(bytes: Uint8Array, text: Uint8Array): boolean {
  for (let n = 0; n < text.length; n++) if (bytes[n] !== text[n]) return false;
  return true;
}

function isHex(c: number): boolean {
  return (c >= ZERO && c <= NINE) || (c >= 0x61 && c <= 0x66) || (c >= 0x41 && c <= 0x46);
}
