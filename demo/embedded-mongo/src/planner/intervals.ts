import { ObjectId } from 'bson';
import { compareValues, MAX_KEY, MIN_KEY, TYPE_ORDER } from '../values/compare';
import type { StringOrder } from '../values/compare';
import { EARLIEST, LATEST, printValue } from '../values/print';
import { bsonType } from '../values/types';

/** A range of values of one field of an index, from `start` to `end` in the direction of the scan. */
export interface Interval {
  readonly start: unknown;
  readonly startInclusive: boolean;
  readonly end: unknown;
  readonly endInclusive: boolean;
}

export const ALL: Interval = { start: MIN_KEY, startInclusive: true, end: MAX_KEY, endInclusive: true };

export function point(value: unknown): Interval {
  return { start: value, startInclusive: true, end: value, endInclusive: true };
}

export function interval(start: unknown, startInclusive: boolean, end: unknown, endInclusive: boolean): Interval {
  return { start, startInclusive, end, endInclusive };
}

export function isPoint({ start, end, startInclusive, endInclusive }: Interval): boolean {
  return startInclusive && endInclusive && compareValues(start, end) === 0;
}

export function isAll(intervals: readonly Interval[]): boolean {
  if (intervals.length !== 1) return false;
  const types = [bsonType(intervals[0].start), bsonType(intervals[0].end)];
  return types.includes('MinKey') && types.includes('MaxKey');
}

/** The whole range of values of a type, as a comparison with one of them reads it. */
export function typeRange(order: number): Interval {
  switch (order) {
    case TYPE_ORDER.number:
      return interval(-Infinity, true, Infinity, true);
    case TYPE_ORDER.string:
      return interval('', true, {}, false);
    case TYPE_ORDER.object:
      return interval({}, true, [], false);
    case TYPE_ORDER.array:
      return interval([], true, new Uint8Array(0), false);
    case TYPE_ORDER.objectId:
      return interval(new ObjectId('0'.repeat(24)), true, new ObjectId('f'.repeat(24)), true);
    case TYPE_ORDER.boolean:
      return interval(false, true, true, true);
    case TYPE_ORDER.date:
      return interval(EARLIEST, true, LATEST, true);
    case TYPE_ORDER.null:
      return point(null);
    case TYPE_ORDER.undefined:
      return point(undefined);
    default:
      return ALL;
  }
}

export function reversed(list: readonly Interval[]): Interval[] {
  return list.map((item) => interval(item.end, item.endInclusive, item.start, item.startInclusive)).reverse();
}

function isEmpty(item: Interval, strings: StringOrder): boolean {
  const order = compareValues(item.start, item.end, strings);
  return order > 0 || (order === 0 && !(item.startInclusive && item.endInclusive));
}

/** The values that lie in both lists. Lists are ascending and do not overlap. */
export function intersect(a: readonly Interval[], b: readonly Interval[], strings: StringOrder): Interval[] {
  const found: Interval[] = [];
  let [i, j] = [0, 0];
  while (i < a.length && j < b.length) {
    const starts = compareValues(a[i].start, b[j].start, strings);
    const ends = compareValues(a[i].end, b[j].end, strings);
    const first = starts > 0 ? a[i] : b[j];
    const last = ends < 0 ? a[i] : b[j];
    const both = interval(
      first.start,
      starts === 0 ? a[i].startInclusive && b[j].startInclusive : first.startInclusive,
      last.end,
      ends === 0 ? a[i].endInclusive && b[j].endInclusive : last.endInclusive,
    );
    if (!isEmpty(both, strings)) found.push(both);
    if (ends < 0) i++;
    else j++;
  }
  return found;
}

/** Sorts intervals and joins those that touch. */
export function union(list: readonly Interval[], strings: StringOrder): Interval[] {
  const ordered = [...list].sort(
    (a, b) => compareValues(a.start, b.start, strings) || Number(b.startInclusive) - Number(a.startInclusive),
  );
  const joined: Interval[] = [];
  for (const next of ordered) {
    const last = joined[joined.length - 1];
    const gap = last ? compareValues(last.end, next.start, strings) : -1;
    if (gap < 0 || (gap === 0 && !last.endInclusive && !next.startInclusive)) joined.push(next);
    else {
      const ends = compareValues(last.end, next.end, strings);
      const endInclusive =
        ends === 0 ? last.endInclusive || next.endInclusive : ends > 0 ? last.endInclusive : next.endInclusive;
      joined[joined.length - 1] = { ...last, end: ends >= 0 ? last.end : next.end, endInclusive };
    }
  }
  return joined;
}

/** All values that lie in none of the intervals. */
export function complement(list: readonly Interval[], strings: StringOrder): Interval[] {
  const found: Interval[] = [];
  let from: { value: unknown; inclusive: boolean } = { value: MIN_KEY, inclusive: true };
  for (const item of list) {
    found.push(interval(from.value, from.inclusive, item.start, !item.startInclusive));
    from = { value: item.end, inclusive: !item.endInclusive };
  }
  found.push(interval(from.value, from.inclusive, MAX_KEY, true));
  return found.filter((item) => !isEmpty(item, strings));
}

export function printInterval(item: Interval): string {
  return `${item.startInclusive ? '[' : '('}${printValue(item.start)}, ${printValue(item.end)}${item.endInclusive ? ']' : ')'}`;
}
