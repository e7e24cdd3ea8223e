import * as vscode from 'vscode';
import { DisposableStore } from '../../core/disposable';
import { statementAt } from '../../core/database/mongo/calls/findStatements';
import type { FromExplainPage } from '../../core/protocol/explain';
import { setting } from '../configuration';
import type { MongoCommandName } from '../contributions';
import { throttle } from '../throttle';
import { activeFolder, folderOf } from './mongo/connections/folderOf';
import { MongoConnections } from './mongo/connections/mongoConnections';
import { MongoStatus } from './mongo/connections/mongoStatus';
import { ExplainPanels } from './explain/explainPanels';
import type { ExplainSession } from './explain/explainSession';
import { ExplainSessions } from './explain/explainSessions';
import { createNodeEngine } from './explain/nodeEngine';
import { receiveFromPage } from './explain/pageMessages';
import { RawDocuments } from './explain/rawDocuments';
import { createRememberedInputs } from './explain/rememberedInputs';
import { StatementContent } from './explain/statementContent';
import { explainActions } from './findings/explainActions';
import { explainHover } from './findings/explainHover';
import { FindingDiagnostics, suppressionsOf } from './findings/findingDiagnostics';
import { shownFindings } from './findings/shownFindings';
import { explainLenses, placeOf } from './lens/explainLens';
import { mongoCommandTable } from './mongoCommandTable';
import { ProfilerControl } from './mongo/profiler/profilerControl';
import type { MongoServices } from './registerMongo';
import { rangeOf, StatementModel } from './statements/statementModel';
import { statementKey } from './statements/statementText';
import { MongoTree } from './mongo/tree/mongoTree';
import type { MongoNode } from './mongo/tree/mongoTreeModel';

/** What the light part has to announce. */
export interface MongoEvents {
  lensesChanged(): void;
  treeChanged(node: MongoNode | undefined): void;
  /** Shows a row of the view, unfolded; `focus` takes the keyboard there. */
  reveal(node: MongoNode, focus: boolean): void;
}

/** The composition root of everything about databases: made by the first use. */
export class MongoFeature implements vscode.Disposable {
  private readonly store = new DisposableStore();
  readonly engine = createNodeEngine(() => setting('explain.timeLimit'));
  readonly model = this.store.add(new StatementModel());
  readonly raw = this.store.add(new RawDocuments());
  readonly connections: MongoConnections;
  readonly profiler: ProfilerControl;
  readonly sessions: ExplainSessions;
  readonly panels: ExplainPanels;
  readonly tree: MongoTree;
  readonly commands: Record<MongoCommandName, (...args: unknown[]) => unknown>;

