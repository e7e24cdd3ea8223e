import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { CursorTable } from './commands/cursors';
import { runCommand } from './commands/dispatch';
import { Store } from './storage/store';
import { formatReply, MessageSplitter, parseMessage } from './wire/messages';

/** A running embedded server. */
export interface EmbeddedMongo {
  readonly uri: string;
  readonly port: number;
  /** Ends all connections and stops listening; everything it held is gone. */
  close(): Promise<void>;
}

export interface EmbeddedMongoOptions {
  /** 0 or nothing takes a free port. */
  readonly port?: number;
  /** A loopback address; 127.0.0.1 when not given. */
  readonly host?: string;
}

const LOOPBACK = /^(?:127(?:\.\d{1,3}){3}|localhost|::1)$/;

/** Starts a server on a loopback address; throws for any other address and when the port is taken. */
export async function startEmbeddedMongo({ port = 0, host = '127.0.0.1' }: EmbeddedMongoOptions = {}): Promise<EmbeddedMongo> {
  if (!LOOPBACK.test(host)) throw new Error(`The embedded server listens on loopback only, not on ${host}. Leave out the host, or use MongoDB.`);
  const store = new Store();
  const cursors = new CursorTable();
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    serve(socket, store, cursors, ++connections);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.removeListener('error', reject);
      resolve();
    });
  });
  const address = server.address() as AddressInfo;
  const shown = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return {
    port: address.port,
    uri: `mongodb://${shown}:${address.port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function serve(socket: Socket, store: Store, cursors: CursorTable, connection: number): void {
  const splitter = new MessageSplitter();
  socket.setNoDelay(true);
  // The other side may go at any moment; `close` follows and cleans up.
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk: Buffer) => {
    try {
      for (const message of splitter.add(chunk)) {
        const request = parseMessage(message);
        const reply = runCommand(request.body, store, cursors, connection);
        if (request.wantsReply) socket.write(formatReply(request, reply));
      }
    } catch {
      // What is not a message of the protocol cannot be answered: the connection ends, as a server does it.
      socket.destroy();
    }
  });
}
