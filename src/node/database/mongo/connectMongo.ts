import { openConnection } from './driverConnection';
import type { MongoConnection } from './mongoConnection';

export interface ConnectOptions {
  readonly signal?: AbortSignal;
  /** As the server's log and profiler name us. */
  readonly appName?: string;
  readonly timeouts?: {
    /** ms until a server must have been found; each command waits as long when the server is gone. */
    readonly selectMs?: number;
    /** ms until a command without a `maxTimeMS` of its own is given up. */
    readonly patienceMs?: number;
  };
}

/**
 * Opens a connection: a small pool that finds its servers again by itself when they were gone. The driver is loaded with the
 * first one. Throws a HeatlensError with cause and next step, within `selectMs` (5 s) or at once when it is aborted.
 */
export async function connectMongo(uri: string, options: ConnectOptions = {}): Promise<MongoConnection> {
  // A chunk of its own: it is larger than all the rest.
  return openConnection(await import(/* webpackChunkName: "mongodb" */ 'mongodb'), uri, options);
}
