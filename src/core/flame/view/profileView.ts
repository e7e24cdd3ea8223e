import type { Frame, FrameCategory } from '../../profile/frame';
import type { MeasureColumn } from '../../profile/profileColumns';
import type { ViewOptions } from './viewOptions';

/** One function (or one folded package) as the views name it. */
export interface ViewFrame {
  /** "(anonymous)" where V8 has no name; the package's name where it is folded. */
  readonly name: string;
  /** Index into `ProfileColumns.frames`; -1 for a folded package and for `othersFrame`, which has no package. */
  readonly frame: number;
  /** As in the profile: generated positions, 0-based. Empty and -1 for a folded package. */
  readonly place: Pick<Frame, 'url' | 'line' | 'column'>;
  readonly category: FrameCategory;
  /** `node_modules` package that its script belongs to. */
  readonly packageName?: string;
}

/**
 * A profile through the options: what is hidden has gone to the callers, what is folded is one frame, and children of one
 * frame under one parent are one node. All layouts and the table are derived from it. Node 0 is the root; parents precede
 * children.
 */
export interface ProfileView {
  readonly options: ViewOptions;
  readonly measure: Pick<MeasureColumn, 'kind' | 'label' | 'unit'>;
  readonly frames: readonly ViewFrame[];
  readonly parents: Int32Array;
  /** By node, index into `frames`. */
  readonly nodeFrames: Int32Array;
  /** By node, in the measure's unit. */
  readonly selfs: Float64Array;
  /** By node: of its subtree. `totals[0]` is the total that every share is of. */
  readonly totals: Float64Array;
  /** By frame. */
  readonly frameSelfs: Float64Array;
  /** By frame: outermost occurrences only, so that recursion counts once and none exceeds the total. */
  readonly frameTotals: Float64Array;
  /** Nodes of this view by sample; undefined where the profile has no timeline or another measure is shown. */
  readonly timeline?: { readonly nodes: Int32Array; readonly startsUs: Float64Array; readonly endUs: number };
}
