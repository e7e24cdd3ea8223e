import * as vscode from 'vscode';
import { DisposableStore } from '../../../core/disposable';
import { RULES, type RuleId } from '../../../core/mongo/findings/rules';
import { setting } from '../../configuration';
import { configurationSection } from '../../contributions';
import type { ExplainSessions } from '../explain/explainSessions';
import { rangeOf } from '../statements/statementModel';
import type { FindingLevel } from './severities';
import { shownFindings } from './shownFindings';
import { readSuppressions, type Suppressions } from '../../../core/mongo/statements/suppressions';

export const diagnosticSource = 'Heatlens';

/** Findings among the problems, at the statements that they are about. They go as soon as a statement is edited. */
export class FindingDiagnostics implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly collection = this.store.add(vscode.languages.createDiagnosticCollection('heatlens.findings'));

  constructor(private readonly sessions: ExplainSessions) {
    this.store.add(sessions.onDidChange((uri) => this.update(uri)));
    this.store.add(
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(`${configurationSection}.findings`)) this.updateAll();
      }),
    );
    this.store.add(vscode.workspace.onDidOpenTextDocument((document) => this.update(document.uri)));
  }

  /** A comment that silences a rule was written, or removed. */
  update(uri: vscode.Uri): void {
    const document = vscode.workspace.textDocuments.find((each) => each.uri.toString() === uri.toString());
    // Of a closed file they stay as they are: its text has not changed.
    if (!document) return;
    const severities = setting('findings.severity');
    const suppressions = suppressionsOf(document);
    const found = this.sessions.of(document).flatMap((session) =>
      shownFindings(session, suppressions, severities).map(({ finding, level }) => {
        const range = rangeOf(document, session.statement.span);
        const diagnostic = new vscode.Diagnostic(range, `${finding.evidence}\n${finding.advice}`, severityOf(level));
        diagnostic.source = diagnosticSource;
        diagnostic.code = finding.rule;
        const title = RULES[finding.rule as RuleId]?.title;
        const told = title === undefined ? finding.guard : `${title}: ${finding.guard}`;
        diagnostic.relatedInformation = [new vscode.DiagnosticRelatedInformation(new vscode.Location(document.uri, range), told)];
        return diagnostic;
      }),
    );
    this.collection.set(uri, found);
  }

  dispose(): void {
    this.store.dispose();
  }

  private updateAll(): void {
    for (const document of vscode.workspace.textDocuments) this.update(document.uri);
  }
}

export function suppressionsOf(document: vscode.TextDocument): Suppressions {
  return readSuppressions(document.getText(), document.languageId === 'python' ? 'python' : 'typescript');
}

function severityOf(level: Exclude<FindingLevel, 'off'>): vscode.DiagnosticSeverity {
  const { Hint, Information, Warning, Error } = vscode.DiagnosticSeverity;
  return { hint: Hint, info: Information, warning: Warning, error: Error }[level];
}
