import type { RawCallFrame } from '../rawProfile';
import { TextMemo } from './textMemo';

/** The call frames of a file: one for each spelling, so that two may be equal. */
export class FrameList {
  readonly frames: RawCallFrame[] = [];
  /** Index of each frame by its text. */
  readonly memo = new TextMemo();
  /** Few scripts have many frames: their names are kept once. */
  private readonly words = new Map<string, string>();

  /** Returns the index. */
  add(functionName: string, scriptId: string, url: string, lineNumber: number, columnNumber: number): number {
    return this.frames.push({ functionName, scriptId: this.word(scriptId), url: this.word(url), lineNumber, columnNumber }) - 1;
  }

  private word(text: string): string {
    const known = this.words.get(text);
    if (known === undefined) this.words.set(text, text);
    return known ?? text;
  }
}
