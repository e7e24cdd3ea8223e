import * as vscode from 'vscode';
import { statementAt } from '../../../core/database/mongo/calls/findStatements';
import type { Statement } from '../../../core/database/statement';
import { requireDocument } from '../../workspace/requireFile';
import type { StatementModel } from './statementModel';
import { noStatement } from '../errors/databaseErrors';

export interface FoundStatement {
  readonly document: vscode.TextDocument;
  readonly statement: Statement;
}

/** The statement that the cursor is in: in its call, or in the variables that it is made of. */
export async function findStatementAtCursor(model: StatementModel): Promise<FoundStatement | undefined> {
  const editor = vscode.window.activeTextEditor;
  if (!editor) return undefined;
  const { statements } = await model.ready(editor.document);
  const { line, character } = editor.selection.active;
  const statement = statementAt(statements, { line, column: character });
  return statement && { document: editor.document, statement };
}

/** As `findStatementAtCursor`; throws `noStatement`. */
export async function statementAtCursor(model: StatementModel): Promise<FoundStatement> {
  if (!vscode.window.activeTextEditor) throw noStatement(vscode.l10n.t('No editor is open.'));
  const found = await findStatementAtCursor(model);
  if (!found) throw noStatement(vscode.l10n.t('There is no MongoDB query at the cursor.'));
  return found;
}

/** The statement that begins at a place, as lenses name it; without one that at the cursor. Throws `noStatement`. */
export async function statementAtPlace(
  model: StatementModel,
  uri: unknown,
  line: unknown,
  column: unknown,
): Promise<FoundStatement> {
  if (typeof uri !== 'string' || typeof line !== 'number' || typeof column !== 'number')
    return statementAtCursor(model);
  const document = await vscode.workspace.openTextDocument(requireDocument(vscode.Uri.parse(uri)));
  const { statements } = await model.ready(document);
  const exact = statements.find(({ span: { start } }) => start.line === line && start.column === column);
  const statement = exact ?? statementAt(statements, { line, column });
  if (!statement) throw noStatement(vscode.l10n.t('The query is no longer there.'));
  return { document, statement };
}
