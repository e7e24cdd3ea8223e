import type { Statement } from '../../../core/database/statement';
import { shellText } from '../../../core/database/mongo/shell/shellText';

const known = new WeakMap<Statement, string>();

/** The statement as shell text with its holes open: the same text is the same statement. Statements are immutable. */
export function statementText(statement: Statement): string {
  let text = known.get(statement);
  if (text === undefined) known.set(statement, (text = shellText(statement).text));
  return text;
}

/** What another thread has written of it already. */
export function keepStatementText(statement: Statement, text: string): void {
  known.set(statement, text);
}

/** The same statement in another place has the same text. */
export function carryStatementText(from: Statement, to: Statement): void {
  const text = known.get(from);
  if (text !== undefined) known.set(to, text);
}

/** `find products`; of an unknown collection the expression that would name it. */
export function statementLabel(statement: Statement): string {
  const { kind } = statement.command;
  return `${kind === 'estimatedCount' ? 'count' : kind} ${statement.collection ?? statement.collectionHole ?? '?'}`;
}
