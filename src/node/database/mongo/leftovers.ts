import { asDocument, asText } from '../../../core/ejson/documents';
import { isHeatlensError } from '../../../core/errors';
import type { MongoConnection, RunOptions } from './mongoConnection';
import { dropScratch, isAbandoned, MARKER, readScratchName, SCRATCH_DATABASE } from './scratch';

/** Collections of the scratch database that are looked at, and indexes of one of them. */
const MOST_LOOKED_AT = 10_000;
const MOST_INDEXES = 500;

/**
 * Drops temporary collections that an ended process left behind, one by one: only a collection that has our name, our marker and no
 * owner any more; gives their names. Views, and whatever else lies in that database, stay, and so does the database: it may be
 * somebody's by now. For each new connection: where the login may not look, or the server takes no writes, there is nothing to do.
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
  } catch (error) {
    if (!isHeatlensError(error, 'mongoNotAuthorised', 'mongoNotPrimary', 'mongoUnsupported')) throw error;
  }
  return removed;
}

async function scratchCollections(connection: MongoConnection, options: RunOptions): Promise<string[]> {
  const names: string[] = [];
  const list = { listCollections: 1, nameOnly: true, cursor: {} };
  const walk = { ...options, readPreference: 'primary', most: MOST_LOOKED_AT, onCut: () => undefined } as const;
  for await (const { name, type } of connection.documents(SCRATCH_DATABASE, list, walk)) {
    // Servers before 3.4 have collections only, and do not say so.
    if (type === 'collection' || type === undefined) names.push(asText(name) ?? '');
  }
  return names;
}

async function hasMarker(connection: MongoConnection, name: string, options: RunOptions): Promise<boolean> {
  const walk = { ...options, readPreference: 'primary', most: MOST_INDEXES, onCut: () => undefined } as const;
  try {
    for await (const index of connection.documents(SCRATCH_DATABASE, { listIndexes: name, cursor: {} }, walk)) {
      const key = Object.keys(asDocument(index.key) ?? {});
      if (index.name === MARKER && key.length === 1 && key[0] === MARKER) return true;
    }
  } catch (error) {
    // Somebody else has just dropped it, or made a view of that name.
    if (!isHeatlensError(error, 'mongoUnknownCollection', 'mongoView')) throw error;
  }
  return false;
}
