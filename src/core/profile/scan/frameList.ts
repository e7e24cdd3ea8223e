import { LimitError } from '../../collections/limitError';
import type { V8CallFrame } from '../frame';

import { TextMemo } from './textMemo';

/** A spelling is listed once as long as there is room to remember it, so this is more than there can be functions. */
const MOST_SPELLINGS = 2 ** 21;

/** The call frames of a file: one for each spelling, so that two may be equal. Their members may be of any type. */
export class FrameList {
  readonly frames: Partial<V8CallFrame>[] = [];
  /** Index of each frame by its text. */
  readonly memo = new TextMemo();

  /** Returns the index. */
  add(frame: Partial<V8CallFrame>): number {
    if (this.frames.length >= MOST_SPELLINGS) throw new LimitError(MOST_SPELLINGS, 'functions');
    return this.frames.push(frame) - 1;
  }

  /** The same of an object's text; -1 where it is no JSON: it may end at a brace in a name. */
  addText(text: string): number {
    let frame: Partial<V8CallFrame>;
    try {
      frame = JSON.parse(text) as Partial<V8CallFrame>;
    } catch {
      return -1;
    }
    return this.add(frame);
  }
}
