import * as vscode from 'vscode';
import { listCollections, type CollectionEntry } from '../../../../node/database/mongo/collectionList';
import { pickOne } from '../../../messages/questions';
import { requireTrust } from '../../../workspace/trust';
import { findStatementAtCursor } from '../../statements/findStatement';
import type { StatementModel } from '../../statements/statementModel';
import { databasePlace } from '../connections/databasePlace';
import type { MongoConnections } from '../connections/mongoConnections';
import type { MongoTree } from './mongoTree';
import type { MongoNode } from './mongoTreeModel';
import { noCollections } from '../../errors/databaseErrors';

export interface CollectionServices {
  readonly connections: MongoConnections;
  readonly tree: MongoTree;
  readonly statements: StatementModel;
}

/** Unfolds a collection in the view: the given one, that of the query at the cursor, else one that is asked for. */
export async function showCollection(
  { connections, tree, statements }: CollectionServices,
  node: Partial<MongoNode>,
): Promise<void> {
  requireTrust();
  const place = await databasePlace(connections, node);
  if (!place) return;
  const { id, database } = place;
  const connection = await connections.open.get(id);
  // The view says where the list is cut off.
  const all = await listCollections(connection, database, { onCut: () => undefined });
  const named = node.collection ?? (await findStatementAtCursor(statements))?.statement.collection ?? undefined;
  const known = all.find(({ name }) => name === named) ?? (await pick(all, named));
  if (known) tree.showCollection(id, database, known);
}

async function pick(all: readonly CollectionEntry[], named: string | undefined): Promise<CollectionEntry | undefined> {
  if (!all.length) throw noCollections();
  const items = all.map((one) => ({ label: one.name, description: one.type === 'collection' ? '' : one.type, one }));
  const placeHolder =
    named === undefined ? vscode.l10n.t('Collection') : vscode.l10n.t('There is no collection {0}; choose one', named);
  return (await pickOne(items, { placeHolder }))?.one;
}
