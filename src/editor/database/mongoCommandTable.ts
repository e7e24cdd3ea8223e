import { basename } from 'node:path';
import * as vscode from 'vscode';
import { HeatlensError } from '../../core/errors';
import type { MongoCommandName } from '../contributions';
import {
  explainFlow,
  runAgain,
  statementAtCursor,
  statementAtPlace,
  type ExplainFlowServices,
  type FoundStatement,
} from './explain/explainFlow';
import { copyIndex, shellTextOf, toClipboard, tryIndex } from './explain/pageMessages';
import { choosePlanFile, planContent, readPlanFile } from './explain/planFile';
import type { ExplainSession } from './explain/explainSession';
import { StatementContent } from './explain/statementContent';
import { runMarkdown } from '../../core/database/runText';
import { createIndexText } from '../../core/database/mongo/indexes/createIndex';
import type { MongoFeature } from './mongoFeature';
import { setProfilingLevel, showProfiler } from './mongo/profiler/setProfilingLevel';
import { findShapeStatements } from './mongo/profiler/findShapeStatements';
import { showCollection } from './mongo/tree/showCollection';
import type { MongoNode } from './mongo/tree/mongoTreeModel';

type Handler = (...args: unknown[]) => unknown;

/** What each command does; a command without an entry does not compile. */
export function mongoCommandTable(feature: MongoFeature): Record<MongoCommandName, Handler> {
  const { model, sessions, panels, connections } = feature;
  const flow: ExplainFlowServices = { model, sessions, panels, ensureConnection: (uri) => connections.ensure(uri) };
  const sessionAt = async (...place: unknown[]): Promise<{ found: FoundStatement; session: ExplainSession }> => {
    const found = await statementAtPlace(model, place[0], place[1], place[2]);
    return { found, session: sessions.open(found.document, found.statement) };
  };
  return {
    explainQuery: () => explainFlow(flow, statementAtCursor(model)),
    explainStatement: async (...place) =>
      explainFlow(flow, await statementAtPlace(model, place[0], place[1], place[2])),
    showExplainResult: async (...place) => {
      const { found, session } = await sessionAt(...place);
      panels.show(found.document.uri, session).panel.reveal();
    },
    explainAgain: () => {
      const { content } = panels.active ?? {};
      const session = content instanceof StatementContent ? content.session : sessions.recent?.session;
      if (!session) throw nothingExplained();
      return runAgain(session);
    },
    copyStatementAsShell: () => {
      const { document, statement } = statementAtCursor(model);
      return toClipboard(shellTextOf(sessions.open(document, statement)));
    },
    openPlanFile: (clicked) => openPlanFile(feature, clicked),
    clearExplainResults: () => sessions.clear(),
    nextPlanFinding: () => panels.command('nextFinding'),
    previousPlanFinding: () => panels.command('previousFinding'),
    toggleRawPlan: () => panels.command('toggleRaw'),
    copySuggestedIndex: async (...args) => {
      const { session } = await sessionAt(...args);
      await copyIndex(session.latest, Number(args[3]));
    },
    trySuggestedIndex: async (...args) => {
      const { found, session } = await sessionAt(...args);
      panels.show(found.document.uri, session);
      await tryIndex(session, Number(args[3]));
    },
    openStatement: async (uri, line, column) => {
      if (typeof uri !== 'string' || typeof line !== 'number' || typeof column !== 'number') return;
      const at = new vscode.Position(line, column);
      await vscode.window.showTextDocument(vscode.Uri.parse(uri), { selection: new vscode.Range(at, at) });
    },
    addMongoConnection: async (given) => (await connections.add(given))?.id,
    pickMongoConnection: () => connections.pickFor(),
    pickMongoDatabase: (node) => {
      const { connection, database } = nodeOf(node);
      return connections.pickDatabaseFor(undefined, connection, database);
    },
    renameMongoConnection: (node) => connections.rename(nodeOf(node).connection),
    removeMongoConnection: (node) => connections.remove(nodeOf(node).connection),
    testMongoConnection: async (node) => {
      const tested = await connections.test(nodeOf(node).connection);
      if (tested)
        vscode.window.setStatusBarMessage(
          vscode.l10n.t('{0} answered in {1} ms', tested.name, Math.round(tested.millis)),
          6000,
        );
      return tested;
    },
    disconnectMongo: (node) => connections.disconnect(nodeOf(node).connection),
    refreshMongo: () => feature.refreshTree(),
    showCollectionFacts: (node) => showCollection(feature, nodeOf(node)),
    copyMongoIndex: async (node) => {
      const { collection, index } = nodeOf(node);
      if (collection === undefined || !index) return;
      await toClipboard(createIndexText({ collection, key: index.columns, options: index.options }));
    },
    showMongoProfiler: (node) => showProfiler(feature, nodeOf(node)),
    setMongoProfilingLevel: (node) => setProfilingLevel(feature, nodeOf(node)),
    findShapeStatements: (node) => findShapeStatements(nodeOf(node).shape),
  };
}

async function openPlanFile(feature: MongoFeature, clicked: unknown): Promise<void> {
  const uri = await choosePlanFile(clicked);
  if (!uri) return;
  const { run, raw } = await readPlanFile(uri);
  const name = basename(uri.path);
  const content = planContent(vscode.l10n.t('Plan of {0}', name), run, raw, (message) => {
    const done = (): Promise<unknown> | undefined => {
      if (message.type === 'openRaw') return feature.raw.open(name, raw);
      if (message.type === 'openSource') return Promise.resolve(vscode.window.showTextDocument(uri));
      if (message.type === 'copyIndex' && run.suggestions[message.suggestion])
        return toClipboard(run.suggestions[message.suggestion].ddl);
      if (message.type !== 'copy') return undefined;
      return toClipboard(message.what === 'raw' ? raw : message.what === 'markdown' ? runMarkdown(run) : run.text);
    };
    void done()?.catch((error: unknown) => feature.services.notify.error(error));
  });
  feature.panels.showContent(content);
}

function nodeOf(node: unknown): Partial<MongoNode> {
  return typeof node === 'object' && node !== null ? node : {};
}

function nothingExplained(): HeatlensError {
  return new HeatlensError(
    'nothingExplained',
    'No query was explained yet.',
    'Put the cursor into one and run "Heatlens: Explain Query Under Cursor".',
  );
}
