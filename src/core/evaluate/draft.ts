import type { Call, CodeRange } from '../code/syntax';

/**
 * A statement in the making: a call of a library that is collected. Never changed: a chained call makes another one with the
 * same `call`. Libraries extend it with what they know of the statement.
 */
export interface Draft {
  /** Name of the library. */
  readonly library: string;
  readonly call: Call;
  /** The whole chain so far. */
  readonly range: CodeRange;
  /** What else belongs to it: the declarations and changes that its arguments come from. */
  readonly related: readonly CodeRange[];
  readonly use?: DraftUse;
}

/** How the code around it uses a statement, as far as the text tells something. */
export interface DraftUse {
  /** It runs once for each item: of a loop, or of a list whose `map` or `forEach` calls the function that it is in. */
  readonly loop?: { readonly text: string; readonly names: readonly string[] };
  /** Nothing takes its result. */
  readonly unused?: boolean;
  /** All of its result is put in one list: `list(…)`. */
  readonly collects?: boolean;
  /** A statement that is awaited right before it, and whose result it does not need. */
  readonly waitsFor?: CodeRange;
}
