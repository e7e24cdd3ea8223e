import { isHeatlensError } from '../../../core/errors';
import type { MongoConnection, RunOptions } from './mongoConnection';
import type { EjsonDocument } from '../../../core/ejson/documents';

export interface ServerRole {
  /** A member of a replica set that takes no writes: a secondary, or one that is neither. */
  readonly isSecondary: boolean;
  /** Takes writes from nobody. */
  readonly isReadOnly: boolean;
}

/** What the server that would take a write is at this moment. */
export async function serverRole(connection: MongoConnection, options: RunOptions = {}): Promise<ServerRole> {
  const reply = await greeting(connection, { ...options, readPreference: 'primary' });
  return {
    isSecondary: reply.secondary === true || reply.isWritablePrimary === false || reply.ismaster === false,
    isReadOnly: reply.readOnly === true,
  };
}

/** Servers before 4.4.2 know the greeting by its old name only. */
async function greeting(connection: MongoConnection, options: RunOptions): Promise<EjsonDocument> {
  try {
    return await connection.run('admin', { hello: 1 }, options);
  } catch (error) {
    if (!isHeatlensError(error, 'mongoUnsupported')) throw error;
    return connection.run('admin', { isMaster: 1 }, options);
  }
}
