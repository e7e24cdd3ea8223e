/**
 * How inlined methods were told apart. V8 charges a function that was inlined before the attach to its caller.
 * `exact`: measured with inlining off; `calibrated`: divided by what was seen of the inlined frames themselves;
 * `approximate`: as V8 charges it. See ARCHITECTURE.md.
 */
export type Accuracy = 'exact' | 'calibrated' | 'approximate';

/** What a window was measured of: the program as it runs, or as it runs with inlining off. */
export type WindowKind = 'ordinary' | 'exact';
