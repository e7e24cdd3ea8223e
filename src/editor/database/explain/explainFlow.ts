import * as vscode from 'vscode';
import type { Statement } from '../../../core/database/statement';
import { statementAt } from '../../../core/database/mongo/calls/findStatements';
import { requireTrust } from '../../trust';
import type { ConnectionChoice } from '../mongo/connections/savedConnections';
import type { StatementModel } from '../statements/statementModel';
import type { ExplainPanels } from './explainPanels';
import type { ExplainSession } from './explainSession';
import type { ExplainSessions } from './explainSessions';
import { noStatement } from '../databaseErrors';

export interface ExplainFlowServices {
  readonly model: StatementModel;
  readonly sessions: ExplainSessions;
  readonly panels: ExplainPanels;
  /** The connection of a file's folder; asks for one where none is chosen. */
  ensureConnection(uri: vscode.Uri): Promise<ConnectionChoice | undefined>;
}

export interface FoundStatement {
  readonly document: vscode.TextDocument;
  readonly statement: Statement;
}

/** From a statement to its plan: shown beside the source at once, run as soon as nothing is missing. */
export async function explainFlow(
  { sessions, panels, ensureConnection }: ExplainFlowServices,
  { document, statement }: FoundStatement,
): Promise<void> {
  requireTrust();
  const session = sessions.open(document, statement);
  const page = panels.show(document.uri, session);
  if (!(await ensureConnection(document.uri))) return session.refresh();
  if ((await session.start()) || session.failures.has('explain')) return undefined;
  page.panel.reveal();
  page.command('focusStatement');
  return undefined;
}

/** Runs a statement that is shown already with what was given for it. */
export async function runAgain(session: ExplainSession): Promise<void> {
  requireTrust();
  await session.run();
}

/** The statement that the cursor is in: in its call, or in the variables that it is made of. */
export function statementAtCursor(model: StatementModel): FoundStatement {
  const editor = vscode.window.activeTextEditor;
  if (!editor) throw noStatement('No editor is open.');
  const { line, character } = editor.selection.active;
  const statement = statementAt(model.statementsOf(editor.document), { line, column: character });
  if (!statement) throw noStatement('There is no MongoDB query at the cursor.');
  return { document: editor.document, statement };
}

/** The statement that begins at a place, as lenses name it. */
export async function statementAtPlace(
  model: StatementModel,
  uri: unknown,
  line: unknown,
  column: unknown,
): Promise<FoundStatement> {
  if (typeof uri !== 'string' || typeof line !== 'number' || typeof column !== 'number')
    return statementAtCursor(model);
  const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(uri));
  const statements = model.statementsOf(document);
  const exact = statements.find(({ span: { start } }) => start.line === line && start.column === column);
  const statement = exact ?? statementAt(statements, { line, column });
  if (!statement) throw noStatement('The query is no longer there.');
  return { document, statement };
}
