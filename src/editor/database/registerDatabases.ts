import * as vscode from 'vscode';
import { DisposableStore } from '../../core/disposable';
import { lazyCommands } from '../commands/registerCommands';
import type { CommandTable, ExplainCommandName, MongoCommandName } from '../contributions';
import {
  explainCommands,
  explainPanel,
  internalExplainCommands,
  mongoCommands,
  statementLanguages,
  views,
} from '../contributions';
import type { DatabaseFeature, DatabaseServices } from './databaseFeature';
import { hasSavedConnections } from './mongo/connections/savedConnections';
import type { MongoNode } from './mongo/tree/mongoTreeModel';
import { mayHoldStatements } from './statements/mentionsStatement';

export interface Databases extends vscode.Disposable {
  readonly commands: CommandTable<ExplainCommandName | MongoCommandName>;
  /** Closes what is open on servers; nothing where none was asked. */
  shutDown(): Promise<void>;
}

/**
 * Everything behind it is a chunk that loads when a file with a call that may be a query is shown, or a command runs. It is
 * registered before the lenses of heat: of lenses on one line the editor shows those first that were registered last.
 */
export function registerDatabases(services: DatabaseServices): Databases {
  const { context, setKey } = services;
  const store = new DisposableStore();
  const lensesChanged = store.add(new vscode.EventEmitter<void>());
  const treeChanged = store.add(new vscode.EventEmitter<MongoNode | undefined>());
  const hasConnections = (): boolean => hasSavedConnections(context.globalState);
  setKey('heatlens.hasMongoConnections', hasConnections());

  let feature: DatabaseFeature | undefined;
  let loading: Promise<DatabaseFeature> | undefined;
  const load = (): Promise<DatabaseFeature> =>
    (loading ??= import(/* webpackChunkName: "mongo" */ './createDatabaseFeature.js').then(
      ({ createDatabaseFeature }) => {
        feature = createDatabaseFeature(services, {
          lensesChanged: () => lensesChanged.fire(),
          treeChanged: (node) => treeChanged.fire(node),
          reveal: (node, focus) => void view.reveal(node, { expand: true, select: true, focus }),
        });
        return store.add(feature);
      },
      (error: unknown) => {
        // The next use tries again.
        loading = undefined;
        throw error;
      },
    ));
  const loadFor = async (document: vscode.TextDocument): Promise<DatabaseFeature | undefined> =>
    mayHoldStatements(document) ? (feature ?? load()) : undefined;

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

  return {
    commands: lazyCommands(
      [...explainCommands, ...internalExplainCommands, ...mongoCommands],
      async () => (await load()).commands,
    ),
    shutDown: async () => (await loading)?.shutDown(),
    dispose: () => store.dispose(),
  };
}
