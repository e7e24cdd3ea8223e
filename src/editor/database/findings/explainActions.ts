import * as vscode from 'vscode';
import type { Statement } from '../../../core/database/statement';
import { statementAt } from '../../../core/database/mongo/calls/findStatements';
import { commandId } from '../../contributions';
import { shownLabel } from '../../messages/shownText';
import { placeOf } from '../lens/explainLens';
import { statementLabel } from '../statements/statementText';
import { DIAGNOSTIC_SOURCE } from './findingDiagnostics';
import { suppressionEdit } from './suppressionEdit';

/** In the light bulb: explaining the statement, and silencing a finding. */
export function explainActions(
  document: vscode.TextDocument,
  range: vscode.Range,
  statements: readonly Statement[],
  diagnostics: readonly vscode.Diagnostic[],
): vscode.CodeAction[] {
  const { line, character } = range.start;
  const statement = statementAt(statements, { line, column: character });
  if (!statement) return [];
  const own = diagnostics.filter((diagnostic) => diagnostic.source === DIAGNOSTIC_SOURCE);
  return [explain(document, statement), ...own.flatMap((diagnostic) => suppress(document, statement, diagnostic))];
}

function explain(document: vscode.TextDocument, statement: Statement): vscode.CodeAction {
  const title = shownLabel(vscode.l10n.t('Explain {0}', statementLabel(statement)));
  // A kind below refactor shows in the light bulb, and is never applied when a file is saved.
  const action = new vscode.CodeAction(title, vscode.CodeActionKind.Refactor.append('explain'));
  action.command = { title, command: commandId('explainStatement'), arguments: [...placeOf(document, statement)] };
  return action;
}

function suppress(
  document: vscode.TextDocument,
  statement: Statement,
  diagnostic: vscode.Diagnostic,
): vscode.CodeAction[] {
  const rule = String(diagnostic.code);
  const { line, column, text } = suppressionEdit((number) => document.lineAt(number).text, statement, rule);
  const action = new vscode.CodeAction(vscode.l10n.t('Suppress {0} here', rule), vscode.CodeActionKind.QuickFix);
  action.diagnostics = [diagnostic];
  action.edit = new vscode.WorkspaceEdit();
  action.edit.insert(document.uri, new vscode.Position(line, column), text);
  return [action];
}
