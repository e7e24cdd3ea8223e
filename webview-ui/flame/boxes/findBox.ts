import type { FlameLayout } from '../../../src/core/flame/layouts/flameLayout';

/** First index in [start, end) whose value is above `limit`; `end` if none. Values ascend. */
export function firstAbove(values: Float64Array, start: number, end: number, limit: number): number {
  let low = start;
  let high = end;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (values[middle] > limit) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The same, for an answer that is probably near `start`: steps double, then a binary search. */
export function gallopAbove(values: Float64Array, start: number, end: number, limit: number): number {
  let low = start;
  let step = 1;
  while (low + step < end && values[low + step] <= limit) {
    low += step;
    step *= 2;
  }
  return firstAbove(values, low, Math.min(end, low + step + 1), limit);
}

export function rowCount(layout: FlameLayout): number {
  return Math.max(0, layout.rowStarts.length - 1);
}

export function rowOf(layout: FlameLayout, box: number): number {
  const { rowStarts } = layout;
  let low = 0;
  let high = rowStarts.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (rowStarts[middle] <= box) low = middle;
    else high = middle;
  }
  return low;
}

/** The box of a row at a place of the layout's width, or the nearest one no further than `tolerance` away; -1 if none. */
export function boxAt(layout: FlameLayout, row: number, at: number, tolerance: number): number {
  if (row < 0 || row >= rowCount(layout)) return -1;
  const start = layout.rowStarts[row];
  const end = layout.rowStarts[row + 1];
  const box = firstAbove(layout.rights, start, end, at);
  if (box < end && layout.lefts[box] <= at) return box;
  const after = box < end ? layout.lefts[box] - at : Infinity;
  const before = box > start ? at - layout.rights[box - 1] : Infinity;
  if (Math.min(after, before) > tolerance) return -1;
  return after < before ? box : box - 1;
}

/** Boxes one row down that lie on this one: `[start, end)`. */
export function childrenOf(layout: FlameLayout, box: number): readonly [number, number] {
  const row = rowOf(layout, box);
  if (row + 1 >= rowCount(layout)) return [0, 0];
  const start = layout.rowStarts[row + 1];
  const end = layout.rowStarts[row + 2];
  let first = firstAbove(layout.rights, start, end, layout.lefts[box]);
  // A neighbour's child may end exactly where this one begins, and rounding decides: the parents tell.
  while (first > start && layout.parents[first - 1] >= box) first--;
  while (first < end && layout.parents[first] < box) first++;
  let last = first;
  if (first < end && layout.parents[first] === box) {
    last = firstAbove(layout.lefts, first, end, layout.rights[box]);
    while (last > first && layout.parents[last - 1] > box) last--;
    while (last < end && layout.parents[last] === box) last++;
  }
  return [first, last];
}

/** From the root to the box itself. */
export function pathTo(layout: FlameLayout, box: number): number[] {
  const path: number[] = [];
  for (let at = box; at >= 0; at = layout.parents[at]) path.push(at);
  return path.reverse();
}

/**
 * The box that a path of keys (root first) leads to in another layout, and how many of its keys were found. Of several
 * children with one key (calls in time order) the widest is taken.
 */
export function findPath(
  layout: FlameLayout,
  frameKeys: readonly string[],
  path: readonly string[],
): { readonly box: number; readonly found: number } {
  if (rowCount(layout) === 0 || path.length === 0) return { box: -1, found: 0 };
  let box = 0;
  // The root's key may differ between profiles; it is the root all the same.
  for (let depth = 1; depth < path.length; depth++) {
    const [start, end] = childrenOf(layout, box);
    let best = -1;
    for (let child = start; child < end; child++) {
      if (frameKeys[layout.frames[child]] !== path[depth]) continue;
      if (best < 0 || widthOf(layout, child) > widthOf(layout, best)) best = child;
    }
    if (best < 0) return { box, found: depth };
    box = best;
  }
  return { box, found: path.length };
}

export function widthOf(layout: FlameLayout, box: number): number {
  return layout.rights[box] - layout.lefts[box];
}

/** The widest box of a frame; -1 if it is not in the layout. */
export function widestOf(layout: FlameLayout, frame: number): number {
  let best = -1;
  for (let box = 0; box < layout.frames.length; box++) {
    if (layout.frames[box] === frame && (best < 0 || widthOf(layout, box) > widthOf(layout, best))) best = box;
  }
  return best;
}
