import type * as vscode from 'vscode';
import type { CommandTable, ExplainCommandName, MongoCommandName } from '../contributions';
import type { Log } from '../messages/log';
import type { Notify } from '../messages/notify';
import type { RecordingHost } from '../recording/recordingHost';
import type { SetContextKey } from '../settings/contextKeys';
import type { MongoNode } from './mongo/tree/mongoTreeModel';

/** What everything about databases gets of the extension. */
export interface DatabaseServices {
  readonly context: vscode.ExtensionContext;
  readonly host: RecordingHost;
  readonly setKey: SetContextKey;
  readonly notify: Notify;
  readonly log: Log;
}

/** What the feature tells those who registered it. */
export interface DatabaseEvents {
  lensesChanged(): void;
  /** A row of the view, or all where none is given. */
  treeChanged(node: MongoNode | undefined): void;
  /** Shows a row of the view, unfolded; `focus` takes the keyboard there. */
  reveal(node: MongoNode, focus: boolean): void;
}

/** Everything about databases: loaded by the first use, so that registering it costs nothing. */
export interface DatabaseFeature extends vscode.Disposable {
  readonly commands: CommandTable<ExplainCommandName | MongoCommandName>;
  readonly tree: {
    children(node: MongoNode | undefined): Promise<MongoNode[]>;
    item(node: MongoNode): vscode.TreeItem;
  };
  lenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]>;
  hover(document: vscode.TextDocument, position: vscode.Position): vscode.Hover | undefined;
  actions(
    document: vscode.TextDocument,
    range: vscode.Range,
    diagnostics: readonly vscode.Diagnostic[],
  ): Promise<vscode.CodeAction[]>;
  /** Fills a plan view that the editor brings back. */
  revive(panel: vscode.WebviewPanel, state: unknown): Promise<void>;
  /** Closes what is open on servers. */
  shutDown(): Promise<void>;
}
