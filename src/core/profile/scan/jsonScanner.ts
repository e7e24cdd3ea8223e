import { ARRAY, compileShape, OBJECT, Place, skippedArray, skippedObject, skippedValue, VALUE, type JsonShape, type Member } from './jsonShape';

/** Is told what stands at the wanted places, in the order of the document. A key that occurs twice is told twice. */
export interface JsonSink {
  number(field: number, value: number): void;
  /** `bytes` from `start` to `end` are the text between the quotes, in UTF-8, valid until this returns; see `decodeString`. */
  string(field: number, bytes: Uint8Array, start: number, end: number, hash: number, escaped: boolean): void;
  /** Something else than the shape says: true, false or null, a scalar where a container belongs, or a container. */
  other(field: number, isContainer: boolean): void;
  open(field: number): void;
  close(field: number): void;
}

/** The text is not JSON. */
export class JsonError extends Error {
  constructor(
    why: string,
    /** Bytes before the place. */
    readonly offset: number,
  ) {
    super(`${why} at byte ${offset}`);
  }
}

const FIRST_ITEM = 0;
const ITEM = 1;
const AFTER = 2;
const FIRST_KEY = 3;
const KEY = 4;
const COLON = 5;
const NUMBER = 6;
const LITERAL = 7;
const WANTED_STRING = 8;
const KEY_STRING = 9;
const SKIPPED_STRING = 10;
const START = 11;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;
const SPACE = 0x20;

/** Digits that fit an Int32 whatever they are. */
const SHORT_DIGITS = 9;
const LONGEST_NUMBER = 4_096;
/** Longer than any wanted key, even with each letter escaped. */
const LONGEST_KEY = 256;
const LONGEST_STRING = 16 * 1024 * 1024;
const DEEPEST = 5_000_000;
const HASH_SEED = 0x811c9dc5 | 0;
const HASH_FACTOR = 0x01000193;

const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];
const NUMBER_GRAMMAR = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const LITERALS = ['true', 'false', 'null'].map((text) => Uint8Array.from(text, (letter) => letter.charCodeAt(0)));

/** Where the root value stands: neither a comma nor a bracket may follow it. */
const document = new Place(VALUE, -1);

/**
 * Reads a JSON document that comes in chunks, cut anywhere, and builds no objects: numbers and strings at the places of
 * the shape go to the sink, the rest is only checked. Accepts exactly what `JSON.parse` accepts (strings at wanted places
 * up to 16 MB, nesting up to 5 million). Memory is bounded by the depth of nesting and the longest wanted string, and there is no recursion.
 */
export class JsonScanner {
  private state = START;
  /** The container that is open, and the place of the value that comes next. */
  private place = document;
  private next: Place;
  private readonly stack: Place[] = [];
  /** Bytes of chunks before this one. */
  private offset = 0;
  /** A token that a chunk cut, or a string with escapes. */
  private carry = new Uint8Array(256);
  private carried = 0;
  private escaped = false;
  /** 1 after a backslash; one more than the hexadecimal digits to come after `\u`. */
  private escape = 0;
  private literal: Uint8Array = LITERALS[0];

  constructor(
    shape: JsonShape,
    private readonly sink: JsonSink,
  ) {
    this.next = compileShape(shape);
  }

