import { CutToken } from './cutToken';
import {
  CLOSE_ARRAY,
  CLOSE_OBJECT,
  COMMA,
  isSpace,
  MINUS,
  NINE,
  OPEN_ARRAY,
  OPEN_OBJECT,
  plainEnd,
  QUOTE,
  shortNumber,
  shortNumberEnd,
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
} from './jsonShape';
import { JsonError, type JsonSink } from './jsonSink';

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
  private readonly token = new CutToken((why, pos) => {
    throw this.error(why, pos);
  });
  /** Letters of a literal, or bytes of a byte order mark, that were read. */
  private matched = 0;
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
        this.token.clear();
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
      this.token.clear();
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
        if (c !== this.literal[this.matched]) throw this.error('a value is missing', pos);
        if (++this.matched === this.literal.length) this.state = AFTER;
        return pos + 1;
      default:
        // Editors on Windows put a byte order mark first.
        if (c !== BYTE_ORDER_MARK[this.matched]) {
          if (this.matched) throw this.error('a value is missing', pos);
          this.state = ITEM;
          return pos;
        }
        if (++this.matched === BYTE_ORDER_MARK.length) this.state = ITEM;
        return pos + 1;
    }
  }

  private readNumber(bytes: Uint8Array, pos: number, length: number): number {
    let end = pos;
    while (end < length && isNumberByte(bytes[end])) end++;
    if (this.token.length + end - pos > LONGEST_NUMBER) throw this.error('a number is too long', pos);
    this.token.keep(bytes, pos, end);
    if (end < length) {
      this.tellNumber(end);
      this.state = AFTER;
    }
    return end;
  }

  private beginString(pos: number): number {
    const { kind, field } = this.next;
    this.token.clear();
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
    this.matched = 0;
    if (this.next.field >= 0) this.sink.other(this.next.field, false);
    this.state = LITERAL;
    return pos;
  }

  /** A string that was cut, has escapes, is nobody's, or is a key that was not guessed. */
  private readString(bytes: Uint8Array, pos: number, length: number): number {
    const { token, state } = this;
    const end = token.passString(
      bytes,
      pos,
      state === SKIPPED_STRING ? 'nothing' : state === KEY_STRING ? 'key' : 'all',
    );
    if (end === length) return end;
    if (state === KEY_STRING) {
      this.next = this.memberOfToken(this.place);
      this.state = COLON;
    } else {
      if (state === WANTED_STRING) this.sink.string(this.next.field, token.bytes, 0, token.length, token.hasEscapes);
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
    const text = this.token.ascii();
    if (!NUMBER_GRAMMAR.test(text)) throw this.error('a number is broken', pos);
    if (place.field < 0) return;
    if (place.kind === VALUE) this.sink.number(place.field, Number(text));
    else this.sink.other(place.field, false);
  }

  private memberOfToken(place: Place): Place {
    const member = place.members.length ? this.token.memberOf(place.members) : undefined;
    if (!member) return skippedValue;
    // Remembered for the next object here.
    if (place.last) place.last.next = member;
    else place.first = member;
    place.last = member;
    place.guess = member.next;
    return member.place;
  }
}

function isNumberByte(c: number): boolean {
  return (c >= ZERO && c <= NINE) || c === MINUS || c === 0x2b || c === 0x2e || c === 0x65 || c === 0x45;
}
