import { decodeString } from './jsonScanner';

/** Strings that occur again and again, each decoded once: found by their bytes, without making a string. */
export class StringTable {
  /** Index 0 is the empty string. */
  readonly strings: string[] = [''];
  /** Bytes of all spellings that were seen, one after the other. */
  private pool = new Uint8Array(16 * 1024);
  private pooled = 0;
  /** By spelling. One string may be spelt with and without escapes. */
  private readonly starts: number[] = [];
  private readonly lengths: number[] = [];
  private readonly hashes: number[] = [];
  private readonly stringOf: number[] = [];
  private readonly byText = new Map<string, number>([['', 0]]);
  /** Open addressing: spelling plus 1, 0 where a slot is free. At most half full. */
  private slots = new Int32Array(1024);

  /** Index of a string that the scanner tells. */
  intern(bytes: Uint8Array, start: number, end: number, escaped: boolean): number {
    const hash = hashOf(bytes, start, end);
    const { slots, starts, lengths, hashes } = this;
    const length = end - start;
    const mask = slots.length - 1;
    let slot = (hash ^ (hash >>> 15)) & mask;
    for (let spelling = slots[slot] - 1; spelling >= 0; spelling = slots[slot] - 1) {
      if (hashes[spelling] === hash && lengths[spelling] === length && isSame(this.pool, starts[spelling], bytes, start, length)) return this.stringOf[spelling];
      slot = (slot + 1) & mask;
    }
    const index = this.indexOf(decodeString(bytes, start, end, escaped));
    this.keep(bytes, start, end);
    hashes.push(hash);
    this.stringOf.push(index);
    slots[slot] = this.stringOf.length;
    if (this.stringOf.length * 2 > slots.length) this.enlarge();
    return index;
  }

  indexOf(text: string): number {
    let index = this.byText.get(text);
    if (index === undefined) {
      index = this.strings.length;
      this.strings.push(text);
      this.byText.set(text, index);
    }
    return index;
  }

  private keep(bytes: Uint8Array, start: number, end: number): void {
    const needed = this.pooled + end - start;
    if (needed > this.pool.length) {
      const larger = new Uint8Array(needed * 2);
      larger.set(this.pool);
      this.pool = larger;
    }
    this.pool.set(bytes.subarray(start, end), this.pooled);
    this.starts.push(this.pooled);
    this.lengths.push(end - start);
    this.pooled = needed;
  }

  private enlarge(): void {
    this.slots = new Int32Array(this.slots.length * 2);
    const mask = this.slots.length - 1;
    this.hashes.forEach((hash, spelling) => {
      let slot = (hash ^ (hash >>> 15)) & mask;
      while (this.slots[slot] !== 0) slot = (slot + 1) & mask;
      this.slots[slot] = spelling + 1;
    });
  }
}

function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5 | 0;
  for (let n = start; n < end; n++) hash = Math.imul(hash ^ bytes[n], 0x01000193);
  return hash;
}

function isSame(pool: Uint8Array, from: number, bytes: Uint8Array, start: number, length: number): boolean {
  for (let n = 0; n < length; n++) if (pool[from + n] !== bytes[start + n]) return false;
  return true;
}
