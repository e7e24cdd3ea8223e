import {
  BACKSLASH,
  CLOSE_ARRAY,
  CLOSE_OBJECT,
  COMMA,
  decodeString,
  isSpace,
  MINUS,
  NINE,
  OPEN_ARRAY,
  OPEN_OBJECT,
  plainEnd,
  QUOTE,
  shortNumber,
  shortNumberEnd,
  SPACE,
  ZERO,
} from './jsonBytes';
import {
  ARRAY,
  compileShape,
  OBJECT,
  Place,
  skippedArray,
  skippedObject,
  skippedValue,
  VALUE,
  type JsonShape,
  type Member,
} from './jsonShape';

/** Is told what stands at the wanted places, in the order of the document. A key that occurs twice is told twice. */
export interface JsonSink {
  number(field: number, value: number): void;
  /** `bytes` from `start` to `end` are the text between the quotes, in UTF-8, valid until this returns; see `decodeString`. */
  string(field: number, bytes: Uint8Array, start: number, end: number, escaped: boolean): void;
  /** Something else than the shape says: true, false or null, a scalar where a container belongs, or a container. */
  other(field: number, isContainer: boolean): void;
  open(field: number): void;
  /** Returns what `again` is to tell of an object that repeats, which is 0 or more; anything of the others. */
  close(field: number): number;
  /** Instead of all that is in an object that repeats. */
  again(field: number, value: number): void;
  /**
   * Objects of a list whose shape is `usual` begin at `pos`. The sink may read some of them by itself, with the commas
   * between them, and returns where the last one ends that it knows to be JSON; -1 to be told of the first one.
   */
  usual(bytes: Uint8Array, view: DataView, pos: number, length: number): number;
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
const START = 7;
const LITERAL = 8;
const WANTED_STRING = 9;
const KEY_STRING = 10;
const SKIPPED_STRING = 11;

const LONGEST_NUMBER = 4_096;
/** Longer than any wanted key, even with each letter escaped. */
const LONGEST_KEY = 256;
const LONGEST_STRING = 16 * 1024 * 1024;
const DEEPEST = 5_000_000;

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
  /** Where the object of a memo begins; -1 outside, and in one that began in the chunk before. */
  private memoStart = -1;
  private literal: Uint8Array = LITERALS[0];

  constructor(
    shape: JsonShape,
    private readonly sink: JsonSink,
  ) {
    this.next = compileShape(shape);
  }

  /** Throws a JsonError; then nothing more can be pushed. */
  push(bytes: Uint8Array): void {
    const { length } = bytes;
    const view = new DataView(bytes.buffer, bytes.byteOffset, length);
    this.memoStart = -1;
    // Each state is a method of its own: small ones are compiled soon, and one that has to be compiled anew costs little.
    for (let pos = 0; pos < length;) {
      const { state } = this;
      if (state === AFTER) pos = this.readAfter(bytes, view, pos);
      else if (state <= ITEM) pos = this.readValue(bytes, view, pos, length);
      else if (state <= KEY) pos = this.readKey(bytes, view, pos, length);
      else if (state <= LITERAL) pos = this.readRare(bytes, pos, length);
      else pos = this.readString(bytes, pos, length);
    }
    this.offset += length;
  }

  private readValue(bytes: Uint8Array, view: DataView, pos: number, length: number): number {
    const c = bytes[pos];
    const { next } = this;
    if (c === QUOTE) {
      if (next.kind === VALUE && next.field >= 0) {
        const end = plainEnd(bytes, pos + 1, length);
        if (end < length && bytes[end] === QUOTE) {
          this.sink.string(next.field, bytes, pos + 1, end, false);
          this.state = AFTER;
          return end + 1;
        }
      }
      return this.beginString(pos);
    }
    if (c <= NINE && (c >= ZERO || c === MINUS)) {
      const end = shortNumberEnd(bytes, pos, length);
      if (end < 0) {
        this.carried = 0;
        this.state = NUMBER;
        return pos;
      }
      if (next.field >= 0) {
        if (next.kind === VALUE) this.sink.number(next.field, shortNumber);
        else this.sink.other(next.field, false);
      }
      this.state = AFTER;
      return end;
    }
    if (c === OPEN_OBJECT || c === OPEN_ARRAY)
      return this.readOpen(c === OPEN_OBJECT ? OBJECT : ARRAY, bytes, view, pos, length);
    if (c === CLOSE_ARRAY && this.state === FIRST_ITEM) {
      this.closePlace();
      return pos + 1;
    }
    if (isSpace(c)) return pos + 1;
    return this.beginLiteral(c, pos);
  }

