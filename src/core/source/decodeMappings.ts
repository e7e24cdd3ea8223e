/** The mappings of one map, and where they stand in the generated script and in the list of sources. All 0-based. */
export interface MapSection {
  readonly mappings: string;
  readonly line: number;
  /** Added to the columns of the section's first line. */
  readonly column: number;
  /** The next section begins here; Infinity where none does. */
  readonly stopLine: number;
  readonly stopColumn: number;
  readonly firstSource: number;
  readonly sourceCount: number;
}

/** Segments of all sections, sorted by generated position; see `SourceMap`. */
export interface MapColumns {
  readonly lineStarts: Int32Array;
  readonly columns: Int32Array;
  readonly sourceIndices: Int32Array;
  readonly sourceLines: Int32Array;
  readonly sourceColumns: Int32Array;
}

const COMMA = 0x2c;
const SEMICOLON = 0x3b;
const CONTINUES = 32;
/** Digits of 5 bits that an Int32 and its sign need; more are passed over. */
const MOST_DIGITS = 7;

/** Values of the digits by character code; what is no digit is 0, as all readers have it. */
const DIGITS = new Uint8Array(128);
[...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].forEach((digit, value) => {
  DIGITS[digit.charCodeAt(0)] = value;
});

/** How many lines and (at most) segments a text of mappings has, without decoding it. */
export function countMappings(mappings: string): { lines: number; segments: number } {
  let lines = 1;
  let segments = 0;
  let isOpen = false;
  for (let at = 0; at < mappings.length; at++) {
    const c = mappings.charCodeAt(at);
    if (c === SEMICOLON) lines++;
    if (c === COMMA || c === SEMICOLON) isOpen = false;
    else if (!isOpen) {
      isOpen = true;
      segments++;
    }
  }
  return { lines, segments };
}

/**
 * The segments of sections straight into columns: a million of them take 20 MB meanwhile, and no object each. `segments` and
 * `lines` are as many as there can be; lines and columns are those of the whole script.
 */
export function decodeMappings(sections: readonly MapSection[], segments: number, lines: number): MapColumns {
  const raw = new RawSegments(segments);
  for (const section of sections) decodeSection(section, raw);
  return raw.sorted(lines);
}

/** Segments in the order in which sections name them. */
class RawSegments {
  count = 0;
  private isSorted = true;
  private readonly lines: Int32Array;
  private readonly columns: Int32Array;
  private readonly sourceIndices: Int32Array;
  private readonly sourceLines: Int32Array;
  private readonly sourceColumns: Int32Array;

  constructor(capacity: number) {
    this.lines = new Int32Array(capacity);
    this.columns = new Int32Array(capacity);
    this.sourceIndices = new Int32Array(capacity);
    this.sourceLines = new Int32Array(capacity);
    this.sourceColumns = new Int32Array(capacity);
  }

  push(line: number, column: number, source: number, sourceLine: number, sourceColumn: number): void {
    const at = this.count++;
    if (at > 0 && (this.lines[at - 1] > line || (this.lines[at - 1] === line && this.columns[at - 1] > column)))
      this.isSorted = false;
    this.lines[at] = line;
    this.columns[at] = column;
    const isUsable = source >= 0 && sourceLine >= 0 && sourceColumn >= 0 && column >= 0;
    this.sourceIndices[at] = isUsable ? source : -1;
    this.sourceLines[at] = isUsable ? sourceLine : -1;
    this.sourceColumns[at] = isUsable ? sourceColumn : -1;
  }

  sorted(lineCount: number): MapColumns {
    const { lines, columns, count } = this;
    const lineStarts = new Int32Array(lineCount + 1);
    for (let n = 0; n < count; n++) lineStarts[lines[n] + 1]++;
    for (let line = 0; line < lineCount; line++) lineStarts[line + 1] += lineStarts[line];
    // Of several segments at one place the last one counts, so their order is kept.
    const order = this.isSorted ? undefined : inOrderOf(inOrderOf(firstNumbers(count), columns), lines);
    const column = (data: Int32Array): Int32Array => {
      if (order) return Int32Array.from(order, (n) => data[n]);
      return count < data.length / 2 ? data.slice(0, count) : data.subarray(0, count);
    };
    return {
      lineStarts,
      columns: column(columns),
      sourceIndices: column(this.sourceIndices),
      sourceLines: column(this.sourceLines),
      sourceColumns: column(this.sourceColumns),
    };
  }
}

function firstNumbers(count: number): Uint32Array {
  const numbers = new Uint32Array(count);
  for (let n = 0; n < count; n++) numbers[n] = n;
  return numbers;
}

/** Sorts indices by their keys, stable; by halves of the keys, because a comparing sort of millions takes many seconds. */
function inOrderOf(order: Uint32Array, keys: Int32Array): Uint32Array {
  let from = order;
  for (const shift of [0, 16]) {
    // Negative keys come first.
    const bucketOf = (n: number): number => ((keys[n] ^ 0x80000000) >>> shift) & 0xffff;
    const ends = new Uint32Array(0x10001);
    for (const n of from) ends[bucketOf(n) + 1]++;
    for (let bucket = 0; bucket < 0x10000; bucket++) ends[bucket + 1] += ends[bucket];
    const to = new Uint32Array(from.length);
    for (const n of from) to[ends[bucketOf(n)]++] = n;
    from = to;
  }
  return from;
}

function decodeSection(section: MapSection, into: RawSegments): void {
  const { mappings, stopLine, stopColumn, firstSource, sourceCount } = section;
  const { length } = mappings;
  let at = 0;
  let line = section.line;
  let offset = section.column;
  let column = 0;
  let source = 0;
  let sourceLine = 0;
  let sourceColumn = 0;

  const isOver = (): boolean =>
    at >= length || mappings.charCodeAt(at) === COMMA || mappings.charCodeAt(at) === SEMICOLON;
  /** The next number of the segment, added to what it counts from. */
  const plus = (before: number): number => {
    let value = 0;
    for (let digits = 0; !isOver(); digits++) {
      const c = mappings.charCodeAt(at++);
      const digit = c < 128 ? DIGITS[c] : 0;
      if (digits < MOST_DIGITS) value |= (digit & 31) << (5 * digits);
      if (!(digit & CONTINUES)) break;
    }
    // The format has no -0: it stands for the least number.
    return (before + (value & 1 ? -0x80000000 | -(value >>> 1) : value >>> 1)) | 0;
  };

  while (at < length && line <= stopLine) {
    const c = mappings.charCodeAt(at);
    if (c === SEMICOLON) {
      line++;
      column = offset = 0;
      at++;
      continue;
    }
    if (c === COMMA) {
      at++;
      continue;
    }
    column = plus(column);
    let hasSource = false;
    if (!isOver()) {
      hasSource = true;
      source = plus(source);
      sourceLine = plus(sourceLine);
      sourceColumn = plus(sourceColumn);
      // The name's index, and whatever follows.
      while (!isOver()) at++;
    }
    const place = (column + offset) | 0;
    if (line === stopLine && place >= stopColumn) continue;
    const isKnown = hasSource && source >= 0 && source < sourceCount;
    into.push(line, place, isKnown ? firstSource + source : -1, sourceLine, sourceColumn);
  }
}
