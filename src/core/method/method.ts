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
  /** True when `name` is not a name of the source but says where the function stands. */
  readonly anonymous: boolean;
  /**
   * From the first token that belongs to the function (decorators excluded, `async`, `static`, `get` included) to past its
   * last. The span of `fields` runs from the first initialiser of the class to past its last, over methods in between;
   * `methodAt` knows whose each position is.
   */
  readonly span: Span;
  /**
   * Where the lens stands and editors jump to: the name if there is one, else the start of the span. The name of
   * `const total = () => 1` stands before the span.
   */
  readonly nameStart: Position;
  /**
   * Where V8 reports the function: the parenthesis of the parameter list, the parameter of `x => 1`, `async` of an async
   * arrow function, `class` of a class. V8 versions disagree about `fields`; here it is `class`.
   */
  readonly headStart: Position;
  /** Start of the body (its brace, or an arrow's expression). */
  readonly bodyStart: Position;
  /** Index of the innermost enclosing method in the same file; -1 for the module. A class or its fields enclose no methods. */
  readonly parent: number;
  /** Hash of the method's text, nested methods included, white space and comments folded; equal hash means unchanged. */
  readonly textHash: number;
  /**
   * Hash of parameters and body without the name and without the text of nested methods that have a name of their own:
   * equal hash means that the method itself does what it did, wherever it stands now.
   */
  readonly ownTextHash: number;
}

/** From `start` to the start of the next region the text belongs to one method. */
export interface MethodRegion {
  readonly start: Position;
  readonly method: number;
}

/** All methods of one text, sorted by span start (outer before inner); `methods[0]` is the module. */
export interface MethodIndex {
  readonly methods: readonly Method[];
  readonly lineCount: number;
  /** True when the text has syntax errors; methods around them may be missing or too long. */
  readonly hasErrors: boolean;
  /** Sorted by start, the first at 0:0; together they cover the text. */
  readonly regions: readonly MethodRegion[];
  /** Per line, the methods with code on it (white space and comments do not count), innermost first. */
  readonly lineMethods: readonly (readonly number[])[];
}
