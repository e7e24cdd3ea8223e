import type { Statement } from '../../../core/database/statement';
import { comparePositions, type Position, type Span } from '../../../core/positions';

/** What an edit put in the place of something: `lines` are the lengths of those of the new text. */
export interface Edit {
  readonly start: Position;
  readonly end: Position;
  readonly lines: readonly number[];
}

/** More is not followed exactly: what is found anew will be right. */
const MAX_MOVES = 100_000;

/** The statements where they are after an edit, as far as can be said without reading the text again. */
export function moveStatements(statements: readonly Statement[], edits: readonly Edit[]): readonly Statement[] {
  if (!statements.length || !edits.length || statements.length * edits.length > MAX_MOVES) return statements;
  return edits.reduce<readonly Statement[]>(
    (moved, edit) => moved.map((statement) => moveStatement(statement, edit)),
    statements,
  );
}

/** The same object where it stands before the edit. */
function moveStatement(statement: Statement, edit: Edit): Statement {
  const span = moveSpan(statement.span, edit);
  const isSame = span === statement.span && statement.related.every((one) => moveSpan(one, edit) === one);
  return isSame ? statement : { ...statement, span, related: statement.related.map((one) => moveSpan(one, edit)) };
}

function moveSpan(span: Span, edit: Edit): Span {
  if (comparePositions(span.end, edit.start) <= 0) return span;
  return { start: movePosition(span.start, edit), end: movePosition(span.end, edit) };
}

/** A place inside what was replaced is now where that began; what was put in at a place stands before it. */
function movePosition(position: Position, { start, end, lines }: Edit): Position {
  if (comparePositions(position, start) < 0) return position;
  if (comparePositions(position, end) < 0) return start;
  const added = lines.length - 1;
  const column = position.column - end.column + lines[added] + (added ? 0 : start.column);
  return {
    line: position.line - end.line + start.line + added,
    column: position.line === end.line ? column : position.column,
  };
}
