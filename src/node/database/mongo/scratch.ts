import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { isHeatlensError } from '../../../core/errors';
import { noScratch, takesNoWrites } from '../../../core/database/mongo/errors/experimentErrors';
import { throwIfCancelled } from '../../../core/database/mongo/errors/mongoErrors';
import type { MongoConnection } from './mongoConnection';
import { serverRole } from './serverRole';
import type { EjsonDocument } from '../../../core/ejson/documents';

/** The only database that anything is ever written to. */
export const SCRATCH_DATABASE = 'heatlens_scratch';
const PREFIX = 'heatlens';
/** An index that no document has an entry in: it says that the collection is ours, and costs nothing. */
export const MARKER = 'heatlens_scratch_marker';

const DROP_PATIENCE_MS = 10_000;

/** Names in use by this process: a collection of ours that is not among them was left behind. */
const inUse = new Set<string>();

/** What the name of a temporary collection says about who made it, and when. */
export interface ScratchOwner {
  /** ms since 1970 */
  readonly at: number;
  readonly machine: string;
  readonly pid: number;
}

/** This machine since it was started, as other processes on it see it too; of a container, that container. */
function thisMachine(): string {
  const parts = [hostname()];
  // Process ids mean something only within one boot and one namespace; where these cannot be read, the name has to do.
  for (const read of [
    () => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8'),
    () => readlinkSync('/proc/self/ns/pid'),
  ]) {
    try {
      parts.push(read().trim());
    } catch {
      parts.push('');
    }
  }
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 12);
}

/** Not to be guessed, and telling when, where and by which process it was made. */
export function newScratchName(now = Date.now()): string {
  return [PREFIX, now.toString(36), thisMachine(), process.pid, randomBytes(8).toString('hex')].join('_');
}

/** Null for a name that is not one of ours. */
export function readScratchName(name: string): ScratchOwner | null {
  const [, at, machine, pid] = /^heatlens_([\da-z]{8,9})_([\da-f]{12})_(\d{1,10})_[\da-f]{16}$/.exec(name) ?? [];
  return at === undefined ? null : { at: Number.parseInt(at, 36), machine, pid: Number(pid) };
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** Whether nobody can be using the collection any more: its process on this machine has ended, or it is older than a day. */
export function isAbandoned(name: string, owner: ScratchOwner, now = Date.now()): boolean {
  if (inUse.has(name)) return false;
  if (now - owner.at > DAY_MS) return true;
  if (owner.machine !== thisMachine()) return false;
  return owner.pid === process.pid || !isAlive(owner.pid);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process is one, too.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** Temporary collections of one experiment. */
export interface Scratch {
  /** Makes an empty one and gives its name. */
  newCollection(): Promise<string>;
}

export interface ScratchResult<T> {
  readonly result: T;
  /** Collections that could not be dropped; they are found at the next connect. */
  readonly left: readonly string[];
}

/**
 * Lets `work` make temporary collections and drops them when it is done, has failed or was cancelled. `what` names the
 * experiment in errors. Throws before anything is made when the server takes no writes or the login may not make them.
 */
export async function withScratch<T>(
  connection: MongoConnection,
  what: string,
  work: (scratch: Scratch) => Promise<T>,
  signal?: AbortSignal,
): Promise<ScratchResult<T>> {
  const { isSecondary, isReadOnly } = await serverRole(connection, { signal });
  if (isSecondary || isReadOnly) throw takesNoWrites(what, connection.name, isSecondary);
  const names: string[] = [];
  const newCollection = async (): Promise<string> => {
    throwIfCancelled(signal);
    const name = newScratchName();
    inUse.add(name);
    names.push(name);
    const marker = { key: { [MARKER]: 1 }, name: MARKER, sparse: true };
    try {
      // With the marker from the beginning: there is no moment at which it could not be recognised. Not to be cancelled: what is
      // on its way when it is dropped would make it again.
      await connection.run(SCRATCH_DATABASE, { createIndexes: name, indexes: [marker] }, { readPreference: 'primary' });
    } catch (error) {
      throw isHeatlensError(error, 'mongoNotAuthorised') ? noScratch(what, SCRATCH_DATABASE, error) : error;
    }
    return name;
  };
  let left: string[] = [];
  let result: T;
  try {
    result = await work({ newCollection });
  } finally {
    left = await dropAll(connection, names);
  }
  return { result, left };
}

/** Gives those that could not be dropped. Never throws, and is not cancelled. */
async function dropAll(connection: MongoConnection, names: readonly string[]): Promise<string[]> {
  const left: string[] = [];
  for (const name of names) {
    if (!(await dropScratch(connection, name))) left.push(name);
    inUse.delete(name);
  }
  return left;
}

/** Drops one temporary collection; false when that failed. Refuses any other name. */
export async function dropScratch(connection: MongoConnection, name: string): Promise<boolean> {
  if (!readScratchName(name)) return false;
  const command: EjsonDocument = { drop: name };
  try {
    await connection.run(SCRATCH_DATABASE, command, { readPreference: 'primary', patienceMs: DROP_PATIENCE_MS });
    return true;
  } catch (error) {
    // It may never have been made.
    return isHeatlensError(error, 'mongoUnknownCollection');
  }
}
