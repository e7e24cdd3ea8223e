import { braceAfter } from './jsonBytes';

/** Longer texts are rare, and long to compare. */
const LONGEST_TEXT = 1_024;
const MOST_BYTES = 64 * 1024 * 1024;
/** Bytes of a text that its hash is made of; the key "functionName" comes before. */
const HASHED_FROM = 16;
const HASHED_HEAD = 32;
const HASHED_TAIL = 56;
/** Slots that are looked at for one text: texts that were written to share a hash would be compared one with all others. */
const MOST_PROBES = 64;

/**
 * Objects of a JSON text by their spelling, each with a number that stands for it. A call frame is spelt the same at each
 * of its nodes: comparing the text, four bytes at a time, spares reading it again.
 */
export class TextMemo {
  /** Where the text that `find` has found ends. */
  end = 0;
  private pool = new DataView(new ArrayBuffer(64 * 1024));
  private pooled = 0;
  private readonly starts: number[] = [];
  private readonly lengths: number[] = [];
  private readonly hashes: number[] = [];
  private readonly values: number[] = [];
  private shortest = LONGEST_TEXT;
  /** Open addressing: text plus 1, 0 where a slot is free. At most half full. */
  private slots = new Int32Array(1024);

  /** The number of the object that begins at `start`; -1 where it is new, or goes on behind `length`. */
  find(view: DataView, start: number, length: number): number {
    const end = braceAfter(view, start + this.shortest - 1, Math.min(length, start + LONGEST_TEXT));
    if (end < 0) return -1;
    const size = end - start;
    const hash = hashOf(view, start, size);
    const { slots } = this;
    const mask = slots.length - 1;
    let slot = (hash ^ (hash >>> 15)) & mask;
    let probes = 0;
    for (let text = slots[slot] - 1; text >= 0 && probes++ < MOST_PROBES; text = slots[slot] - 1) {
      if (
        this.hashes[text] === hash &&
        this.lengths[text] === size &&
        isSame(this.pool, this.starts[text], view, start, size)
      ) {
        this.end = end;
        return this.values[text];
      }
      slot = (slot + 1) & mask;
    }
    return -1;
  }

  /** Remembers an object's text, braces included. */
  add(view: DataView, start: number, end: number, value: number): void {
    const size = end - start;
    if (size > LONGEST_TEXT || this.pooled + size > MOST_BYTES) return;
    const hash = hashOf(view, start, size);
    if (!this.hasRoom(hash)) return;
    if (this.pooled + size > this.pool.byteLength) {
      const larger = new Uint8Array(this.pool.byteLength * 2);
      larger.set(new Uint8Array(this.pool.buffer));
      this.pool = new DataView(larger.buffer);
    }
    new Uint8Array(this.pool.buffer, this.pooled, size).set(new Uint8Array(view.buffer, view.byteOffset + start, size));
    this.starts.push(this.pooled);
    this.lengths.push(size);
    this.hashes.push(hash);
    this.values.push(value);
    this.pooled += size;
    this.shortest = Math.min(this.shortest, size);
    this.place(this.values.length - 1);
    if (this.values.length * 2 > this.slots.length) this.enlarge();
  }

  /** Whether a text of that hash would be found again. */
  private hasRoom(hash: number): boolean {
    const mask = this.slots.length - 1;
    let slot = (hash ^ (hash >>> 15)) & mask;
    for (let probes = 0; probes < MOST_PROBES; probes++) {
      if (this.slots[slot] === 0) return true;
      slot = (slot + 1) & mask;
    }
    return false;
  }

  private place(text: number): void {
    const mask = this.slots.length - 1;
    const hash = this.hashes[text];
    let slot = (hash ^ (hash >>> 15)) & mask;
    while (this.slots[slot] !== 0) slot = (slot + 1) & mask;
    this.slots[slot] = text + 1;
  }

  private enlarge(): void {
    this.slots = new Int32Array(this.slots.length * 2);
    for (let text = 0; text < this.values.length; text++) this.place(text);
  }
}

/** Of the name and of where the frame stands, which is where call frames differ: the end tells line, column and file. */
function hashOf(view: DataView, start: number, size: number): number {
  if (size < HASHED_HEAD + HASHED_TAIL) return hashRange(view, start, start + size, size);
  return hashRange(
    view,
    start + size - HASHED_TAIL,
    start + size,
    hashRange(view, start + HASHED_FROM, start + HASHED_HEAD, size),
  );
}

function hashRange(view: DataView, start: number, end: number, seed: number): number {
  let hash = seed;
  let n = start;
  for (; n < end - 3; n += 4) hash = Math.imul(hash ^ view.getInt32(n, true), 0x9e3779b1) ^ (hash >>> 13);
  for (; n < end; n++) hash = Math.imul(hash ^ view.getUint8(n), 0x01000193);
  return hash;
}

function isSame(pool: DataView, from: number, view: DataView, start: number, size: number): boolean {
  let n = 0;
  for (; n < size - 3; n += 4) if (pool.getInt32(from + n, true) !== view.getInt32(start + n, true)) return false;
  for (; n < size; n++) if (pool.getUint8(from + n) !== view.getUint8(start + n)) return false;
  return true;
}
