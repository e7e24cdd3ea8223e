import type { ViewFrame } from '../view/profileView';

/** Sorts `values[from..to)`. Most callers have a handful of callees: for those a sort by insertion is the fastest. */
export function sortRange(
  values: Int32Array,
  from: number,
  to: number,
  compare: (a: number, b: number) => number,
): void {
  if (to - from > 24) {
    values.subarray(from, to).sort(compare);
    return;
  }
  for (let i = from + 1; i < to; i++) {
    const value = values[i];
    let at = i;
    while (at > from && compare(values[at - 1], value) > 0) values[at] = values[--at];
    values[at] = value;
  }
}

/** By code units, which is the same order on every machine. */
export function compareNames(frames: readonly ViewFrame[], a: number, b: number): number {
  const one = frames[a].name;
  const other = frames[b].name;
  return one < other ? -1 : one > other ? 1 : 0;
}
