import * as vscode from 'vscode';
import { DisposableStore } from '../../../core/disposable';
import type { CommandTable, MongoCommandName } from '../../contributions';
import type { Log } from '../../messages/log';
import type { Notify } from '../../messages/notify';
import type { RecordingHost } from '../../recording/recordingHost';
import { setting } from '../../settings/configuration';
import type { SetContextKey } from '../../settings/contextKeys';
import { activeFolder } from '../connections/folderOf';
import type { ExplainEngine } from '../explain/explainEngine';
import type { StatementModel } from '../statements/statementModel';
import { MongoConnections } from './connections/mongoConnections';
import { MongoStatus } from './connections/mongoStatus';
import { mongoCommandTable } from './mongoCommandTable';
import { createMongoEngine } from './mongoEngine';
import { ProfilerControl } from './profiler/profilerControl';
import { MongoTree } from './tree/mongoTree';
import type { MongoNode } from './tree/mongoTreeModel';

export interface MongoServices {
  readonly context: vscode.ExtensionContext;
  /** Processes that are attached may tell connection strings. */
  readonly host: RecordingHost;
  readonly setKey: SetContextKey;
  readonly notify: Notify;
  readonly log: Log;
  readonly statements: StatementModel;
  /** A row of the view, or all where none is given. */
  treeChanged(node: MongoNode | undefined): void;
  /** Shows a row of the view, unfolded; `focus` takes the keyboard there. */
  reveal(node: MongoNode, focus: boolean): void;
}

/** MongoDB as a kind of database: its connections, its view, and what explains on it. */
export interface Mongo extends vscode.Disposable {
  readonly engine: ExplainEngine;
  readonly connections: MongoConnections;
  readonly tree: MongoTree;
  readonly commands: CommandTable<MongoCommandName>;
  /** Sets back what was set on servers, then closes the connections. */
  shutDown(): Promise<void>;
}

export function createMongo(services: MongoServices): Mongo {
  const { context, host, setKey, notify, log, statements } = services;
  const store = new DisposableStore();
  const profiler = store.add(
    new ProfilerControl({
      memory: context.globalState,
      get: (id) => connections.open.get(id),
      changed: (node) => services.treeChanged(node),
      log: (text) => log.warn(text),
    }),
  );
  const connections: MongoConnections = store.add(
    new MongoConnections({
      context,
      host,
      notify,
      log,
      connected: (id) => profiler.connected(id),
      removing: (id) => profiler.leave(id),
    }),
  );
  const tree = new MongoTree({
    saved: connections.saved,
    open: connections.open,
    profiler: (connection, parent) => profiler.rows(connection, parent),
    folder: activeFolder,
    reveal: (node, focus) => services.reveal(node, focus),
    log: (text) => log.info(text),
  });
  store.add(new MongoStatus(connections));
  store.add(
    connections.open.onDidChange(() => {
      setKey('heatlens.hasMongoConnections', connections.saved.list().length > 0);
      services.treeChanged(undefined);
    }),
  );
  // Of several folders each may use another connection.
  store.add(
    vscode.window.onDidChangeActiveTextEditor(
      () => (vscode.workspace.workspaceFolders?.length ?? 0) > 1 && services.treeChanged(undefined),
    ),
  );
  return {
    engine: createMongoEngine(
      (id, signal) => connections.open.get(id, signal),
      () => setting('explain.timeLimit'),
    ),
    connections,
    tree,
    commands: mongoCommandTable({ connections, profiler, tree, statements }),
    shutDown: async () => {
      await profiler.shutDown();
      await connections.shutDown();
    },
    dispose: () => store.dispose(),
  };
}
