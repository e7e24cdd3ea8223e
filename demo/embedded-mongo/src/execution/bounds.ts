import { isAll, isPoint, reversed } from '../planner/intervals';
import type { Interval } from '../planner/intervals';
import type { Direction } from '../planner/nodes';
import type { Index } from '../storage/collectionIndex';
import type { Entry, SeekPoint } from '../storage/tree';
import { compareValues } from '../values/compare';

export type Verdict = 'inside' | 'done' | SeekPoint;

/** The bounds of a scan per field, each in the direction in which the scan meets its values. */
export function turnBounds(index: Index, bounds: readonly (readonly Interval[])[], direction: Direction): Interval[][] {
  return bounds.map((list, i) => (index.directions[i] * direction < 0 ? reversed(list) : [...list]));
}

/** Start and end of a scan that is one stretch of the index; undefined when it must jump. */
export function oneStretch(turned: readonly (readonly Interval[])[]): { start: SeekPoint; end: SeekPoint } | undefined {
  const start: unknown[] = [];
  const end: unknown[] = [];
  for (let i = 0; i < turned.length; i++) {
    if (turned[i].length !== 1) return undefined;
    const [range] = turned[i];
    start.push(range.start);
    end.push(range.end);
    if (isPoint(range)) continue;
    if (!turned.slice(i + 1).every(isAll)) return undefined;
    return { start: { prefix: start, after: !range.startInclusive }, end: { prefix: end, after: range.endInclusive } };
  }
  return { start: { prefix: start, after: false }, end: { prefix: end, after: true } };
}

/** A stretch given in the order of the index, as a scan in a direction meets it. */
export function turnRange(
  range: { start: SeekPoint; end: SeekPoint },
  direction: Direction,
): { start: SeekPoint; end: SeekPoint } {
  if (direction === 1) return range;
  const turned = ({ prefix, after }: SeekPoint) => ({ prefix, after: !after });
  return { start: turned(range.end), end: turned(range.start) };
}

/** Checks keys against bounds of several intervals and tells where the scan has to go on. */
export class BoundsChecker {
  constructor(
    private readonly index: Index,
    private readonly turned: readonly (readonly Interval[])[],
    private readonly direction: Direction,
  ) {}

  get isEmpty(): boolean {
    return this.turned.some((list) => list.length === 0);
  }

  start(): SeekPoint {
    return this.seekFrom([], 0, () => 0);
  }

  check(key: readonly unknown[]): Verdict {
    for (let field = 0; field < this.turned.length; field++) {
      const at = this.place(key, field);
      if (at.inside) continue;
      if (at.next < this.turned[field].length)
        return this.seekFrom(key.slice(0, field), field, (f) => (f === field ? at.next : 0));
      if (!this.canAdvance(key, field)) return 'done';
      return { prefix: key.slice(0, field), after: true };
    }
    return 'inside';
  }

  private compare(a: unknown, b: unknown, field: number): number {
    return compareValues(a, b, this.index.strings) * this.index.directions[field] * this.direction;
  }

  /** The interval that holds a value, or the first one behind it. */
  private place(key: readonly unknown[], field: number): { inside: boolean; next: number } {
    const list = this.turned[field];
    let [low, high] = [0, list.length];
    // The first interval that does not end before the value.
    while (low < high) {
      const middle = (low + high) >>> 1;
      const order = this.compare(list[middle].end, key[field], field);
      if (order < 0 || (order === 0 && !list[middle].endInclusive)) low = middle + 1;
      else high = middle;
    }
    if (low === list.length) return { inside: false, next: low };
    const order = this.compare(list[low].start, key[field], field);
    return { inside: order < 0 || (order === 0 && list[low].startInclusive), next: low };
  }

  private seekFrom(prefix: readonly unknown[], from: number, choose: (field: number) => number): SeekPoint {
    const target = [...prefix];
    for (let field = from; field < this.turned.length; field++) {
      const range = this.turned[field][choose(field)];
      target.push(range.start);
      if (!range.startInclusive) return { prefix: target, after: true };
    }
    return { prefix: target, after: false };
  }

  private canAdvance(key: readonly unknown[], fields: number): boolean {
    for (let field = 0; field < fields; field++) {
      const last = this.turned[field][this.turned[field].length - 1];
      if (!last.endInclusive || this.compare(key[field], last.end, field) !== 0) return true;
    }
    return false;
  }
}

/** A place in an index that survives changes of it. */
export class IndexCursor {
  private at = -1;
  private generation = -1;
  private last: Entry | undefined;

  constructor(
    private readonly index: Index,
    private readonly direction: Direction,
  ) {}

  /** The first entry behind a point in the direction of the scan. */
  seek({ prefix, after }: SeekPoint): Entry | undefined {
    const { entries } = this.index;
    this.at =
      this.direction === 1 ? entries.position({ prefix, after }) : entries.position({ prefix, after: !after }) - 1;
    return this.current();
  }

  next(): Entry | undefined {
    const { entries } = this.index;
    entries.read();
    if (entries.generation !== this.generation && this.last) {
      const { last } = this;
      const before = entries.lowerBound((entry) => entries.compareEntries(entry, last) < 0);
      const stays = entries.read()[before] !== undefined && entries.compareEntries(entries.read()[before], last) === 0;
      this.at = this.direction === 1 ? before + (stays ? 1 : 0) : before - 1;
    } else this.at += this.direction;
    return this.current();
  }

  private current(): Entry | undefined {
    const list = this.index.entries.read();
    this.generation = this.index.entries.generation;
    this.last = list[this.at] ?? this.last;
    return list[this.at];
  }
}
