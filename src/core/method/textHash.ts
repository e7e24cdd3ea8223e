const BASE = 0x01000193;
const SPACE = 32;

/** Hashes any range of one text in constant time; white space runs count as one blank, comments as white space. */
export interface FoldedText {
  /** Hash and folded length of the range without leading and trailing blanks. */
  hash(from: number, to: number): RangeHash;
  /** Whether anything but white space and comments stands in the range. */
  hasCode(from: number, to: number): boolean;
}

export interface RangeHash {
  readonly hash: number;
  /** Folded characters. */
  readonly length: number;
}

export const EMPTY_RANGE: RangeHash = { hash: 0, length: 0 };

/** The hash of both texts written one after the other. */
export function joinHashes(first: RangeHash, second: RangeHash): RangeHash {
  return {
    hash: (Math.imul(first.hash, power(second.length)) + second.hash) | 0,
    length: first.length + second.length,
  };
}

/** One number for a range: ranges of different length differ. */
export function hashNumber(range: RangeHash): number {
  let mixed = Math.imul(range.hash ^ (range.hash >>> 15), 0x85ebca6b) ^ range.length;
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** `comments` are [from, to, from, to, …], ascending. */
export function foldText(text: string, comments: readonly number[]): FoldedText {
  // Prefix sums: a polynomial hash of a range is a difference of two prefixes.
  const hashes = new Int32Array(text.length + 1);
  const lengths = new Uint32Array(text.length + 1);
  const codeCounts = new Uint32Array(text.length + 1);
  let hash = 0;
  let length = 0;
  let codeCount = 0;
  let inBlank = false;
  let comment = 0;
  for (let i = 0; i < text.length; i++) {
    while (comment < comments.length && comments[comment + 1] <= i) comment += 2;
    let code = text.charCodeAt(i);
    if ((comment < comments.length && comments[comment] <= i) || isBlank(code)) {
      code = SPACE;
    } else {
      codeCount++;
    }
    if (code !== SPACE || !inBlank) {
      hash = (Math.imul(hash, BASE) + code) | 0;
      length++;
    }
    inBlank = code === SPACE;
    hashes[i + 1] = hash;
    lengths[i + 1] = length;
    codeCounts[i + 1] = codeCount;
  }

  const hasCode = (from: number, to: number) => codeCounts[to] > codeCounts[from];
  const isCode = (at: number) => codeCounts[at + 1] > codeCounts[at];
  return {
    hasCode,
    hash(from, to) {
      if (from >= to || !hasCode(from, to)) return EMPTY_RANGE;
      while (!isCode(from)) from++;
      while (!isCode(to - 1)) to--;
      const rangeLength = lengths[to] - lengths[from];
      return { hash: (hashes[to] - Math.imul(hashes[from], power(rangeLength))) | 0, length: rangeLength };
    },
  };
}

function isBlank(code: number): boolean {
  return code <= SPACE || code === 0xa0 || code === 0xfeff || code === 0x2028 || code === 0x2029;
}

function power(exponent: number): number {
  let result = 1;
  let base = BASE;
  for (let rest = exponent; rest > 0; rest >>>= 1) {
    if (rest & 1) result = Math.imul(result, base);
    base = Math.imul(base, base);
  }
  return result;
}
