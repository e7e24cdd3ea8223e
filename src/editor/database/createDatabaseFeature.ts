import * as vscode from 'vscode';
import { statementAt } from '../../core/database/mongo/calls/findStatements';
import { DisposableStore } from '../../core/disposable';
import { setting } from '../settings/configuration';
import { throttle } from '../throttle';
import { folderOf } from './connections/folderOf';
import type { DatabaseEvents, DatabaseFeature, DatabaseServices } from './databaseFeature';
import { explainCommandTable } from './explain/explainCommandTable';
import type { ExplainPageEvent } from './explain/explainPage';
import { ExplainPanels } from './explain/explainPanels';
import type { ExplainSession } from './explain/explainSession';
import { ExplainSessions } from './explain/explainSessions';
import { receiveFromPage } from './explain/pageMessages';
import { RawDocuments } from './explain/rawDocuments';
import { createRememberedInputs, statementKey } from './explain/rememberedInputs';
import { StatementContent } from './explain/statementContent';
import { explainActions } from './findings/explainActions';
import { explainHover } from './findings/explainHover';
import { FindingDiagnostics, suppressionsOf } from './findings/findingDiagnostics';
import { shownFindings } from './findings/shownFindings';
import { explainLenses, placeOf } from './lens/explainLens';
import { unreadLens } from './lens/unreadLens';
import { createMongo } from './mongo/createMongo';
import { rangeOf, StatementModel } from './statements/statementModel';

/** The composition root of everything about databases; a kind of database gives its engine, its connections and its view. */
export function createDatabaseFeature(services: DatabaseServices, events: DatabaseEvents): DatabaseFeature {
  const { context, setKey, notify, log } = services;
  const store = new DisposableStore();
  const statements = store.add(new StatementModel());
  const raw = store.add(new RawDocuments());
  const mongo = store.add(createMongo({ ...services, ...events, statements }));
  const { engine, connections } = mongo;
  const remembered = createRememberedInputs(context.workspaceState);

  const sessions = store.add(
    new ExplainSessions(statements, (uri) => ({
      engine,
      connections: connections.open,
      choice: () => connections.choiceOf(uri),
      choose: (choice) => connections.choose(uri, choice),
      recall: (statement, place) =>
        remembered.find(statementKey(statement, vscode.workspace.asRelativePath(uri)), place),
      remember: (statement, inputs, place) =>
        void remembered.keep(statementKey(statement, vscode.workspace.asRelativePath(uri)), inputs, place),
      log: (text) => log.info(text),
    })),
  );
  const receive = (message: ExplainPageEvent, uri: vscode.Uri, session: ExplainSession): Promise<void> => {
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
      openRaw: ({ run, raw: text }) => raw.open(`explain ${run.target}`, text),
      openLog: () => log.show(),
    });
  };
  const panels = store.add(
    new ExplainPanels({
      extensionUri: context.extensionUri,
      memory: context.workspaceState,
      model: statements,
      log: (text) => log.error(`plan view: ${text}`),
      contentOf: (uri, session) =>
        new StatementContent(uri, session, {
          engine,
          connection: () => connections.statusOf(uri),
          receive: (message) => void receive(message, uri, session).catch((error: unknown) => notify.error(error)),
        }),
      open: (document, statement) => sessions.open(document, statement),
    }),
  );
  store.add(new FindingDiagnostics(statements, sessions));

  const announce = store.add(throttle(() => events.lensesChanged(), 100));
  store.add(statements.onDidChange(announce));
  store.add(
    sessions.onDidChange(() => {
      setKey(
        'heatlens.hasExplainResults',
        sessions.all().some(({ latest }) => latest !== undefined),
      );
      announce();
    }),
  );
  store.add(
    connections.open.onDidChange(() => {
      for (const session of sessions.all()) session.refresh();
    }),
  );
  store.add(
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('heatlens.explain')) announce();
    }),
  );

  const summaryOf = ({ latest }: ExplainSession): string | undefined => latest && engine.summary(latest.run);
  return {
    commands: {
      ...explainCommandTable({
        statements,
        sessions,
        panels,
        raw,
        notify,
        ensureConnection: (uri) => connections.ensure(uri),
      }),
      ...mongo.commands,
    },
    tree: mongo.tree,
    async lenses(document) {
      const found = await statements.ready(document);
      const lenses = explainLenses(document, statements, sessions, summaryOf);
      return setting('explain.lens') ? [...lenses, ...unreadLens(document, found)] : lenses;
    },
    hover(document, position) {
      const at = { line: position.line, column: position.character };
      const statement = statementAt(statements.statementsOf(document), at);
      if (!statement) return undefined;
      const session = sessions.find(document, statement);
      const shown = shownFindings(statement, session, suppressionsOf(document), setting('findings.severity'));
      if (!session?.latest && !shown.length) return undefined;
      const summary = session && summaryOf(session);
      return new vscode.Hover(
        explainHover(session, summary, shown, placeOf(document, statement)),
        rangeOf(document, statement.span),
      );
    },
    actions: async (document, range, diagnostics) =>
      explainActions(document, range, (await statements.ready(document)).statements, diagnostics),
    revive: (panel, state) => panels.revive(panel, state),
    shutDown: () => mongo.shutDown(),
    dispose: () => store.dispose(),
  };
}
