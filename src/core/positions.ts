/**
 * A place in a text, both numbers 0-based; columns count UTF-16 code units.
 * V8, source maps' consumers and VS Code are all converted to this at their edge; 1-based numbers exist only in output.
 */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Half-open: `end` is the first position that no longer belongs to the span. */
export interface Span {
  readonly start: Position;
  readonly end: Position;
}

export function comparePositions(a: Position, b: Position): number {
  return a.line - b.line || a.column - b.column;
}

export function spanContains(span: Span, position: Position): boolean {
  return comparePositions(span.start, position) <= 0 && comparePositions(position, span.end) < 0;
}
