import * as vscode from 'vscode';
import { errorText, isHeatlensError } from '../../../../core/errors';
import {
  collectionDetails,
  listCollections,
  type CollectionEntry,
} from '../../../../node/database/mongo/collectionList';
import type { MongoConnection } from '../../../../node/database/mongo/mongoConnection';
import { commandId } from '../../../contributions';
import { treeItem } from '../../../messages/items';
import type { OpenConnections } from '../connections/openConnections';
import type { SavedConnections } from '../connections/savedConnections';
import {
  collectionRow,
  collectionRows,
  connectionRow,
  databaseRow,
  messageRow,
  type MongoNode,
} from './mongoTreeModel';

export interface MongoTreeServices {
  readonly saved: SavedConnections;
  readonly open: OpenConnections;
  profiler(connection: MongoConnection, parent: MongoNode): Promise<readonly MongoNode[]>;
  folder(): string;
  /** Shows a row, unfolded; `focus` takes the keyboard there. */
  reveal(node: MongoNode, focus: boolean): void;
  log(text: string): void;
}

/** Rows of the MongoDB view. A server is asked when a row is unfolded, and again when the view is refreshed. */
export class MongoTree {
  /** New in each window, see `connectionRow`. */
  private readonly session = Date.now().toString(36);
  private readonly shown = new WeakSet<object>();

  constructor(private readonly services: MongoTreeServices) {}

  async children(node: MongoNode | undefined): Promise<MongoNode[]> {
    if (!node) return this.connections();
    try {
      return await this.rowsOf(node);
    } catch (error) {
      this.services.log(`${node.label}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      return isHeatlensError(error)
        ? [messageRow(node, error.message, error.oneLine)]
        : [messageRow(node, errorText(error))];
    }
  }

  /** Whether it is a row that the view was given: commands get those from its menus, and from links whatever these like. */
  isRow(node: unknown): node is MongoNode {
    return typeof node === 'object' && node !== null && this.shown.has(node);
  }

  item(node: MongoNode): vscode.TreeItem {
    this.shown.add(node);
    const { None, Collapsed } = vscode.TreeItemCollapsibleState;
    const { id, label, tooltip } = node;
    const description = node.until === undefined ? node.description : countdown(node.until);
    const spoken = [label, node.description].filter(Boolean).join(', ');
    const item = treeItem({ id, label, description, tooltip, spoken }, node.expandable ? Collapsed : None);
    item.contextValue = node.context;
    if (node.shape) item.command = { title: '', command: commandId('findShapeStatements'), arguments: [node] };
    if (node.icon)
      item.iconPath = new vscode.ThemeIcon(
        node.icon,
        node.icon === 'warning' ? new vscode.ThemeColor('list.warningForeground') : undefined,
      );
    return item;
  }

  /** Unfolds a collection in the view. */
  showCollection(id: string, database: string, entry: CollectionEntry): void {
    this.services.reveal(collectionRow(this.databaseNode(id, database), entry), true);
  }

  showProfiler(id: string, database: string, { focus }: { readonly focus: boolean }): void {
    this.services.reveal(profilerRow(this.databaseNode(id, database)), focus);
  }

  /** A row with those above it, as unfolding would have made them: what the view is asked to show. */
  private databaseNode(id: string, database: string): MongoNode {
    const status = this.services.open.status(id) ?? { id, name: id, state: 'closed', closed: 0 };
    return databaseRow(connectionRow(status, false, this.session), database, false);
  }

  private connections(): MongoNode[] {
    const used = this.services.saved.choice(this.services.folder())?.id;
    return this.services.open.list().map((status) => connectionRow(status, status.id === used, this.session));
  }

  private async rowsOf(node: MongoNode): Promise<MongoNode[]> {
    const { open, saved, folder } = this.services;
    if (!node.expandable) return [];
    // A row that stays unfolded asks again with each change of the view: what failed is tried again by Refresh, or by a use.
    const { state, connection: opened, failure } = open.status(node.connection) ?? {};
    if (state === 'failed' && !opened && failure !== undefined) return [messageRow(node, failure)];
    const connection = await open.get(node.connection);
    const choice = saved.choice(folder());
    if (node.kind === 'connection') {
      const used = choice?.id === node.connection ? (choice.database ?? connection.defaultDatabase) : undefined;
      const names = await connection.databases();
      return names.length
        ? names.map((name) => databaseRow(node, name, name === used))
        : [messageRow(node, vscode.l10n.t('No databases'))];
    }
    const { database = '', entry } = node;
    if (node.kind === 'database') {
      const rest: MongoNode[] = [];
      const onCut = (text: string): void => void rest.push(messageRow(node, text));
      const all = await listCollections(connection, database, { onCut });
      const rows = [...all.map((each) => collectionRow(node, each)), ...rest];
      return [profilerRow(node), ...(rows.length ? rows : [messageRow(node, vscode.l10n.t('No collections'))])];
    }
    if (entry)
      return collectionRows(
        node,
        entry,
        entry.type === 'view' ? undefined : await collectionDetails(connection, database, entry.name),
      );
    return node.kind === 'profiler' ? [...(await this.services.profiler(connection, node))] : [];
  }
}

function countdown(until: number): string {
  const seconds = Math.max(0, Math.ceil((until - Date.now()) / 1000));
  return vscode.l10n.t('switched back in {0}:{1}', Math.floor(seconds / 60), String(seconds % 60).padStart(2, '0'));
}

function profilerRow(database: MongoNode): MongoNode {
  return {
    id: `${database.id}#profiler`,
    kind: 'profiler',
    label: vscode.l10n.t('Profiler'),
    icon: 'dashboard',
    context: 'mongoProfiler',
    expandable: true,
    parent: database,
    connection: database.connection,
    database: database.database,
  };
}
