import type { Position, Span } from '../positions';

export type MethodKind =
  | 'module' // the top-level code of a file; always methods[0], spans the whole file
  | 'function'
  | 'arrow'
  | 'method'
  | 'constructor'
  | 'getter'
  | 'setter'
  | 'fields' // class field initialisers and static blocks, which V8 runs as functions of their own
  | 'class'; // a class without a written constructor: V8 reports its implicit constructor at the class

/** A function of the source as written. */
export interface Method {
  /** As written: `total`, `#secret`, `(module)`; an unnamed function is named by where it stands, e.g. `router.get('/items') callback`. */
  readonly name: string;
  /** With the enclosing names: `Cart.total`, `makeCounter.increment`. */
  readonly qualifiedName: string;
  readonly kind: MethodKind;
  /** From the first token that belongs to the function (decorators excluded, `async`, `static`, `get` included) to past its last. */
  readonly span: Span;
  /** Where the lens stands and editors jump to: the name if there is one, else the start of the span. */
  readonly nameStart: Position;
  /** First position after the parameter list's opening parenthesis belongs to the function; V8 reports functions at it. */
  readonly headStart: Position;
  /** Start of the body (its brace, or an arrow's expression). */
  readonly bodyStart: Position;
  /** Index of the innermost enclosing method in the same file; -1 for the module. */
  readonly parent: number;
  /** Hash of the method's text with white space folded and nested methods included; equal hash means unchanged. */
  readonly textHash: number;
}

/** All methods of one text, sorted by span start (outer before inner); `methods[0]` is the module. */
export interface MethodIndex {
  readonly methods: readonly Method[];
  readonly lineCount: number;
  /** True when the text has syntax errors; methods around them may be missing or too long. */
  readonly hasErrors: boolean;
}