  constructor(
    readonly services: MongoServices,
    private readonly events: MongoEvents,
  ) {
    const { context, keys, log } = services;
    const remembered = createRememberedInputs(context.workspaceState);
    const logText = (text: string): void => log.info(text);

    this.profiler = this.store.add(
      new ProfilerControl({
        memory: context.globalState,
        get: (id) => this.connections.open.get(id),
        changed: (node) => events.treeChanged(node),
        log: (text) => log.warn(text),
      }),
    );
    this.connections = this.store.add(
      new MongoConnections(services, {
        connected: (id) => this.profiler.connected(id),
        removing: (id) => this.profiler.leave(id),
      }),
    );
    this.sessions = this.store.add(
      new ExplainSessions(this.model, (uri) => ({
        engine: this.engine,
        connections: this.connections.open,
        choice: () => this.connections.choiceOf(uri),
        choose: (choice) => this.connections.choose(uri, choice),
        recall: (statement) => remembered.find(statementKey(statement, vscode.workspace.asRelativePath(uri))),
        remember: (statement, inputs) =>
          void remembered.keep(statementKey(statement, vscode.workspace.asRelativePath(uri)), inputs),
        log: logText,
      })),
    );
    this.panels = this.store.add(
      new ExplainPanels({
        extensionUri: context.extensionUri,
        memory: context.workspaceState,
        model: this.model,
        log: (text) => log.error(text),
        contentOf: (uri, session) => this.contentOf(uri, session),
        open: (document, statement) => this.sessions.open(document, statement),
      }),
    );
    this.tree = new MongoTree({
      saved: this.connections.saved,
      open: this.connections.open,
      profiler: (connection, parent) => this.profiler.rows(connection, parent),
      folder: activeFolder,
      log: logText,
    });
    this.store.add(new MongoStatus(this.connections));
    this.store.add(new FindingDiagnostics(this.model, this.sessions));

    const announce = this.store.add(throttle(() => events.lensesChanged(), 100));
    this.store.add(this.model.onDidChange(announce));
    this.store.add(
      this.sessions.onDidChange(() => {
        keys.set(
          'heatlens.hasExplainResults',
          this.sessions.all().some(({ session }) => session.latest !== undefined),
        );
        announce();
      }),
    );
    this.store.add(
      this.connections.open.onDidChange(() => {
        keys.set('heatlens.hasMongoConnections', this.connections.saved.list().length > 0);
        events.treeChanged(undefined);
        for (const { session } of this.sessions.all()) session.refresh();
      }),
    );
    this.store.add(
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration('heatlens.explain')) announce();
      }),
    );
    // Of several folders each may use another connection.
    this.store.add(
      vscode.window.onDidChangeActiveTextEditor(
        () => (vscode.workspace.workspaceFolders?.length ?? 0) > 1 && events.treeChanged(undefined),
      ),
    );
    this.commands = mongoCommandTable(this);
  }

  async lenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
    await this.model.prepare(document);
    return explainLenses(document, this.model, this.sessions, (session) => this.summaryOf(session));
  }

  hover(document: vscode.TextDocument, position: vscode.Position): vscode.Hover | undefined {
    const statement = statementAt(this.model.statementsOf(document), {
      line: position.line,
      column: position.character,
    });
    if (!statement) return undefined;
    const session = this.sessions.find(document, statement);
    const shown = shownFindings(statement, session, suppressionsOf(document), setting('findings.severity'));
    if (!session?.latest && !shown.length) return undefined;
    const summary = session && this.summaryOf(session);
    return new vscode.Hover(
      explainHover(session, summary, shown, placeOf(document, statement)),
      rangeOf(document, statement.span),
    );
  }

  actions(
    document: vscode.TextDocument,
    range: vscode.Range,
    diagnostics: readonly vscode.Diagnostic[],
  ): vscode.CodeAction[] {
    return explainActions(document, range, this.model.statementsOf(document), diagnostics);
  }

  revive(panel: vscode.WebviewPanel): Promise<void> {
    return this.panels.revive(panel);
  }

  reveal(node: MongoNode, focus = true): void {
    this.events.reveal(node, focus);
  }

  refreshTree(): void {
    this.connections.open.forgetFailures();
    this.events.treeChanged(undefined);
  }

  async shutDown(): Promise<void> {
    await this.profiler.shutDown();
    await this.connections.shutDown();
  }

  dispose(): void {
    this.store.dispose();
  }

  private summaryOf({ latest }: ExplainSession): string | undefined {
    return latest && this.engine.summary(latest.run);
  }

  private contentOf(uri: vscode.Uri, session: ExplainSession): StatementContent {
    return new StatementContent(uri, session, {
      engine: this.engine,
      connection: () => this.connections.statusOf(uri),
      receive: (message) =>
        void this.receive(message, uri, session).catch((error: unknown) => this.services.notify.error(error)),
    });
  }

  private receive(message: FromExplainPage, uri: vscode.Uri, session: ExplainSession): Promise<void> {
    const { connections, services } = this;
    const folder = folderOf(uri);
    return receiveFromPage(message, session, {
      addConnection: () => connections.add(),
      pickConnection: () => connections.pickFor(folder),
      pickDatabase: () => connections.pickDatabaseFor(folder),
      chooseDatabase: async (database) => {
        const choice = connections.choiceOf(uri);
        if (choice) await connections.choose(uri, { ...choice, database });
      },
      openSource: async () => {
        const document = await vscode.workspace.openTextDocument(uri);
        const { start, end } = rangeOf(document, session.statement.span);
        await vscode.window.showTextDocument(document, {
          viewColumn: vscode.ViewColumn.One,
          selection: new vscode.Range(start, end),
        });
      },
      openRaw: ({ run, raw }) => this.raw.open(`explain ${run.target}`, raw),
      openLog: () => services.log.show(),
    });
  }
}
