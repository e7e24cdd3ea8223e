// A server that answers as it is told, for what the embedded one never says: refused logins, look-alikes, silence.
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { formatReply, MessageSplitter, parseMessage } from '../../../../../demo/embedded-mongo/src/wire/messages';

type Doc = Record<string, unknown>;

export interface FakeServer {
  readonly uri: string;
  readonly port: number;
  /** Names of the commands that came, in order; the driver's own greetings are left out. */
  readonly seen: readonly Doc[];
  /** How often somebody connected. */
  readonly visits: () => number;
  /** Cuts all connections and listens on. */
  cut(): void;
  close(): Promise<void>;
}

const HELLO = {
  ok: 1,
  ismaster: true,
  isWritablePrimary: true,
  maxBsonObjectSize: 16777216,
  maxMessageSizeBytes: 48000000,
  maxWriteBatchSize: 100000,
  minWireVersion: 0,
  maxWireVersion: 21,
  readOnly: false,
};

/** `answer` gives the reply to a command, undefined to stay silent; `hello` is what is added to the greeting. */
export async function startFakeServer(
  answer: (command: Doc) => Doc | undefined,
  hello: Doc | (() => Doc) = {},
  host = '127.0.0.1',
): Promise<FakeServer> {
  let visits = 0;
  const sockets = new Set<Socket>();
  const seen: Doc[] = [];
  const server = createServer((socket) => {
    sockets.add(socket);
    visits++;
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    const splitter = new MessageSplitter();
    socket.on('data', (chunk: Buffer) => {
      for (const message of splitter.add(chunk)) {
        const request = parseMessage(message);
        const [name] = Object.keys(request.body);
        const greeting = /^(hello|ismaster)$/i.test(name);
        if (!greeting && !/^(endSessions|ping)$/.test(name)) seen.push(request.body);
        const reply = greeting
          ? { ...HELLO, ...(typeof hello === 'function' ? hello() : hello) }
          : (answer(request.body) ?? (name === 'endSessions' ? { ok: 1 } : undefined));
        if (request.wantsReply && reply) socket.write(formatReply(request, reply));
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const { port } = server.address() as AddressInfo;
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    uri: `mongodb://${host}:${port}`,
    port,
    seen,
    visits: () => visits,
    cut,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        cut();
      }),
  };
}
