import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { CursorTable } from './commands/cursors';
import { runCommand } from './commands/dispatch';
import type { ServerState } from './commands/dispatch';
import { Operations } from './commands/operations';
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
export async function startEmbeddedMongo({
  port = 0,
  host = '127.0.0.1',
}: EmbeddedMongoOptions = {}): Promise<EmbeddedMongo> {
  if (!LOOPBACK.test(host))
    throw new Error(
      `The embedded server listens on loopback only, not on ${host}. Leave out the host, or use MongoDB.`,
    );
  const state: ServerState = {
    store: new Store(),
    cursors: new CursorTable(),
    operations: new Operations(),
    connections: { current: 0, total: 0 },
  };
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    state.connections.current++;
    socket.once('close', () => {
      sockets.delete(socket);
      state.connections.current--;
    });
    serve(socket, state, ++state.connections.total);
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

/** Requests of one connection that wait for their turn before no more are read from it. */
const MAX_WAITING = 16;

function serve(socket: Socket, state: ServerState, connection: number): void {
  const splitter = new MessageSplitter();
  const waiting: Buffer[] = [];
  let working = false;
  const work = async () => {
    if (working) return;
    working = true;
    for (let message = waiting.shift(); message && !socket.destroyed; message = waiting.shift()) {
      const request = parseMessage(message);
      const reply = await runCommand(request.body, state, connection);
      if (waiting.length < MAX_WAITING) socket.resume();
      if (request.wantsReply && !socket.destroyed) socket.write(formatReply(request, reply));
    }
    working = false;
  };
  socket.setNoDelay(true);
  // The other side may go at any moment; `close` follows and cleans up.
  socket.on('error', () => socket.destroy());
  socket.on('close', () => state.operations.killAll(connection));
  socket.on('data', (chunk: Buffer) => {
    try {
      waiting.push(...splitter.add(chunk));
    } catch {
      // What is not a message of the protocol cannot be answered: the connection ends, as a server does it.
      socket.destroy();
      return;
    }
    if (waiting.length >= MAX_WAITING) socket.pause();
    work().catch(() => socket.destroy());
  });
}
