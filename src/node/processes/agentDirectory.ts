import { lstat, readdir, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { agentDirectoryOf, agentFileName, agentPipeName, agentThreadOf } from '../../core/protocol/agentProtocol';
import { agentUnsafe } from './agentErrors';

export interface AgentSocket {
  readonly pid: number;
  /** 0 is the main thread. */
  readonly threadId: number;
  /** Path of the socket, on Windows the name of the pipe. */
  readonly socket: string;
}

const isWindows = process.platform === 'win32';

/** Absolute path of the folder in which agents of this user announce themselves; it need not exist. */
export function agentDirectory(): string {
  return agentDirectoryOf({
    platform: process.platform,
    uid: process.geteuid?.(),
    env: process.env,
    homeDirectory: homedir(),
  });
}

/**
 * Threads with an agent that listens, main threads before workers. What dead processes left is removed. Rejects with
 * `agentUnsafe` when the directory is not ours alone; empty when there is none.
 */
export async function listAgentSockets(directory = agentDirectory()): Promise<AgentSocket[]> {
  const names = await trustedNames(directory);
  const found = await Promise.all(names.map((name) => inspectEntry(directory, name)));
  return found.filter((entry) => entry !== undefined).sort((a, b) => a.pid - b.pid || a.threadId - b.threadId);
}

async function trustedNames(directory: string): Promise<string[]> {
  const uid = process.geteuid?.();
  try {
    const found = await lstat(directory);
    if (!found.isDirectory()) throw agentUnsafe(directory, 'it is not a directory');
    if (uid !== undefined && found.uid !== uid) throw agentUnsafe(directory, 'it belongs to another user');
    if (uid !== undefined && (found.mode & 0o077) !== 0) throw agentUnsafe(directory, 'other users can open it');
    return await readdir(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

async function inspectEntry(directory: string, name: string): Promise<AgentSocket | undefined> {
  const thread = agentThreadOf(name);
  if (!thread || name !== agentFileName(thread, process.platform)) return undefined;
  const socket = isWindows ? agentPipeName(thread) : join(directory, name);
  if (await somebodyListens(socket)) {
    // A container may share /tmp with us: what listens under an id that we do not know is none of our processes.
    return isRunning(thread.pid) ? { ...thread, socket } : undefined;
  }
  await rm(join(directory, name), { force: true }).catch(() => undefined);
  return undefined;
}

/** The kernel answers this, also when the thread itself is busy. A pid alone would not tell: they are used again. */
export function somebodyListens(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(socket);
    probe.once('connect', () => {
      probe.destroy();
      resolve(true);
    });
    probe.once('error', (error: NodeJS.ErrnoException) => {
      // EAGAIN: too many connections wait, so it is alive and stuck. Anything unclear must not be removed either.
      resolve(error.code !== 'ECONNREFUSED' && error.code !== 'ENOENT');
    });
  });
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
