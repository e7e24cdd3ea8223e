// What `guardedConnections` needs of the driver beyond what it documents; a test holds the installed version to it.
declare module 'mongodb/lib/cmap/connection.js' {
  import type { Transform } from 'node:stream';

  export interface DriverConnectionOptions {
    readonly hostAddress: { toString(): string };
  }

  /** One socket to a server, for the pool and for watching it. */
  export class Connection {
    constructor(stream: unknown, options: DriverConnectionOptions);
    /** `host:port` */
    readonly address: string;
    /** Makes messages of bytes, one chunk each. */
    readonly messageStream: Transform;
    /** A document where no type of response is given. */
    command(namespace: unknown, command: object, options?: unknown, responseType?: unknown): Promise<unknown>;
  }
}