  /** Throws a JsonError; then nothing more can be pushed. */
  push(bytes: Uint8Array): void {
    const { sink } = this;
    const length = bytes.length;
    let { state, place, next } = this;
    let pos = 0;
    while (pos < length) {
      const c = bytes[pos];
      switch (state) {
        case FIRST_ITEM:
        case ITEM: {
          if (c === QUOTE) {
            pos++;
            if (next.kind !== VALUE || next.field < 0) {
              if (next.field >= 0) sink.other(next.field, false);
              state = SKIPPED_STRING;
              break;
            }
            let hash = HASH_SEED;
            let end = pos;
            let letter = 0;
            while (end < length && (letter = bytes[end]) !== QUOTE && letter !== BACKSLASH && letter >= SPACE) {
              hash = Math.imul(hash ^ letter, HASH_FACTOR);
              end++;
            }
            if (end < length && letter === QUOTE) {
              sink.string(next.field, bytes, pos, end, hash, false);
              pos = end + 1;
              state = AFTER;
            } else {
              this.carried = 0;
              this.escaped = false;
              state = WANTED_STRING;
            }
          } else if (c === MINUS || (c >= ZERO && c <= NINE)) {
            const first = c === MINUS ? pos + 1 : pos;
            const most = Math.min(length, first + SHORT_DIGITS);
            let end = first;
            let value = 0;
            let digit = 0;
            while (end < most && (digit = bytes[end] - ZERO) >= 0 && digit <= 9) {
              value = (value * 10 + digit) | 0;
              end++;
            }
            // Anything longer, with a fraction, cut by the chunk or doubtful is taken slowly.
            if (end > first && end < length && isAfterNumber(bytes[end]) && (bytes[first] !== ZERO || end === first + 1)) {
              if (next.kind === VALUE) {
                if (next.field >= 0) sink.number(next.field, c === MINUS ? -value : value);
              } else sink.other(next.field, false);
              pos = end;
              state = AFTER;
            } else {
              this.carried = 0;
              state = NUMBER;
            }
          } else if (c === 0x7b || c === 0x5b) {
            const kind = c === 0x7b ? OBJECT : ARRAY;
            if (this.stack.length >= DEEPEST) throw this.error('it is nested too deeply', pos);
            this.stack.push(place);
            if (next.kind === kind) {
              place = next;
              if (place.field >= 0) sink.open(place.field);
            } else {
              if (next.field >= 0) sink.other(next.field, true);
              place = kind === OBJECT ? skippedObject : skippedArray;
            }
            pos++;
            if (kind === OBJECT) {
              place.guess = place.first;
              place.last = undefined;
              state = FIRST_KEY;
            } else {
              next = place.items!;
              state = FIRST_ITEM;
            }
          } else if (c === 0x5d && state === FIRST_ITEM) {
            if (place.field >= 0) sink.close(place.field);
            place = this.stack.pop()!;
            pos++;
            state = AFTER;
          } else if (isSpace(c)) pos++;
          else {
            this.literal = this.literalOf(c, pos);
            this.carried = 0;
            if (next.field >= 0) sink.other(next.field, false);
            state = LITERAL;
          }
          break;
        }
        case AFTER: {
          if (c === COMMA) {
            if (place.kind === ARRAY) {
              next = place.items!;
              state = ITEM;
            } else if (place.kind === OBJECT) state = KEY;
            else throw this.error('there is more behind the end', pos);
          } else if ((c === 0x7d && place.kind === OBJECT) || (c === 0x5d && place.kind === ARRAY)) {
            if (place.field >= 0) sink.close(place.field);
            place = this.stack.pop()!;
          } else if (!isSpace(c)) throw this.error('a comma or the end is missing', pos);
          pos++;
          break;
        }
        case FIRST_KEY:
        case KEY: {
          if (c === QUOTE) {
            pos++;
            const { guess } = place;
            const end = guess ? pos + guess.text.length : Infinity;
            if (end <= length && isAt(bytes, pos, guess!.text)) {
              pos = end;
              place.last = guess;
              place.guess = guess!.next;
              next = guess!.place;
              state = ITEM;
            } else {
              this.carried = 0;
              this.escaped = false;
              state = KEY_STRING;
            }
          } else if (c === 0x7d && state === FIRST_KEY) {
            if (place.field >= 0) sink.close(place.field);
            place = this.stack.pop()!;
            pos++;
            state = AFTER;
          } else if (isSpace(c)) pos++;
          else throw this.error('a key is missing', pos);
          break;
        }
        case COLON: {
          if (c === 0x3a) state = ITEM;
          else if (!isSpace(c)) throw this.error('a colon is missing', pos);
          pos++;
          break;
        }
        case NUMBER: {
          let end = pos;
          while (end < length && isNumberByte(bytes[end])) end++;
          if (this.carried + end - pos > LONGEST_NUMBER) throw this.error('a number is too long', pos);
          this.keep(bytes, pos, end);
          pos = end;
          if (end < length) {
            this.tellNumber(next, pos);
            state = AFTER;
          }
          break;
        }
        case LITERAL: {
          if (c !== this.literal[this.carried]) throw this.error('a value is missing', pos);
          this.carried++;
          pos++;
          if (this.carried === this.literal.length) state = AFTER;
          break;
        }
        case START: {
          // Editors on Windows put a byte order mark first.
          if (c === BYTE_ORDER_MARK[this.carried]) {
            pos++;
            if (++this.carried === BYTE_ORDER_MARK.length) state = ITEM;
          } else if (this.carried) throw this.error('a value is missing', pos);
          else state = ITEM;
          break;
        }
        default: {
          // A string that was cut, has escapes, or is nobody's.
          const end = this.passString(bytes, pos, state);
          const isOver = end < length && this.escape === 0 && bytes[end] === QUOTE;
          pos = isOver ? end + 1 : end;
          if (!isOver) break;
          if (state === KEY_STRING) {
            next = this.memberOfCarry(place);
            state = COLON;
          } else {
            if (state === WANTED_STRING) sink.string(next.field, this.carry, 0, this.carried, hashOf(this.carry, this.carried), this.escaped);
            state = AFTER;
          }
        }
      }
    }
    this.state = state;
    this.place = place;
    this.next = next;
    this.offset += length;
  }

  /** Nothing more comes. Throws a JsonError where something is missing. */
  end(): void {
    if (this.state === NUMBER && this.place === document) {
      this.tellNumber(this.next, 0);
      this.state = AFTER;
    }
    if (this.state !== AFTER || this.place !== document) throw this.error('it breaks off', 0);
  }

  private error(why: string, pos: number): JsonError {
    return new JsonError(why, this.offset + pos);
  }

