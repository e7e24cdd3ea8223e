import { LimitError } from './limitError';

/** Rows of a column that grows, whatever feeds it: ten hours at a kHz. Its bytes and those of its copy stay below half a GB. */
export const MOST_ROWS = 2 ** 25;

/** Room for twice as many. Throws a LimitError where nobody has so many. */
export function twice(length: number): number {
  if (length >= MOST_ROWS) throw new LimitError(MOST_ROWS, 'entries');
  return Math.min(MOST_ROWS, length * 2);
}

/** A copy with room for `length` numbers; the new ones are 0. */
export function enlarged<T extends Uint8Array | Int32Array | Float64Array>(data: T, length: number): T {
  const larger = new (data.constructor as new (length: number) => T)(length);
  larger.set(data);
  return larger;
}

/** Typed arrays that grow by doubling; `view()` is the filled part and stays valid until the next push. */
export class GrowableInt32 {
  private data: Int32Array;
  length = 0;

  constructor(capacity = 256) {
    this.data = new Int32Array(Math.max(capacity, 1));
  }

  push(value: number): void {
    if (this.length === this.data.length) this.data = enlarged(this.data, twice(this.length));
    this.data[this.length++] = value;
  }

  get(index: number): number {
    return this.data[index];
  }

  set(index: number, value: number): void {
    this.data[index] = value;
  }

  /** Forgets what was pushed later. */
  truncate(length: number): void {
    this.length = Math.min(this.length, length);
  }

  view(): Int32Array {
    return this.data.subarray(0, this.length);
  }
}

export class GrowableFloat64 {
  private data = new Float64Array(256);
  length = 0;

  push(value: number): void {
    if (this.length === this.data.length) this.data = enlarged(this.data, twice(this.length));
    this.data[this.length++] = value;
  }

  get(index: number): number {
    return this.data[index];
  }

  set(index: number, value: number): void {
    this.data[index] = value;
  }

  /** Forgets what was pushed later. */
  truncate(length: number): void {
    this.length = Math.min(this.length, length);
  }

  view(): Float64Array {
    return this.data.subarray(0, this.length);
  }
}
