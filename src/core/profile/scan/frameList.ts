import type { V8CallFrame } from '../frame';
import { TextMemo } from './textMemo';

/** The call frames of a file: one for each spelling, so that two may be equal. Their members may be of any type. */
export class FrameList {
  readonly frames: Partial<V8CallFrame>[] = [];
  /** Index of each frame by its text. */
  readonly memo = new TextMemo();

  /** Returns the index. */
  add(frame: V8CallFrame): number {
    return this.frames.push(frame) - 1;
  }

  /** The same of an object's text; -1 where it is no JSON: it may end at a brace in a name. */
  addText(text: string): number {
    try {
      return this.frames.push(JSON.parse(text) as Partial<V8CallFrame>) - 1;
    } catch {
      return -1;
    }
  }
}
