import type { DifferenceLayout, FlameLayout } from '../../../src/core/flame/layouts/flameLayout';
import type { FrameDetails, FrameShare } from '../../../src/core/flame/frameDetails';
import type { HeatMap } from '../../../src/core/flame/heatMap';
import type { ViewFrame } from '../../../src/core/flame/view/profileView';
import type { SearchResult } from '../../../src/core/flame/search/searchFrames';
import type { ViewKind, ViewOptions } from '../../../src/core/flame/view/viewOptions';
import type { MeasureColumn } from '../../../src/core/profile/profileColumns';

export type { FrameDetails, FrameShare, HeatMap, SearchResult };

/** What the page asks its worker, answered in order: each `WorkerRequest` gets one `WorkerAnswer`. */
export interface WorkerRequests {
  /** Encoded columns (`decodeColumns`); replaces the profile, e.g. at each refresh of a live target. */
  load: { params: { data: ArrayBuffer }; result: ProfileFacts };
  /** The other profile of a difference: what was before. Undefined forgets it. */
  compareWith: { params: { data: ArrayBuffer | undefined }; result: ProfileFacts | undefined };
  /** Two ranges of the loaded profile compared: `before` is the first. Undefined ends it. */
  compareRanges: { params: { before: TimeRangeUs; after: TimeRangeUs } | undefined; result: undefined };
  /** Buffers are transferred; the page owns them. */
  view: { params: ViewRequest; result: ViewResult };
  /** In the frames of the last `view` result. */
  search: { params: { query: string; isRegExp: boolean; matchCase: boolean }; result: SearchResult };
  /** Samples over time, for the strip above time order. `values` by column and row, column-major, in 0..1. */
  heatMap: { params: { columns: number; rows: number; options: ViewOptions }; result: HeatMap | undefined };
  /** The selected method in whatever the last `view` shows. */
  frameDetails: { params: { frame: number }; result: FrameDetails };
}

export interface TimeRangeUs {
  readonly startUs: number;
  readonly endUs: number;
}

export interface ProfileFacts {
  readonly title: string;
  readonly measures: readonly Pick<MeasureColumn, 'kind' | 'label' | 'unit'>[];
  readonly timeline?: {
    readonly measure: number;
    readonly startUs: number;
    readonly endUs: number;
    readonly samples: number;
  };
  readonly nodeCount: number;
  readonly problems: readonly string[];
}

export interface ViewRequest {
  readonly view: ViewKind;
  /** Of a big profile only what shows in a whole drawing, at once: something to look at while the rest is laid out. */
  readonly isDraft?: boolean;
  readonly options: ViewOptions;
  /** A method, for `sandwich`, told by key because indices change; without one it is the one with the most self value. */
  readonly frameKey?: string;
  /** For `difference`: both totals drawn as 100 %: `before` of the layout is scaled to the total after. */
  readonly normalised?: boolean;
}

export type ViewResult = ViewBase &
  /** Inverted (and the callers of a sandwich) may show `othersFrame`, the last of the frames. */
  (
    | { readonly view: 'timeOrder' | 'leftHeavy' | 'inverted'; readonly layout: FlameLayout }
    | {
        readonly view: 'sandwich';
        readonly callers: FlameLayout;
        readonly callees: FlameLayout;
        readonly frame: number;
      }
    | { readonly view: 'table' }
    | {
        readonly view: 'difference';
        readonly layout: DifferenceLayout;
        readonly totalBefore: number;
        readonly totalAfter: number;
      }
  );

export interface ViewBase {
  /** The layout lacks boxes far below a pixel: ask again without `isDraft`. */
  readonly isDraft?: boolean;
  readonly measure: Pick<MeasureColumn, 'kind' | 'label' | 'unit'>;
  readonly frames: readonly ViewFrame[];
  /** Identity of each frame across views, options, refreshes and files: name, url, line and column. */
  readonly frameKeys: readonly string[];
  /** By frame; for a difference, of what is after, never scaled. */
  readonly frameSelfs: Float64Array;
  readonly frameTotals: Float64Array;
  /** For a difference: of what was before. */
  readonly frameSelfsBefore?: Float64Array;
  readonly frameTotalsBefore?: Float64Array;
  /** What every share is of. */
  readonly total: number;
}

export type WorkerRequest = {
  readonly [Kind in keyof WorkerRequests]: {
    readonly id: number;
    readonly kind: Kind;
    readonly params: WorkerRequests[Kind]['params'];
  };
}[keyof WorkerRequests];

/** `superseded`: a `view`, `search` or `heatMap` that was not begun when a later one of its kind came. */
export type WorkerAnswer =
  | { readonly id: number; readonly result: WorkerRequests[keyof WorkerRequests]['result'] }
  | { readonly id: number; readonly error: string }
  | { readonly id: number; readonly superseded: true };
