import { isHeatlensError } from '../../../core/errors';
import type { MongoConnection, RunOptions } from './mongoConnection';
import { dropScratch, isAbandoned, MARKER, readScratchName, SCRATCH_DATABASE } from './scratch';

/**
 * Drops temporary collections that an ended process left behind, and their database when nothing is left in it. Only what has
 * our name, our marker and no owner any more; gives their names. For each new connection: where the login may not look, or the
 * server takes no writes, there is nothing to do.
 */
export async function removeLeftovers(
  connection: MongoConnection,
  options: RunOptions & { readonly now?: number } = {},
): Promise<readonly string[]> {
  const { now = Date.now(), ...run } = options;
  const removed: string[] = [];
  try {
    for (const name of await scratchCollections(connection, run)) {
      const owner = readScratchName(name);
      if (!owner || !isAbandoned(name, owner, now) || !(await hasMarker(connection, name, run))) continue;
      if (await dropScratch(connection, name)) removed.push(name);
    }
    if (removed.length) await dropEmptyDatabase(connection, run);
  } catch (error) {
    if (!isHeatlensError(error, 'mongoNotAuthorised', 'mongoNotPrimary', 'mongoUnsupported')) throw error;
  }
  return removed;
}

/** Of every kind: also a view of somebody keeps the database from being dropped. */
async function scratchCollections(connection: MongoConnection, options: RunOptions): Promise<string[]> {
  const names: string[] = [];
  const list = { listCollections: 1, nameOnly: true, cursor: {} };
  for await (const { name } of connection.documents(SCRATCH_DATABASE, list, { ...options, readPreference: 'primary' }))
    names.push(String(name));
  return names;
}

async function hasMarker(connection: MongoConnection, name: string, options: RunOptions): Promise<boolean> {
  try {
    const indexes = connection.documents(
      SCRATCH_DATABASE,
      { listIndexes: name, cursor: {} },
      { ...options, readPreference: 'primary' },
    );
    for await (const index of indexes) if (index.name === MARKER) return true;
  } catch (error) {
    // Somebody else has just dropped it.
    if (!isHeatlensError(error, 'mongoUnknownCollection')) throw error;
  }
  return false;
}

/**
 * MongoDB forgets a database with its last collection; others keep it. It is dropped only where it is still listed, since
 * another process may be about to make a collection in it.
 */
async function dropEmptyDatabase(connection: MongoConnection, options: RunOptions): Promise<void> {
  if ((await scratchCollections(connection, options)).length > 0) return;
  if (!(await connection.databases(options)).includes(SCRATCH_DATABASE)) return;
  await connection.run(SCRATCH_DATABASE, { dropDatabase: 1 }, { ...options, readPreference: 'primary' });
}
