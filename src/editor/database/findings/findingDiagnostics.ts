import * as vscode from 'vscode';
import { DisposableStore } from '../../../core/disposable';
import type { Statement } from '../../../core/database/statement';
import { readSuppressions, type Suppressions } from '../../../core/database/findings/suppressions';
import { setting } from '../../settings/configuration';
import { configurationSection } from '../../contributions';
import { problem } from '../../messages/items';
import type { ExplainSessions } from '../explain/explainSessions';
import { isSource, rangeOf, type StatementModel } from '../statements/statementModel';
import type { FindingLevel } from './severities';
import { shownFindings, type ShownFinding } from './shownFindings';

export const DIAGNOSTIC_SOURCE = 'Heatlens';

/** Findings among the problems, at the statements that they are about. Those of an explain go as soon as a statement is edited. */
export class FindingDiagnostics implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly collection = this.store.add(vscode.languages.createDiagnosticCollection('heatlens.findings'));

  constructor(
    private readonly model: StatementModel,
    private readonly sessions: ExplainSessions,
  ) {
    this.store.add(sessions.onDidChange((uri) => this.updateOpen(uri)));
    this.store.add(model.onDidChange((document) => this.update(document)));
    this.store.add(vscode.workspace.onDidOpenTextDocument((document) => this.update(document)));
    this.store.add(
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(`${configurationSection}.findings`)) this.updateAll();
      }),
    );
    this.updateAll();
  }

  dispose(): void {
    this.store.dispose();
  }

  private updateAll(): void {
    for (const document of vscode.workspace.textDocuments) this.update(document);
  }

  /** Of a closed file they stay as they are: its text has not changed. */
  private updateOpen(uri: vscode.Uri): void {
    const document = vscode.workspace.textDocuments.find((each) => each.uri.toString() === uri.toString());
    if (document) this.update(document);
  }

  private update(document: vscode.TextDocument): void {
    if (!isSource(document)) return;
    // Of a document that is not read yet they stay as they are.
    const known = this.model.knownOf(document);
    if (!known) return;
    if (!known.statements.length) return this.collection.delete(document.uri);
    const severities = setting('findings.severity');
    const suppressions = suppressionsOf(document);
    const sessions = new Map(this.sessions.of(document).map((session) => [session.statement, session]));
    const found = known.statements.flatMap((statement) =>
      shownFindings(statement, sessions.get(statement), suppressions, severities).map((shown) =>
        diagnosticOf(document, statement, shown),
      ),
    );
    this.collection.set(document.uri, found);
  }
}

function diagnosticOf(
  document: vscode.TextDocument,
  statement: Statement,
  { finding, level }: ShownFinding,
): vscode.Diagnostic {
  const range = rangeOf(document, statement.span);
  const texts = {
    message: `${finding.evidence}\n${finding.advice}`,
    related: `${finding.title}: ${finding.guard}`,
  };
  const diagnostic = problem(document.uri, range, texts, severityOf(level));
  diagnostic.source = DIAGNOSTIC_SOURCE;
  diagnostic.code = finding.rule;
  return diagnostic;
}

export function suppressionsOf(document: vscode.TextDocument): Suppressions {
  return readSuppressions(document.getText(), document.languageId === 'python' ? 'python' : 'typescript');
}

function severityOf(level: Exclude<FindingLevel, 'off'>): vscode.DiagnosticSeverity {
  const { Hint, Information, Warning, Error } = vscode.DiagnosticSeverity;
  return { hint: Hint, info: Information, warning: Warning, error: Error }[level];
}
