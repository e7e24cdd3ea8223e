import * as vscode from 'vscode';
import { DisposableStore } from '../../core/disposable';
import type { ContextKeyUpdater } from '../contextKeys';
import type { MongoCommandName } from '../contributions';
import { explainPanel, internalMongoCommands, mongoCommands, statementLanguages, views } from '../contributions';
import type { Log } from '../log/log';
import type { Notify } from '../notify';
import type { RecordingHost } from '../recordingHost';
import { hasSavedConnections } from './mongo/connections/savedConnections';
import { mentionsStatement } from './statements/mentionsStatement';
import type { MongoFeature } from './mongoFeature';
import type { MongoNode } from './mongo/tree/mongoTreeModel';

export interface MongoServices {
  readonly context: vscode.ExtensionContext;
  readonly host: RecordingHost;
  readonly keys: ContextKeyUpdater;
  readonly notify: Notify;
  readonly log: Log;
}

export interface Mongo extends vscode.Disposable {
  readonly commands: Record<MongoCommandName, (...args: unknown[]) => unknown>;
  /** Closes what is open on servers; nothing where none was asked. */
  shutDown(): Promise<void>;
}

/**
 * Everything behind it is a chunk that loads when a file with a call that may be a query is shown, or a command runs. It is
 * registered before the lenses of heat: of lenses on one line the editor shows those first that were registered last.
 */
export function registerMongo(services: MongoServices): Mongo {
  const { context, keys } = services;
  const store = new DisposableStore();
  const lensesChanged = store.add(new vscode.EventEmitter<void>());
  const treeChanged = store.add(new vscode.EventEmitter<MongoNode | undefined>());
  const hasConnections = (): boolean => hasSavedConnections(context.globalState);
  keys.set('heatlens.hasMongoConnections', hasConnections());

  let feature: MongoFeature | undefined;
  let loading: Promise<MongoFeature> | undefined;
  const load = (): Promise<MongoFeature> =>
    (loading ??= import(/* webpackChunkName: "mongo" */ './mongoFeature.js').then(
      ({ MongoFeature: Feature }) => {
        const reveal = (node: MongoNode, focus: boolean): void =>
          void view.reveal(node, { expand: true, select: true, focus });
        feature = new Feature(services, {
          lensesChanged: () => lensesChanged.fire(),
          treeChanged: (node) => treeChanged.fire(node),
          reveal,
        });
        return store.add(feature);
      },
      (error: unknown) => {
        // The next use tries again.
        loading = undefined;
        throw error;
      },
    ));
  const loadFor = async (document: vscode.TextDocument): Promise<MongoFeature | undefined> =>
    feature ?? (mentionsStatement(document.getText()) ? load() : undefined);

  const selector = statementLanguages.map((language) => ({ language, scheme: 'file' }));
  store.add(
    vscode.languages.registerCodeLensProvider(selector, {
      onDidChangeCodeLenses: lensesChanged.event,
      provideCodeLenses: async (document) => (await loadFor(document))?.lenses(document),
    }),
  );
  store.add(
    vscode.languages.registerHoverProvider(selector, {
      provideHover: (document, position) => feature?.hover(document, position),
    }),
  );
  store.add(
    vscode.languages.registerCodeActionsProvider(
      selector,
      {
        provideCodeActions: async (document, range, { diagnostics }) =>
          (await loadFor(document))?.actions(document, range, diagnostics),
      },
      { providedCodeActionKinds: [vscode.CodeActionKind.Refactor.append('explain'), vscode.CodeActionKind.QuickFix] },
    ),
  );
  const view = store.add(
    vscode.window.createTreeView<MongoNode>(views.mongo, {
      showCollapseAll: true,
      treeDataProvider: {
        onDidChangeTreeData: treeChanged.event,
        getChildren: async (node) => (node || hasConnections() ? (await load()).tree.children(node) : []),
        getTreeItem: async (node) => (await load()).tree.item(node),
        getParent: (node) => node.parent,
      },
    }),
  );
  store.add(
    vscode.window.registerWebviewPanelSerializer(explainPanel, {
      deserializeWebviewPanel: async (panel, state) => (await load()).revive(panel, state),
    }),
  );

  const run = async (name: MongoCommandName, args: unknown[]): Promise<unknown> =>
    (await load()).commands[name](...args);
  const names: readonly MongoCommandName[] = [...mongoCommands, ...internalMongoCommands];
  const commands = Object.fromEntries(names.map((name) => [name, (...args: unknown[]) => run(name, args)]));
  return {
    commands: commands as Mongo['commands'],
    shutDown: async () => (await loading)?.shutDown(),
    dispose: () => store.dispose(),
  };
}
