import type { RawCallFrame } from '../rawProfile';
import { StringTable } from './stringTable';

/** Call frames of a file, each once, found by numbers instead of text. */
export class FrameRows {
  readonly frames: RawCallFrame[] = [];
  readonly strings = new StringTable();
  private readonly names: number[] = [];
  private readonly scripts: number[] = [];
  private readonly urls: number[] = [];
  /** Open addressing: frame plus 1, 0 where a slot is free. At most half full. */
  private slots = new Int32Array(1024);

  /** Index of the frame; strings by index. */
  intern(name: number, script: number, url: number, line: number, column: number): number {
    const { slots, frames, names, scripts, urls } = this;
    const mask = slots.length - 1;
    let slot = hash(name, url, line, column) & mask;
    for (let frame = slots[slot] - 1; frame >= 0; frame = slots[slot] - 1) {
      const { lineNumber, columnNumber } = frames[frame];
      const isSame = names[frame] === name && urls[frame] === url && scripts[frame] === script && lineNumber === line && columnNumber === column;
      if (isSame) return frame;
      slot = (slot + 1) & mask;
    }
    const { strings } = this.strings;
    names.push(name);
    scripts.push(script);
    urls.push(url);
    slots[slot] = frames.push({ functionName: strings[name], scriptId: strings[script], url: strings[url], lineNumber: line, columnNumber: column });
    if (frames.length * 2 > slots.length) this.enlarge();
    return frames.length - 1;
  }

  private enlarge(): void {
    this.slots = new Int32Array(this.slots.length * 2);
    const mask = this.slots.length - 1;
    this.frames.forEach(({ lineNumber, columnNumber }, frame) => {
      let slot = hash(this.names[frame], this.urls[frame], lineNumber, columnNumber) & mask;
      while (this.slots[slot] !== 0) slot = (slot + 1) & mask;
      this.slots[slot] = frame + 1;
    });
  }
}

function hash(name: number, url: number, line: number, column: number): number {
  const mixed = Math.imul(name, 0x9e3779b1) ^ Math.imul(url, 0x85ebca6b) ^ Math.imul(line, 0xc2b2ae35) ^ Math.imul(column, 0x27d4eb2f);
  const product = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
  return product ^ (product >>> 13);
}
