import * as vscode from 'vscode';
import { statementAt } from '../../../../core/database/mongo/calls/findStatements';
import { listCollections, type CollectionEntry } from '../../../../node/database/mongo/collectionList';
import { requireTrust } from '../../../trust';
import { activeFolder } from '../connections/folderOf';
import type { MongoFeature } from '../../mongoFeature';
import type { MongoNode } from './mongoTreeModel';
import { noCollections } from '../../databaseErrors';

/** Unfolds a collection in the view: the given one, that of the query at the cursor, else one that is asked for. */
export async function showCollection(feature: MongoFeature, node: Partial<MongoNode>): Promise<void> {
  requireTrust();
  const place = await databasePlace(feature, node);
  if (!place) return;
  const { id, database } = place;
  const connection = await feature.connections.open.get(id);
  const all = await listCollections(connection, database);
  const named = node.collection ?? collectionAtCursor(feature);
  const known = all.find(({ name }) => name === named) ?? (await pick(all, named));
  if (!known) return;
  feature.reveal(feature.tree.collectionNode(id, database, known));
}

/** The connection and database that a command is about; asked for where they are not known. */
export async function databasePlace(
  { connections }: MongoFeature,
  node: Partial<MongoNode>,
): Promise<{ readonly id: string; readonly database: string } | undefined> {
  const folder = activeFolder();
  const id = node.connection ?? (connections.saved.choice(folder) ?? (await connections.pickFor(folder)))?.id;
  if (id === undefined) return undefined;
  const chosen = connections.saved.choice(folder);
  const { defaultDatabase } = await connections.open.get(id);
  const database =
    node.database ??
    (chosen?.id === id ? chosen.database : undefined) ??
    defaultDatabase ??
    (await connections.pickDatabaseFor(folder, id));
  return database === undefined ? undefined : { id, database };
}

function collectionAtCursor({ model }: MongoFeature): string | undefined {
  const editor = vscode.window.activeTextEditor;
  if (!editor) return undefined;
  const { line, character } = editor.selection.active;
  return statementAt(model.statementsOf(editor.document), { line, column: character })?.collection ?? undefined;
}

async function pick(all: readonly CollectionEntry[], named: string | undefined): Promise<CollectionEntry | undefined> {
  if (!all.length) throw noCollections();
  const items = all.map((one) => ({ label: one.name, description: one.type === 'collection' ? '' : one.type, one }));
  const placeHolder =
    named === undefined ? vscode.l10n.t('Collection') : vscode.l10n.t('There is no collection {0}; choose one', named);
  return (await vscode.window.showQuickPick(items, { placeHolder }))?.one;
}