  private readOpen(
    kind: typeof OBJECT | typeof ARRAY,
    bytes: Uint8Array,
    view: DataView,
    pos: number,
    length: number,
  ): number {
    const { next } = this;
    if (next.isUsual && kind === OBJECT) {
      const end = this.sink.usual(bytes, view, pos, length);
      if (end >= 0) {
        this.state = AFTER;
        return end;
      }
    }
    if (next.memo && kind === OBJECT) {
      const known = next.memo.find(view, pos, length);
      if (known >= 0) {
        this.sink.again(next.field, known);
        this.state = AFTER;
        return next.memo.end;
      }
      this.memoStart = pos;
    }
    if (this.stack.length >= DEEPEST) throw this.error('it is nested too deeply', pos);
    this.stack.push(this.place);
    let place = next;
    if (next.kind === kind) {
      if (next.field >= 0) this.sink.open(next.field);
    } else {
      if (next.field >= 0) this.sink.other(next.field, true);
      place = kind === OBJECT ? skippedObject : skippedArray;
    }
    this.place = place;
    if (kind === OBJECT) {
      place.guess = place.first;
      place.last = undefined;
      this.state = FIRST_KEY;
    } else {
      this.next = place.items!;
      this.state = FIRST_ITEM;
    }
    return pos + 1;
  }

  private readAfter(bytes: Uint8Array, view: DataView, pos: number): number {
    const c = bytes[pos];
    const { place } = this;
    if (c === COMMA) {
      if (place.kind === ARRAY) {
        this.next = place.items!;
        this.state = ITEM;
        return this.readNumbers(bytes, pos + 1, bytes.length);
      } else if (place.kind === OBJECT) this.state = KEY;
      else throw this.error('there is more behind the end', pos);
    } else if ((c === CLOSE_OBJECT && place.kind === OBJECT) || (c === CLOSE_ARRAY && place.kind === ARRAY)) {
      const known = this.closePlace();
      if (place.memo && this.memoStart >= 0) {
        place.memo.add(view, this.memoStart, pos + 1, known);
        this.memoStart = -1;
      }
    } else if (!isSpace(c)) throw this.error('a comma or the end is missing', pos);
    return pos + 1;
  }

  /** As many numbers of a list as stand one after the other; what comes then is for others. */
  private readNumbers(bytes: Uint8Array, from: number, length: number): number {
    const { sink } = this;
    const { kind, field } = this.next;
    if (kind !== VALUE || field < 0) return from;
    for (let pos = from; pos < length;) {
      const end = shortNumberEnd(bytes, pos, length);
      if (end < 0) return pos;
      sink.number(field, shortNumber);
      if (bytes[end] !== COMMA) {
        this.state = AFTER;
        return end;
      }
      pos = end + 1;
    }
    return length;
  }

  private closePlace(): number {
    const { field } = this.place;
    this.place = this.stack.pop()!;
    this.state = AFTER;
    return field >= 0 ? this.sink.close(field) : 0;
  }

  private readKey(bytes: Uint8Array, view: DataView, pos: number, length: number): number {
    const c = bytes[pos];
    const { place } = this;
    if (c === QUOTE) {
      const { guess } = place;
      if (guess) {
        const end = guess.text.endAt(view, pos + 1, length);
        if (end > 0) {
          place.last = guess;
          place.guess = guess.next;
          this.next = guess.place;
          this.state = ITEM;
          return end;
        }
      }
      this.carried = 0;
      this.escaped = false;
      this.state = KEY_STRING;
    } else if (c === CLOSE_OBJECT && this.state === FIRST_KEY) {
      this.memoStart = -1;
      this.closePlace();
    } else if (!isSpace(c)) throw this.error('a key is missing', pos);
    return pos + 1;
  }

  private readRare(bytes: Uint8Array, pos: number, length: number): number {
    const c = bytes[pos];
    switch (this.state) {
      case COLON:
        if (c === 0x3a) this.state = ITEM;
        else if (!isSpace(c)) throw this.error('a colon is missing', pos);
        return pos + 1;
      case NUMBER:
        return this.readNumber(bytes, pos, length);
      case LITERAL:
        if (c !== this.literal[this.carried]) throw this.error('a value is missing', pos);
        if (++this.carried === this.literal.length) this.state = AFTER;
        return pos + 1;
      default:
        // Editors on Windows put a byte order mark first.
        if (c !== BYTE_ORDER_MARK[this.carried]) {
          if (this.carried) throw this.error('a value is missing', pos);
          this.state = ITEM;
          return pos;
        }
        if (++this.carried === BYTE_ORDER_MARK.length) this.state = ITEM;
        return pos + 1;
    }
  }

