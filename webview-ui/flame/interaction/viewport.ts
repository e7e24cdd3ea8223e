/** The part of a layout that a drawing shows: a range of its width, and how far its rows are scrolled (CSS pixels). */
export interface Viewport {
  readonly from: number;
  readonly to: number;
  readonly scroll: number;
}

/** What a viewport may be. */
export interface Limits {
  /** Of the layout. */
  readonly width: number;
  /** Of all rows and of the window on them, CSS pixels. */
  readonly contentHeight: number;
  readonly height: number;
}

/** Beyond this, differences between neighbouring doubles would be seen. */
const DEEPEST_ZOOM = 1e9;

export function whole(limits: Limits): Viewport {
  return clamp({ from: 0, to: limits.width, scroll: 0 }, limits);
}

export function clamp({ from, to, scroll }: Viewport, { width, contentHeight, height }: Limits): Viewport {
  const most = width > 0 ? width : 1;
  const span = Math.min(most, Math.max(to - from, most / DEEPEST_ZOOM));
  const start = Math.min(Math.max(from, 0), most - span);
  return {
    from: Number.isFinite(start) ? start : 0,
    to: Number.isFinite(start) ? start + span : most,
    scroll: Math.round(Math.min(Math.max(scroll, 0), Math.max(0, contentHeight - height))),
  };
}

/** `factor` above 1 shows less; the place at `anchor` (0..1 of the viewport's width) stays where it is. */
export function zoomed(view: Viewport, factor: number, anchor: number, limits: Limits): Viewport {
  const span = view.to - view.from;
  const next = Math.min(span / factor, limits.width);
  const from = view.from + (span - next) * anchor;
  return clamp({ from, to: from + next, scroll: view.scroll }, limits);
}

/** `share` of the viewport's width, to the right; `pixels` downward. */
export function panned(view: Viewport, share: number, pixels: number, limits: Limits): Viewport {
  const by = (view.to - view.from) * share;
  return clamp({ from: view.from + by, to: view.to + by, scroll: view.scroll + pixels }, limits);
}

/** A range fills the width; its row is scrolled into the window with a little of what is above it. */
export function fitted(from: number, to: number, rowTop: number, limits: Limits): Viewport {
  return clamp({ from, to, scroll: scrollTo(rowTop, limits) }, limits);
}

/** Leaves the viewport alone if the range is seen and wide enough to be read (a share of the width). */
export function revealed(
  view: Viewport,
  from: number,
  to: number,
  rowTop: number,
  rowHeight: number,
  limits: Limits,
): Viewport {
  const span = view.to - view.from;
  const width = to - from;
  const seen = to > view.from && from < view.to;
  const readable = width > span * 0.02;
  const inRows = rowTop >= view.scroll && rowTop + rowHeight <= view.scroll + limits.height;
  const scroll = inRows ? view.scroll : scrollTo(rowTop, limits);
  if (seen && readable) return clamp({ ...view, scroll }, limits);
  const next = readable ? span : width * 4;
  const middle = (from + to) / 2;
  return clamp({ from: middle - next / 2, to: middle + next / 2, scroll }, limits);
}

function scrollTo(rowTop: number, { height }: Limits): number {
  return rowTop - Math.min(height / 3, 120);
}

/** Between two viewports, for a movement; `share` 0..1. */
export function between(a: Viewport, b: Viewport, share: number): Viewport {
  const mixOf = (x: number, y: number): number => x + (y - x) * share;
  return { from: mixOf(a.from, b.from), to: mixOf(a.to, b.to), scroll: Math.round(mixOf(a.scroll, b.scroll)) };
}

export function isWhole(view: Viewport, { width }: Limits): boolean {
  return view.from <= 0 && view.to >= width;
}
