import type { CpuColumnsBuilder } from '../v8/v8Columns';
import type { FrameList } from './frameList';
import {
  braceAfter,
  CLOSE_ARRAY,
  CLOSE_OBJECT,
  COMMA,
  decodeString,
  Literal,
  OPEN_OBJECT,
  shortNumber,
  shortNumberEnd,
} from './jsonBytes';

const ID = new Literal('{"id":');
const CALL_FRAME = new Literal(',"callFrame":');
const HIT_COUNT = new Literal(',"hitCount":');
const CHILDREN = new Literal(',"children":[');
const TICKS = new Literal(',"positionTicks":[');
const TICK_LINE = new Literal('{"line":');
const TICK_COUNT = new Literal(',"ticks":');

/** Bytes; longer ones have a name of kilobytes. */
const LONGEST_FRAME = 4_096;
/** So many nodes in a row that are spelt otherwise, and the rest of the file is not tried. */
const PATIENCE = 1_000;

/**
 * Reads nodes of a `.cpuprofile` as V8 spells them, all members in V8's order and no white space, at a fraction of the
 * cost of taking each token by itself. Whatever is spelt otherwise is left to the scanner, which reads anything.
 */
export class UsualNodes {
  private unusual = 0;

  constructor(
    private readonly builder: CpuColumnsBuilder,
    private readonly frames: FrameList,
  ) {}

  /** Adds the nodes that begin at `start`, with commas between them, and returns where the last one ends; -1 without one. */
  read(bytes: Uint8Array, view: DataView, start: number, length: number): number {
    if (this.unusual > PATIENCE) return -1;
    let end = -1;
    for (let pos = start; ; pos = end + 1) {
      const next = this.readNode(bytes, view, pos, length);
      if (next < 0) {
        this.builder.dropChildren();
        this.builder.dropTicks();
        this.unusual = end < 0 ? this.unusual + 1 : 0;
        return end;
      }
      end = next;
      if (end >= length || bytes[end] !== COMMA) return end;
    }
  }

  private readNode(bytes: Uint8Array, view: DataView, start: number, length: number): number {
    let pos = ID.endAt(view, start, length);
    if (pos < 0 || (pos = shortNumberEnd(bytes, pos, length)) < 0) return -1;
    const id = shortNumber;
    if ((pos = CALL_FRAME.endAt(view, pos, length)) < 0) return -1;
    const { memo } = this.frames;
    let frame = memo.find(view, pos, length);
    if (frame < 0) frame = this.readFrame(bytes, view, pos, length);
    if (
      frame < 0 ||
      (pos = HIT_COUNT.endAt(view, memo.end, length)) < 0 ||
      (pos = shortNumberEnd(bytes, pos, length)) < 0
    )
      return -1;
    const hitCount = shortNumber;
    const children = CHILDREN.endAt(view, pos, length);
    if (children >= 0 && (pos = this.readChildren(bytes, children, length)) < 0) return -1;
    const ticks = TICKS.endAt(view, pos, length);
    if (ticks >= 0 && (pos = this.readTicks(bytes, view, ticks, length)) < 0) return -1;
    if (pos >= length || bytes[pos] !== CLOSE_OBJECT) return -1;
    this.builder.addNode(id, frame, hitCount, NaN);
    return pos + 1;
  }

  /** A call frame that is new: each is read once only, so that `JSON.parse` serves best. */
  private readFrame(bytes: Uint8Array, view: DataView, start: number, length: number): number {
    if (start >= length || bytes[start] !== OPEN_OBJECT) return -1;
    const end = braceAfter(view, start, Math.min(length, start + LONGEST_FRAME));
    if (end < 0) return -1;
    const frame = this.frames.addText(decodeString(bytes, start, end, false));
    if (frame < 0) return -1;
    const { memo } = this.frames;
    memo.add(view, start, end, frame);
    memo.end = end;
    return frame;
  }

  private readChildren(bytes: Uint8Array, start: number, length: number): number {
    if (start < length && bytes[start] === CLOSE_ARRAY) return start + 1;
    for (let pos = start; ; pos++) {
      if ((pos = shortNumberEnd(bytes, pos, length)) < 0) return -1;
      this.builder.addChild(shortNumber);
      if (bytes[pos] === CLOSE_ARRAY) return pos + 1;
      if (bytes[pos] !== COMMA) return -1;
    }
  }

  private readTicks(bytes: Uint8Array, view: DataView, start: number, length: number): number {
    if (start < length && bytes[start] === CLOSE_ARRAY) return start + 1;
    for (let pos = start; ; pos++) {
      if ((pos = TICK_LINE.endAt(view, pos, length)) < 0 || (pos = shortNumberEnd(bytes, pos, length)) < 0) return -1;
      const line = shortNumber;
      if ((pos = TICK_COUNT.endAt(view, pos, length)) < 0 || (pos = shortNumberEnd(bytes, pos, length)) < 0) return -1;
      if (bytes[pos] !== CLOSE_OBJECT) return -1;
      this.builder.addTick(line, shortNumber);
      pos++;
      if (pos >= length) return -1;
      if (bytes[pos] === CLOSE_ARRAY) return pos + 1;
      if (bytes[pos] !== COMMA) return -1;
    }
  }
}
