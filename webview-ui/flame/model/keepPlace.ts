import type { FlameLayout } from '../../../src/core/flame/layouts/flameLayout';
import { boxAt, findPath, pathTo, rowCount, widthOf } from '../boxes/findBox';
import type { Viewport } from '../interaction/viewport';

/** Where the user is, told by names, so that it can be found again in other data. */
export interface Kept {
  /** Keys of the narrowest box that holds all that was seen, root first, and what was seen as parts of its width. */
  readonly anchor: readonly string[];
  readonly from: number;
  readonly to: number;
  readonly scroll: number;
  /** Keys of the selected stack, root first; empty for none. */
  readonly selected: readonly string[];
  /** In time order, µs of the target's clock: what was seen (undefined for everything), and a time within the selected call. */
  readonly times?: { readonly seen?: readonly [number, number]; readonly selectedAt?: number };
}

/** `originUs` is the time at the left edge, in time order. */
export function remember(
  layout: FlameLayout,
  frameKeys: readonly string[],
  view: Viewport,
  selected: number,
  originUs?: number,
): Kept {
  const anchor = enclosing(layout, view);
  const left = layout.lefts[anchor] ?? 0;
  const width = anchor < layout.frames.length ? widthOf(layout, anchor) || 1 : layout.width || 1;
  return {
    anchor: keysOf(layout, frameKeys, anchor),
    from: (view.from - left) / width,
    to: (view.to - left) / width,
    scroll: view.scroll,
    selected: selected >= 0 ? keysOf(layout, frameKeys, selected) : [],
    ...(originUs === undefined ? {} : { times: timesOf(layout, view, selected, originUs) }),
  };
}

function timesOf(layout: FlameLayout, { from, to }: Viewport, selected: number, originUs: number): Kept['times'] {
  return {
    ...(from > 0 || to < layout.width ? { seen: [from + originUs, to + originUs] } : {}),
    ...(selected >= 0 ? { selectedAt: (layout.lefts[selected] + layout.rights[selected]) / 2 + originUs } : {}),
  };
}

export function keysOf(layout: FlameLayout, frameKeys: readonly string[], box: number): string[] {
  return pathTo(layout, box).map((each) => frameKeys[layout.frames[each]] ?? '');
}

/** The viewport of what was seen, and the selected box (-1 if its stack is gone). */
export function restore(
  layout: FlameLayout,
  frameKeys: readonly string[],
  kept: Kept,
  originUs?: number,
): { readonly view: Viewport; readonly selected: number } {
  if (kept.times && originUs !== undefined) return restoreTimes(layout, frameKeys, kept, kept.times, originUs);
  const { box, found } = findPath(layout, frameKeys, kept.anchor);
  const selected = findPath(layout, frameKeys, kept.selected);
  const known = box >= 0 && found === kept.anchor.length;
  const left = known ? layout.lefts[box] : 0;
  const width = known ? widthOf(layout, box) : layout.width;
  return {
    view: known
      ? { from: left + kept.from * width, to: left + kept.to * width, scroll: kept.scroll }
      : { from: 0, to: layout.width, scroll: 0 },
    selected: kept.selected.length > 0 && selected.found === kept.selected.length ? selected.box : -1,
  };
}

/** A timeline that has grown shows the same moments as before, and the same call of many with one stack. */
function restoreTimes(
  layout: FlameLayout,
  frameKeys: readonly string[],
  { selected, scroll }: Kept,
  { seen, selectedAt }: NonNullable<Kept['times']>,
  originUs: number,
): { readonly view: Viewport; readonly selected: number } {
  const box = selectedAt === undefined ? -1 : boxAt(layout, selected.length - 1, selectedAt - originUs, 0);
  const isSame = box >= 0 && keysOf(layout, frameKeys, box).slice(1).join('\0') === selected.slice(1).join('\0');
  return {
    view: { from: seen ? seen[0] - originUs : 0, to: seen ? seen[1] - originUs : layout.width, scroll },
    selected: isSame ? box : -1,
  };
}

/** The lowest box that covers the whole viewport; the root if none does. */
function enclosing(layout: FlameLayout, { from, to }: Viewport): number {
  const middle = (from + to) / 2;
  const slack = (to - from) * 1e-6;
  let best = 0;
  for (let row = 1; row < rowCount(layout); row++) {
    const box = boxAt(layout, row, middle, 0);
    if (box < 0 || layout.lefts[box] > from + slack || layout.rights[box] < to - slack) break;
    best = box;
  }
  return best;
}
