import type { ViewFrame } from '../view/profileView';
import { compareNames, sortRange } from './siblings';

/** Who calls one box: sums by frame, in slots that are used again for the next box. */
export class CallerGroups {
  /** Slots in use. */
  count = 0;
  /** By slot. */
  readonly frames: Int32Array;
  readonly values: Float64Array;
  /** By slot: how many climbers. */
  readonly climbers: Int32Array;
  /** By slot: where its next climber goes; -1 where none is kept. */
  readonly places: Int32Array;
  /** Slots, heaviest first, equal ones by name; after `sort`. */
  readonly order: Int32Array;
  private readonly slots: Int32Array;

  constructor(private readonly viewFrames: readonly ViewFrame[]) {
    const most = viewFrames.length;
    this.frames = new Int32Array(most);
    this.values = new Float64Array(most);
    this.climbers = new Int32Array(most);
    this.places = new Int32Array(most);
    this.order = new Int32Array(most);
    this.slots = new Int32Array(most).fill(-1);
  }

  clear(): void {
    for (let slot = 0; slot < this.count; slot++) this.slots[this.frames[slot]] = -1;
    this.count = 0;
  }

  add(frame: number, value: number): void {
    let slot = this.slots[frame];
    if (slot < 0) {
      slot = this.slots[frame] = this.count++;
      this.frames[slot] = frame;
      this.values[slot] = 0;
      this.climbers[slot] = 0;
    }
    this.values[slot] += value;
    this.climbers[slot]++;
  }

  /** The slot of a frame that was added. */
  slotOf(frame: number): number {
    return this.slots[frame];
  }

  sort(): void {
    const { frames, values, viewFrames } = this;
    for (let slot = 0; slot < this.count; slot++) this.order[slot] = slot;
    if (this.count < 2) return;
    sortRange(
      this.order,
      0,
      this.count,
      (a, b) => values[b] - values[a] || compareNames(viewFrames, frames[a], frames[b]) || frames[a] - frames[b],
    );
  }
}
