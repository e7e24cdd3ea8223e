import { rememberUri } from '../../../core/database/mongo/connection/secrets';
import { openConnection } from './driverConnection';
import type { MongoConnection } from './mongoConnection';

export interface ConnectOptions {
  readonly signal?: AbortSignal;
  /** As the server's log and profiler name us. */
  readonly appName?: string;
  /** `host:port` of hosts that may be talked to besides those that the string names: members of its replica set. */
  readonly allowHosts?: readonly string[];
  /** Whether a login may go to another machine without TLS. */
  readonly allowPlainLogin?: boolean;
  readonly timeouts?: {
    /** ms until a server must have been found; each command waits as long when the server is gone. */
    readonly selectMs?: number;
    /** ms until a command without a `maxTimeMS` of its own is given up. */
    readonly patienceMs?: number;
  };
}

/**
 * Opens a connection: a small pool that finds its servers again by itself when they were gone. The driver is loaded with the
 * first one. Only hosts that the string names are talked to, and those that the user has allowed. Throws a HeatlensError with cause
 * and next step, within `selectMs` (5 s) or at once when it is aborted.
 */
export async function connectMongo(uri: string, options: ConnectOptions = {}): Promise<MongoConnection> {
  rememberUri(uri);
  // A chunk of its own: it is larger than all the rest.
  const [driver, internals] = await Promise.all([
    import(/* webpackChunkName: "mongodb" */ 'mongodb'),
    import(/* webpackChunkName: "mongodb" */ 'mongodb/lib/cmap/connection.js'),
  ]);
  return openConnection({ driver, internals }, uri, options);
}
