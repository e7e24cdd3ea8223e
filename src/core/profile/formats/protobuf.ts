import { enlarged } from '../../collections/growable';

/** Wire types of protocol buffers that occur; groups are deprecated and count as broken. */
const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;

/**
 * Walks the fields of one message without copying: after `next()`, `field` tells which one it is, and `value` (a number) or
 * `start` and `end` (a string, bytes or a message in the same buffer) what it holds. Reusable for any number of messages.
 */
export class ProtoReader {
  field = 0;
  /** Of a varint, as int64; beyond 2^53 it is inexact, see `id`. */
  value = 0;
  /** Where the content of a length-delimited field lies; `end` is -1 for any other field. */
  start = 0;
  end = -1;
  /** The message breaks off or is no protocol buffer; set by `next()`, until `reset`. */
  broken = false;
  private high = 0;
  private low = 0;
  private at = 0;
  private limit = 0;

  constructor(private readonly bytes: Uint8Array) {}

  reset(start: number, end: number): void {
    this.at = start;
    this.limit = end;
    this.broken = false;
  }

  /** False at the end of the message and where it is broken. */
  next(): boolean {
    if (this.at >= this.limit || !this.varint()) return false;
    const tag = this.value;
    this.field = Math.floor(tag / 8);
    this.end = -1;
    switch (tag & 7) {
      case VARINT:
        return this.varint();
      case BYTES: {
        if (!this.varint()) return false;
        const length = this.value;
        if (length < 0 || length > this.limit - this.at) return this.break();
        this.start = this.at;
        this.end = this.at += length;
        return true;
      }
      case FIXED64:
      case FIXED32:
        this.value = NaN;
        this.at += (tag & 7) === FIXED64 ? 8 : 4;
        return this.at <= this.limit || this.break();
      default:
        return this.break();
    }
  }

  /** The next number of a packed field, or of a message that is read as one; false at its end. */
  nextPacked(): boolean {
    return this.at < this.limit && this.varint();
  }

  /** The last varint as a key that is exact for all 64 bits: ids can be hashes. */
  get id(): number | string {
    return Number.isSafeInteger(this.value) ? this.value : `${this.high}:${this.low}`;
  }

  private varint(): boolean {
    const { bytes, limit } = this;
    let low = 0;
    let high = 0;
    for (let i = 0; i < 10; i++) {
      if (this.at >= limit) return this.break();
      const byte = bytes[this.at++];
      const bits = byte & 127;
      if (i < 4) low |= bits << (7 * i);
      else if (i === 4) {
        low |= bits << 28;
        high = bits >> 4;
      } else high |= bits << (7 * i - 32);
      if (byte < 128) {
        this.high = high;
        this.low = low >>> 0;
        this.value = high * 4294967296 + this.low;
        return true;
      }
    }
    return this.break();
  }

  private break(): false {
    this.broken = true;
    this.at = this.limit;
    return false;
  }
}

/** Grows a message by its fields; 0 and '' are written too, so that positions in repeated fields are kept. */
export class ProtoWriter {
  private bytes = new Uint8Array(1024);
  length = 0;

  clear(): void {
    this.length = 0;
  }

  /** `value` is a whole number from 0 to 2^53. */
  number(field: number, value: number): void {
    this.room(20);
    this.varint(field * 8);
    this.varint(value);
  }

  /** A number of a packed field, written into a writer of its own that then goes into the message by `message`. */
  packed(value: number): void {
    this.room(10);
    this.varint(value);
  }

  message(field: number, content: ProtoWriter): void {
    this.content(field, content.view());
  }

  text(field: number, text: string): void {
    this.content(field, new TextEncoder().encode(text));
  }

  /** Valid until the next write. */
  view(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }

  private content(field: number, content: Uint8Array): void {
    this.room(20 + content.length);
    this.varint(field * 8 + BYTES);
    this.varint(content.length);
    this.bytes.set(content, this.length);
    this.length += content.length;
  }

  private varint(value: number): void {
    let rest = value;
    while (rest >= 128) {
      this.bytes[this.length++] = (rest % 128) + 128;
      rest = Math.floor(rest / 128);
    }
    this.bytes[this.length++] = rest;
  }

  private room(count: number): void {
    if (this.length + count <= this.bytes.length) return;
    this.bytes = enlarged(this.bytes, Math.max(this.length + count, this.bytes.length * 2));
  }
}
