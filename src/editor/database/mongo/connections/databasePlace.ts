import { activeFolder } from '../../connections/folderOf';
import type { MongoConnections } from './mongoConnections';

export interface DatabasePlace {
  /** Of the connection. */
  readonly id: string;
  readonly database: string;
}

/** The connection and database that a command is about: those of a row; asked for where they are not known. */
export async function databasePlace(
  connections: MongoConnections,
  row: { readonly connection?: string; readonly database?: string },
): Promise<DatabasePlace | undefined> {
  const folder = activeFolder();
  const id = row.connection ?? (connections.saved.choice(folder) ?? (await connections.pickFor(folder)))?.id;
  if (id === undefined) return undefined;
  const chosen = connections.saved.choice(folder);
  const { defaultDatabase } = await connections.open.get(id);
  const database =
    row.database ??
    (chosen?.id === id ? chosen.database : undefined) ??
    defaultDatabase ??
    (await connections.pickDatabaseFor(folder, id));
  return database === undefined ? undefined : { id, database };
}
