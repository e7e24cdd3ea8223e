/** The ways to look at a profile. `timeOrder` needs a timeline, `difference` a second profile. */
export type ViewKind = 'timeOrder' | 'leftHeavy' | 'inverted' | 'sandwich' | 'table' | 'difference';

/** µs of the target's clock. */
export interface TimeRange {
  readonly startUs: number;
  readonly endUs: number;
}

/** What is drawn of a profile. All views share it, so that a change of view changes nothing else. */
export interface ViewOptions {
  /** Index into `ProfileColumns.measures`. */
  readonly measure: number;
  /** A recursive call is drawn as part of its outermost call. */
  readonly mergeRecursion: boolean;
  /** Consecutive frames of one `node_modules` package are one box with the package's name. */
  readonly foldPackages: boolean;
  /** Frames of `node:` scripts and builtins without a script go; what they cost goes to their callers. */
  readonly hideInternals: boolean;
  /** `(idle)` is not drawn and not part of the total. */
  readonly hideIdle: boolean;
  /** Only samples within; needs a timeline. */
  readonly range?: TimeRange;
}

export const defaultViewOptions: ViewOptions = {
  measure: 0,
  mergeRecursion: false,
  foldPackages: false,
  hideInternals: false,
  hideIdle: true,
};

export type ColourMode = 'heat' | 'package' | 'file';
