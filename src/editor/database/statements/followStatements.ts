import { comparePositions } from '../../../core/positions';
import type { Statement } from '../../../core/database/statement';

/** A statement as it was found before an edit. */
export interface KnownStatement {
  readonly statement: Statement;
  /** As `statementText` had it. */
  readonly text: string;
}

/**
 * Where each known statement is now: the same text first, in order; then the nearest one of the same kind on the same
 * collection; then whatever begins where it began. Undefined for one that is gone. No two get the same.
 */
export function followStatements(
  known: readonly KnownStatement[],
  now: readonly Statement[],
  textOf: (statement: Statement) => string,
): (Statement | undefined)[] {
  const found = new Array<Statement | undefined>(known.length).fill(undefined);
  const free = new Set(now);
  const take = (at: number, statement: Statement | undefined): void => {
    if (!statement) return;
    found[at] = statement;
    free.delete(statement);
  };
  const open = (): number[] => known.flatMap((_, at) => (found[at] ? [] : [at]));

  const byText = new Map<string, Statement[]>();
  for (const statement of now) {
    const text = textOf(statement);
    const same = byText.get(text);
    if (same) same.push(statement);
    else byText.set(text, [statement]);
  }
  const inOrder = open().sort((a, b) => comparePositions(known[a].statement.span.start, known[b].statement.span.start));
  for (const at of inOrder) {
    const { text, statement } = known[at];
    const same = (byText.get(text) ?? []).filter((each) => free.has(each));
    take(at, same.length > 1 && same.length < count(known, text) ? nearest(same, statement) : same[0]);
  }
  for (const at of open()) {
    const { statement } = known[at];
    const alike = [...free].filter(
      (each) => each.command.kind === statement.command.kind && each.collection === statement.collection,
    );
    take(at, nearest(alike, statement));
  }
  for (const at of open()) {
    const { start } = known[at].statement.span;
    take(
      at,
      [...free].find((each) => comparePositions(each.span.start, start) === 0),
    );
  }
  return found;
}

function count(known: readonly KnownStatement[], text: string): number {
  return known.filter((each) => each.text === text).length;
}

function nearest(candidates: readonly Statement[], to: Statement): Statement | undefined {
  const distance = (each: Statement): number => Math.abs(each.span.start.line - to.span.start.line);
  return candidates.reduce<Statement | undefined>(
    (best, each) => (best && distance(best) <= distance(each) ? best : each),
    undefined,
  );
}