  private literalOf(c: number, pos: number): Uint8Array {
    const literal = LITERALS.find((text) => text[0] === c);
    if (!literal) throw this.error('a value is missing', pos);
    return literal;
  }

  private tellNumber(place: Place, pos: number): void {
    let text = '';
    for (let n = 0; n < this.carried; n++) text += String.fromCharCode(this.carry[n]);
    if (!NUMBER_GRAMMAR.test(text)) throw this.error('a number is broken', pos);
    if (place.field < 0) return;
    if (place.kind === VALUE) this.sink.number(place.field, Number(text));
    else this.sink.other(place.field, false);
  }

  /** Passes over a string, keeping it where it is needed; returns the place of its closing quote, or the chunk's length. */
  private passString(bytes: Uint8Array, from: number, state: number): number {
    const length = bytes.length;
    for (let pos = from; ; ) {
      let end = pos;
      if (this.escape === 0) {
        let c = 0;
        while (end < length && (c = bytes[end]) !== QUOTE && c !== BACKSLASH && c >= SPACE) end++;
        if (end < length && c < SPACE) throw this.error('a string has a control character', end);
        if (end < length && c === BACKSLASH) {
          this.escape = 1;
          this.escaped = true;
          end++;
          this.keepOf(state, bytes, pos, end);
          pos = end;
          continue;
        }
        this.keepOf(state, bytes, pos, end);
        return end;
      }
      if (pos === length) return pos;
      this.escape = this.escapeAfter(bytes[pos], pos);
      this.keepOf(state, bytes, pos, pos + 1);
      pos++;
    }
  }

  private escapeAfter(c: number, pos: number): number {
    if (this.escape > 1) {
      if (!isHex(c)) throw this.error('an escape is broken', pos);
      return this.escape === 2 ? 0 : this.escape - 1;
    }
    if (c === 0x75) return 5;
    // " \ / b f n r t
    if (![QUOTE, BACKSLASH, 0x2f, 0x62, 0x66, 0x6e, 0x72, 0x74].includes(c)) throw this.error('an escape is broken', pos);
    return 0;
  }

  private keepOf(state: number, bytes: Uint8Array, start: number, end: number): void {
    if (state === SKIPPED_STRING || (state === KEY_STRING && this.carried > LONGEST_KEY)) return;
    if (this.carried + end - start > LONGEST_STRING) throw this.error('a name is too long', start);
    this.keep(bytes, start, end);
  }

  private keep(bytes: Uint8Array, start: number, end: number): void {
    const needed = this.carried + end - start;
    if (needed > this.carry.length) {
      const larger = new Uint8Array(needed * 2);
      larger.set(this.carry);
      this.carry = larger;
    }
    if (end - start < 32) for (let n = start; n < end; n++) this.carry[this.carried++] = bytes[n];
    else {
      this.carry.set(bytes.subarray(start, end), this.carried);
      this.carried = needed;
    }
  }

  private memberOfCarry(place: Place): Place {
    const member = place.members.length && this.carried <= LONGEST_KEY ? this.findMember(place.members) : undefined;
    if (!member) return skippedValue;
    // Remembered for the next object here.
    if (place.last) place.last.next = member;
    else place.first = member;
    place.last = member;
    place.guess = member.next;
    return member.place;
  }

  private findMember(members: readonly Member[]): Member | undefined {
    if (this.escaped) {
      const name = decodeString(this.carry, 0, this.carried, true);
      return members.find((member) => member.name === name);
    }
    return members.find(({ bytes }) => bytes.length === this.carried && isAt(this.carry, 0, bytes));
  }
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** The string of a sink's `string`. Bytes that are no UTF-8 become replacement characters. */
export function decodeString(bytes: Uint8Array, start: number, end: number, escaped: boolean): string {
  const text = decoder.decode(bytes.subarray(start, end));
  return escaped ? (JSON.parse(`"${text}"`) as string) : text;
}

export function hashOf(bytes: Uint8Array, length: number): number {
  let hash = HASH_SEED;
  for (let n = 0; n < length; n++) hash = Math.imul(hash ^ bytes[n], HASH_FACTOR);
  return hash;
}

function isAt(bytes: Uint8Array, from: number, text: Uint8Array): boolean {
  for (let n = 0; n < text.length; n++) if (bytes[from + n] !== text[n]) return false;
  return true;
}

function isSpace(c: number): boolean {
  return c === SPACE || c === 0x0a || c === 0x0d || c === 0x09;
}

function isAfterNumber(c: number): boolean {
  return c === COMMA || c === 0x7d || c === 0x5d || isSpace(c);
}

function isNumberByte(c: number): boolean {
  return (c >= ZERO && c <= NINE) || c === MINUS || c === 0x2b || c === 0x2e || c === 0x65 || c === 0x45;
}

function isHex(c: number): boolean {
  return (c >= ZERO && c <= NINE) || (c >= 0x61 && c <= 0x66) || (c >= 0x41 && c <= 0x46);
}
