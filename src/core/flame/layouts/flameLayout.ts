/**
 * Boxes of a flame graph, by row. Within a row boxes are sorted by `left` and do not overlap, so a drawing finds the first
 * visible one by binary search, and work follows pixels, not nodes. Crosses threads as it is.
 */
export interface FlameLayout {
  /** Value of the whole width, in the measure's unit. In time order: the length of the timeline, gaps included. */
  readonly width: number;
  /** Row `r` holds boxes `rowStarts[r]` up to `rowStarts[r + 1]`; row 0 is the root box. */
  readonly rowStarts: Uint32Array;
  /** By box, in the measure's unit, from 0 to `width`. */
  readonly lefts: Float64Array;
  readonly rights: Float64Array;
  /** By box: index into the view's frames. */
  readonly frames: Int32Array;
  /** By box: the box above it (its caller; in an inverted layout its callee); -1 for the root. */
  readonly parents: Int32Array;
  /** By box: self value; 0 for an inner box of an inverted layout. */
  readonly selfs: Float64Array;
}

/** A layout of the union of two profiles: widths are of `after` (or of `before` where it is gone), and both values by box. */
export interface DifferenceLayout extends FlameLayout {
  readonly before: Float64Array;
  readonly after: Float64Array;
}
