import type * as vscode from 'vscode';
import { DisposableStore } from '../../../core/disposable';
import { Emitter } from '../../../core/emitter';
import type { Statement } from '../../../core/database/statement';
import { followStatements } from '../statements/followStatements';
import type { StatementModel } from '../statements/statementModel';
import { statementText } from '../statements/statementText';
import { ExplainSession, type SessionServices } from './explainSession';

interface Tracked {
  readonly session: ExplainSession;
  /** The statement's text when it was last seen in the file. */
  text: string;
}

/** The statements that were explained, by file. They are found again after each edit; the rest of a file costs nothing. */
export class ExplainSessions implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new Emitter<vscode.Uri>());
  private readonly byFile = new Map<string, Tracked[]>();
  /** What each file was last followed to. */
  private readonly followed = new Map<string, readonly Statement[]>();
  private last: ExplainSession | undefined;

  /** Something that a file shows of its sessions. */
  readonly onDidChange = this.changed.event;

  constructor(
    private readonly model: StatementModel,
    private readonly servicesOf: (uri: vscode.Uri) => SessionServices,
  ) {
    this.store.add(
      model.onDidChange((document) => {
        if (this.byFile.has(document.uri.toString())) this.follow(document);
      }),
    );
  }

  /** All of a document, in the state of its present text. */
  of(document: vscode.TextDocument): readonly ExplainSession[] {
    if (!this.byFile.has(document.uri.toString())) return [];
    this.follow(document);
    return (this.byFile.get(document.uri.toString()) ?? []).map(({ session }) => session);
  }

  find(document: vscode.TextDocument, statement: Statement): ExplainSession | undefined {
    return this.of(document).find((session) => !session.gone && session.statement === statement);
  }

  /** The one of a statement, made at the first time. */
  open(document: vscode.TextDocument, statement: Statement): ExplainSession {
    const found = this.find(document, statement);
    this.last = found ?? this.create(document.uri, statement);
    return this.last;
  }

  /** The one that was used last. */
  get recent(): ExplainSession | undefined {
    return this.last;
  }

  all(): ExplainSession[] {
    return [...this.byFile.values()].flat().map(({ session }) => session);
  }

  clear(): void {
    for (const session of this.all()) session.clear();
  }

  dispose(): void {
    for (const session of this.all()) session.dispose();
    this.byFile.clear();
    this.store.dispose();
  }

  private create(uri: vscode.Uri, statement: Statement): ExplainSession {
    const session = new ExplainSession(statement, this.servicesOf(uri));
    const id = uri.toString();
    const all = this.byFile.get(id) ?? [];
    this.byFile.set(id, [...all, { session, text: statementText(statement) }]);
    session.onDidChange(() => this.changed.fire(uri));
    return session;
  }

  private follow(document: vscode.TextDocument): void {
    const id = document.uri.toString();
    // A document that was opened again is about to be read; until then everything is where it was.
    const statements = this.model.knownOf(document)?.statements;
    const tracked = this.byFile.get(id);
    if (!tracked || !statements || this.followed.get(id) === statements) return;
    this.followed.set(id, statements);
    const known = tracked.map(({ session, text }) => ({ statement: session.statement, text }));
    const now = followStatements(known, statements, statementText);
    tracked.forEach((each, at) => {
      const statement = now[at];
      if (statement) each.text = statementText(statement);
      each.session.follow(statement);
    });
  }
}
