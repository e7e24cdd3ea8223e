import { compareValues } from '../values/compare';
import type { StringOrder } from '../values/compare';

/** One entry of an index: its key and the number of the record it leads to. */
export interface Entry {
  readonly key: readonly unknown[];
  readonly record: number;
}

/** A place before or after all keys that begin with `prefix`. */
export interface SeekPoint {
  readonly prefix: readonly unknown[];
  readonly after: boolean;
}

/** Insertions that are put into their places one by one; more are merged. */
const FEW = 32;

function placeOf(list: readonly Entry[], before: (entry: Entry) => boolean): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (before(list[middle])) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Sorted entries in an array. Insertions are collected and merged at the next read, so that loading n documents sorts once.
 * `generation` changes with every merge or removal: a cursor that sees a change finds its place again by key.
 */
export class SortedEntries {
  generation = 0;
  private entries: Entry[] = [];
  private pending: Entry[] = [];

  constructor(
    private readonly directions: readonly number[],
    private readonly strings: StringOrder,
  ) {}

  compareKeys(a: readonly unknown[], b: readonly unknown[], length = this.directions.length): number {
    for (let i = 0; i < length; i++) {
      const order = compareValues(a[i], b[i], this.strings);
      if (order) return order * this.directions[i];
    }
    return 0;
  }

  compareEntries = (a: Entry, b: Entry): number => this.compareKeys(a.key, b.key) || a.record - b.record;

  add(entry: Entry): void {
    this.pending.push(entry);
  }

  remove(entry: Entry): void {
    const list = this.read();
    const at = this.lowerBound((other) => this.compareEntries(other, entry) < 0);
    if (at < list.length && this.compareEntries(list[at], entry) === 0) {
      list.splice(at, 1);
      this.generation++;
    }
  }

  /** The entries in order. The array changes with the next insertion or removal. */
  read(): Entry[] {
    if (this.pending.length === 0) return this.entries;
    const added = this.pending.sort(this.compareEntries);
    this.pending = [];
    this.generation++;
    const old = this.entries;
    if (old.length === 0 || this.compareEntries(old[old.length - 1], added[0]) < 0) {
      for (const entry of added) old.push(entry);
      return old;
    }
    if (added.length <= FEW) {
      for (const entry of added)
        old.splice(
          placeOf(old, (other) => this.compareEntries(other, entry) < 0),
          0,
          entry,
        );
      return old;
    }
    const merged: Entry[] = [];
    let next = 0;
    for (const entry of old) {
      while (next < added.length && this.compareEntries(added[next], entry) < 0) merged.push(added[next++]);
      merged.push(entry);
    }
    while (next < added.length) merged.push(added[next++]);
    this.entries = merged;
    return merged;
  }

  /** The position of the first entry for which `before` is false; `before` holds for a leading part of the entries only. */
  lowerBound(before: (entry: Entry) => boolean): number {
    return placeOf(this.read(), before);
  }

  /** The position of the first entry behind a point, in the order of the index. */
  position({ prefix, after }: SeekPoint): number {
    return this.lowerBound((entry) => {
      const order = this.compareKeys(entry.key, prefix, prefix.length);
      return order < 0 || (order === 0 && after);
    });
  }
}
