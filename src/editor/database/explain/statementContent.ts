import * as vscode from 'vscode';
import type { ExplainRun, IndexTrial } from '../../../core/database/explainRun';
import type { RunView, ToExplainPage } from '../../../core/protocol/explain';
import { statementLabel } from '../statements/statementText';
import type { ExplainContent, ExplainPageEvent } from './explainPage';
import type { ExplainEngine } from './explainEngine';
import type { ExplainSession } from './explainSession';
import { statementView } from './statementView';
import type { ConnectionStatus } from '../connections/connection';

export interface StatementContentServices {
  readonly engine: ExplainEngine;
  /** Of the folder that the file is in. */
  connection(): ConnectionStatus | undefined;
  receive(message: ExplainPageEvent): void;
}

const WORKS = ['explain', 'trial', 'scale'] as const;

/** A session as its page shows it. */
export class StatementContent implements ExplainContent {
  readonly onDidChange: ExplainContent['onDidChange'];
  private viewed?: { readonly run: ExplainRun; readonly view: RunView };

  constructor(
    readonly uri: vscode.Uri,
    readonly session: ExplainSession,
    private readonly services: StatementContentServices,
  ) {
    this.onDidChange = (listener) => session.onDidChange(listener);
  }

  get title(): string {
    return vscode.l10n.t('Explain {0}', statementLabel(this.session.statement));
  }

  messages(): ToExplainPage[] {
    const { session, services } = this;
    const messages: ToExplainPage[] = [
      { type: 'statement', statement: statementView(session, this.uri.fsPath, services.connection(), services.engine) },
    ];
    const [latest, ...earlier] = session.records;
    if (latest) {
      const history = earlier.map(({ run }) => ({ at: run.at, text: services.engine.summary(run) }));
      const comparison = latest.comparison ? { comparison: latest.comparison } : {};
      messages.push({
        type: 'run',
        run: latest.run,
        view: this.viewOf(latest.run),
        raw: latest.raw,
        ...comparison,
        history,
      });
    }
    if (session.trial) messages.push(trialMessage(session.trial, services.engine));
    if (session.scale) messages.push({ type: 'scale', scale: session.scale });
    for (const of of WORKS) {
      const progress = session.progress.get(of);
      const failure = session.failures.get(of);
      if (progress) messages.push({ type: 'progress', of, ...progress });
      if (failure) messages.push({ type: 'failure', of, ...failure });
    }
    return messages;
  }

  receive(message: ExplainPageEvent): void {
    this.services.receive(message);
  }

  /** Made once for each run: whatever changes asks for all messages. */
  private viewOf(run: ExplainRun): RunView {
    if (this.viewed?.run !== run) this.viewed = { run, view: this.services.engine.view(run) };
    return this.viewed.view;
  }
}

function trialMessage(trial: IndexTrial, engine: ExplainEngine): ToExplainPage {
  const [before, after] = [trial.before, trial.after].map((run) => engine.summary(run));
  return { type: 'trial', trial, summaries: { before, after } };
}
