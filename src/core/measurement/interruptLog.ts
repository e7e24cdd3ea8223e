import type { Frame } from '../profile/frame';
import { FrameTable } from '../profile/frameTable';

/** A stack that was seen, innermost frame first, and how often. */
export interface SeenStack {
  /** Indices into `InterruptLog.frames`. */
  readonly frames: readonly number[];
  count: number;
}

/** Different stacks that are kept, and read again at each refresh: those of a program are some thousands. */
const MOST_STACKS = 10_000;

/** Interrupt samples of one isolate since the start. Their frames stand where they were interrupted, not where their function begins. */
export class InterruptLog {
  private readonly table = new FrameTable();
  private readonly byKey = new Map<string, SeenStack>();
  /** All samples. */
  count = 0;

  get frames(): readonly Frame[] {
    return this.table.frames;
  }

  /** Append-only; counts grow. */
  readonly stacks: SeenStack[] = [];

  add(stack: readonly Frame[]): void {
    const isFull = this.stacks.length >= MOST_STACKS;
    const frames = stack.map((frame) => (isFull ? this.table.find(frame) : this.table.add(frame)));
    const key = frames.join();
    const known = this.byKey.get(key);
    if (!known && isFull) return;
    if (known) known.count++;
    else {
      const seen = { frames, count: 1 };
      this.stacks.push(seen);
      this.byKey.set(key, seen);
    }
    this.count++;
  }
}
