import { enlarged, twice } from './growable';

/** A column of numbers as a file has them; NaN stands for what is none. */
export type Numbers = Int32Array | Float64Array;

/** Grows by doubling. Takes 4 bytes a number as long as all of them are such integers, which those of real profiles are. */
export class NumberColumn {
  private data: Numbers;
  private isWhole = true;
  length = 0;

  constructor(capacity = 256) {
    this.data = new Int32Array(Math.max(1, capacity));
  }

  push(value: number): void {
    if (this.length === this.data.length) this.data = enlarged(this.data, twice(this.length));
    this.set(this.length++, value);
  }

  set(index: number, value: number): void {
    if (this.isWhole && (value | 0) !== value) {
      this.isWhole = false;
      this.data = Float64Array.from(this.data);
    }
    this.data[index] = value;
  }

  /** Forgets what was pushed later. */
  truncate(length: number): void {
    this.length = Math.min(this.length, length);
  }

  /** What was pushed; valid until the next push. */
  view(): Numbers {
    return this.data.subarray(0, this.length);
  }
}