  private readNumber(bytes: Uint8Array, pos: number, length: number): number {
    let end = pos;
    while (end < length && isNumberByte(bytes[end])) end++;
    if (this.carried + end - pos > LONGEST_NUMBER) throw this.error('a number is too long', pos);
    this.keep(bytes, pos, end);
    if (end < length) {
      this.tellNumber(end);
      this.state = AFTER;
    }
    return end;
  }

  private beginString(pos: number): number {
    const { kind, field } = this.next;
    this.carried = 0;
    this.escaped = false;
    if (kind === VALUE && field >= 0) this.state = WANTED_STRING;
    else {
      if (field >= 0) this.sink.other(field, false);
      this.state = SKIPPED_STRING;
    }
    return pos + 1;
  }

  private beginLiteral(c: number, pos: number): number {
    const literal = LITERALS.find((text) => text[0] === c);
    if (!literal) throw this.error('a value is missing', pos);
    this.literal = literal;
    this.carried = 0;
    if (this.next.field >= 0) this.sink.other(this.next.field, false);
    this.state = LITERAL;
    return pos;
  }

  /** A string that was cut, has escapes, is nobody's, or is a key that was not guessed. */
  private readString(bytes: Uint8Array, pos: number, length: number): number {
    const end = this.passString(bytes, pos);
    if (end === length) return end;
    if (this.state === KEY_STRING) {
      this.next = this.memberOfCarry(this.place);
      this.state = COLON;
    } else {
      if (this.state === WANTED_STRING) this.sink.string(this.next.field, this.carry, 0, this.carried, this.escaped);
      this.state = AFTER;
    }
    return end + 1;
  }

  /** Nothing more comes. Throws a JsonError where something is missing. */
  end(): void {
    if (this.state === NUMBER && this.place === document) {
      this.tellNumber(0);
      this.state = AFTER;
    }
    if (this.state !== AFTER || this.place !== document) throw this.error('it breaks off', 0);
  }

  private error(why: string, pos: number): JsonError {
    return new JsonError(why, this.offset + pos);
  }

  private tellNumber(pos: number): void {
    const place = this.next;
    let text = '';
    for (let n = 0; n < this.carried; n++) text += String.fromCharCode(this.carry[n]);
    if (!NUMBER_GRAMMAR.test(text)) throw this.error('a number is broken', pos);
    if (place.field < 0) return;
    if (place.kind === VALUE) this.sink.number(place.field, Number(text));
    else this.sink.other(place.field, false);
  }

  /** Passes over a string, keeping it where it is needed; returns the place of its closing quote, or the chunk's length. */
  private passString(bytes: Uint8Array, from: number): number {
    const length = bytes.length;
    for (let pos = from; ;) {
      let end = pos;
      if (this.escape === 0) {
        end = plainEnd(bytes, pos, length);
        const c = end < length ? bytes[end] : 0;
        if (end < length && c < SPACE) throw this.error('a string has a control character', end);
        if (end < length && c === BACKSLASH) {
          this.escape = 1;
          this.escaped = true;
          end++;
          this.keepOf(bytes, pos, end);
          pos = end;
          continue;
        }
        this.keepOf(bytes, pos, end);
        return end;
      }
      if (pos === length) return pos;
      this.escape = this.escapeAfter(bytes[pos], pos);
      this.keepOf(bytes, pos, pos + 1);
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
    if (![QUOTE, BACKSLASH, 0x2f, 0x62, 0x66, 0x6e, 0x72, 0x74].includes(c))
      throw this.error('an escape is broken', pos);
    return 0;
  }

  private keepOf(bytes: Uint8Array, start: number, end: number): void {
    if (this.state === SKIPPED_STRING || (this.state === KEY_STRING && this.carried > LONGEST_KEY)) return;
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

function isAt(bytes: Uint8Array, from: number, text: Uint8Array): boolean {
  for (let n = 0; n < text.length; n++) if (bytes[from + n] !== text[n]) return false;
  return true;
}

function isNumberByte(c: number): boolean {
  return (c >= ZERO && c <= NINE) || c === MINUS || c === 0x2b || c === 0x2e || c === 0x65 || c === 0x45;
}

function isHex(c: number): boolean {
  return (c >= ZERO && c <= NINE) || (c >= 0x61 && c <= 0x66) || (c >= 0x41 && c <= 0x46);
}
