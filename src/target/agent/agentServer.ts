import { chmodSync, existsSync, lstatSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { Socket } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { getEnvironmentData, isMainThread, setEnvironmentData, threadId } from 'node:worker_threads';
import { agentDirectoriesOf, agentFileName, agentPipeName } from '../../core/protocol/agentProtocol';
import { requireBuiltin } from './builtins';
import { converse } from './conversation';
import type { Conversation } from './conversation';

/** Workers may get another `env` than the main thread, so the directory is handed to them this way. */
const DIRECTORY_KEY = 'heatlens.agentDirectory';

/** Offers this thread to one client of the same user. Never throws, and never keeps the process alive. */
export function serveThread(): void {
  try {
    const directory = ownDirectory();
    if (process.platform === 'win32') listenOnPipe(directory);
    else listenOnSocket(join(directory, agentFileName({ pid: process.pid, threadId }, process.platform)));
  } catch (error) {
    agentIsOff(error);
  }
}

function ownDirectory(): string {
  const inherited = isMainThread ? undefined : getEnvironmentData(DIRECTORY_KEY);
  const uid = process.geteuid?.();
  const candidates =
    typeof inherited === 'string'
      ? [inherited]
      : agentDirectoriesOf({ platform: process.platform, uid, env: process.env, homeDirectory: homedir() });
  let reason: unknown;
  for (const directory of candidates) {
    try {
      prepare(directory, uid);
      if (isMainThread) setEnvironmentData(DIRECTORY_KEY, directory);
      return directory;
    } catch (error) {
      // That of the place where it is looked for first, unless only the next one exists at all.
      if (!reason || existsSync(directory)) reason = error;
    }
  }
  throw reason;
}

function prepare(directory: string, uid: number | undefined): void {
  try {
    mkdirSync(directory, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST')
      throw new Error(`${directory} cannot be created (${messageOf(error)})`);
  }
  // Whoever may write to the directory could put a socket of their own in our place, hence no symbolic link either.
  const found = lstatSync(directory);
  if (!found.isDirectory())
    throw new Error(`${directory} is not a directory. Remove it, or set HEATLENS_AGENT_DIR to another path`);
  if (uid !== undefined && found.uid !== uid) {
    throw new Error(`${directory} belongs to another user. Set HEATLENS_AGENT_DIR to a path of your own`);
  }
  if (uid !== undefined && (found.mode & 0o777) !== 0o700) {
    throw new Error(
      `${directory} is open to other users. Run chmod 700 ${directory}, or set HEATLENS_AGENT_DIR to another path`,
    );
  }
}

/** Bytes that a socket's path may have on macOS; Linux takes four more. Node 20 cuts a longer one and uses what is left. */
const LONGEST_SOCKET_PATH = 103;

function listenOnSocket(path: string): void {
  if (Buffer.byteLength(path) > LONGEST_SOCKET_PATH) {
    throw new Error(`${path} is too long for a socket. Set HEATLENS_AGENT_DIR to a shorter path`);
  }
  rmSync(path, { force: true }); // left by an ended process that had our id
  listen(
    path,
    undefined,
    () => rmSync(path, { force: true }),
    () => chmodSync(path, 0o600),
  );
}

/** Not measured. Any user may open a named pipe, so the client has to show that it can read the user's own file. */
function listenOnPipe(directory: string): void {
  const thread = { pid: process.pid, threadId };
  const file = join(directory, agentFileName(thread, process.platform));
  const { randomBytes } = requireBuiltin('node:crypto') as typeof import('node:crypto');
  const token = randomBytes(32).toString('hex');
  listen(
    agentPipeName(thread),
    token,
    () => rmSync(file, { force: true }),
    () => {
      rmSync(file, { force: true });
      writeFileSync(file, token, { mode: 0o600, flag: 'wx' });
    },
  );
}

function listen(address: string, token: string | undefined, removeTraces: () => void, onOpen: () => void): void {
  const conversations = new Set<Conversation>();
  let holder: Conversation | undefined;

  const server = createServer((socket: Socket) => {
    const conversation = converse(socket, {
      token,
      claim: () => {
        if (holder) return false;
        holder = conversation;
        return true;
      },
      ended: () => {
        conversations.delete(conversation);
        if (holder === conversation) holder = undefined;
      },
    });
    conversations.add(conversation);
  });
  server.on('error', agentIsOff);
  // Without `exclusive` a worker of node:cluster would ask its primary to listen, and all workers would share one socket.
  server.listen({ path: address, exclusive: true });
  server.unref();
  // Listening on a path is done when `listen` returns, and the application may block the thread right after this.
  try {
    if (server.listening) onOpen();
  } catch (error) {
    server.close();
    throw error;
  }

  process.on('exit', () => {
    for (const conversation of [...conversations]) conversation.exiting();
    try {
      removeTraces();
    } catch {
      // The directory may be gone, or the process has dropped its privileges; whoever lists sockets cleans up.
    }
  });
}

function agentIsOff(error: unknown): void {
  if (!isMainThread) return; // the main thread has said it for the process
  process.stderr.write(`Heatlens agent is off: ${messageOf(error)}.\n`);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
