import * as vscode from 'vscode';
import { comparePositions } from '../../../core/positions';
import type { Statement } from '../../../core/database/statement';
import { setting } from '../../settings/configuration';
import { commandId } from '../../contributions';
import { Lens, lensCommand } from '../../messages/items';
import type { ExplainSessions } from '../explain/explainSessions';
import type { ExplainSession } from '../explain/explainSession';
import { statementLabel, statementText } from '../statements/statementText';
import { rangeOf, type StatementModel } from '../statements/statementModel';

/** Characters of a statement that a tooltip has room for. */
const MAX_TOOLTIP = 2_000;

/** Above each statement: a way to explain it, and what its last explain said. */
export function explainLenses(
  document: vscode.TextDocument,
  model: StatementModel,
  sessions: ExplainSessions,
  summary: (session: ExplainSession) => string | undefined,
): vscode.CodeLens[] {
  if (!setting('explain.lens')) return [];
  const statements = [...model.statementsOf(document)].sort((a, b) => comparePositions(a.span.start, b.span.start));
  const byStatement = new Map(sessions.of(document).map((session) => [session.statement, session]));
  const perLine = new Map<number, number>();
  for (const { span } of statements) perLine.set(span.start.line, (perLine.get(span.start.line) ?? 0) + 1);
  return statements.flatMap((statement) => {
    const { start } = statement.span;
    const range = document.validateRange(new vscode.Range(start.line, start.column, start.line, start.column));
    const shared = (perLine.get(start.line) ?? 0) > 1;
    const place = placeOf(document, statement);
    const session = byStatement.get(statement);
    const lenses = [new Lens(range, statement, explainCommand(statement, shared, place, session))];
    const result = session && resultCommand(session, place, summary(session));
    if (result) lenses.push(new Lens(range, statement, result));
    return lenses;
  });
}

/** What the commands of lenses, hovers and actions take: where the statement begins. */
export type StatementPlace = readonly [uri: string, line: number, column: number];

export function placeOf(document: vscode.TextDocument, { span }: Statement): StatementPlace {
  const { start } = rangeOf(document, span);
  return [document.uri.toString(), start.line, start.character];
}

function explainCommand(
  statement: Statement,
  shared: boolean,
  place: StatementPlace,
  session: ExplainSession | undefined,
): vscode.Command {
  const busy = session?.progress.has('explain') === true;
  const title = shared ? vscode.l10n.t('Explain {0}', statementLabel(statement)) : vscode.l10n.t('Explain');
  return lensCommand({
    icon: busy ? 'loading~spin' : 'search',
    title,
    tooltip: statementText(statement).slice(0, MAX_TOOLTIP),
    command: commandId('explainStatement'),
    arguments: [...place],
  });
}

function resultCommand(
  session: ExplainSession,
  place: StatementPlace,
  summary: string | undefined,
): vscode.Command | undefined {
  const failure = session.failures.get('explain');
  const command = commandId('showExplainResult');
  if (failure && !session.progress.has('explain')) {
    return lensCommand({
      icon: 'error',
      title: shortened(failure.message),
      tooltip: `${failure.message} ${failure.nextStep}`,
      command,
      arguments: [...place],
    });
  }
  if (summary === undefined || !session.latest) return undefined;
  const verdict = session.latest.comparison?.verdict;
  const change =
    verdict === 'better' ? ` · ${vscode.l10n.t('better')}` : verdict === 'worse' ? ` · ${vscode.l10n.t('worse')}` : '';
  const stale = session.isStale ? ` · ${vscode.l10n.t('before the edit')}` : '';
  return lensCommand({
    title: `${summary}${change}${stale}`,
    tooltip: [session.latest.comparison?.summary, vscode.l10n.t('Click to see the plan.')].filter(Boolean).join('\n'),
    command,
    arguments: [...place],
  });
}

function shortened(text: string): string {
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
