import { lstat, readdir, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { isHeatlensError } from '../../core/errors';
import { agentDirectoriesOf, agentFileName, agentPipeName, agentThreadOf } from '../../core/protocol/agentProtocol';
import { agentUnsafe } from './agentErrors';
import { whyNotOwn } from './whyNotOwn';

export interface AgentSocket {
  readonly pid: number;
  /** 0 is the main thread. */
  readonly threadId: number;
  /** Path of the socket, on Windows the name of the pipe. */
  readonly socket: string;
}

const isWindows = process.platform === 'win32';

/** Absolute paths of the folders in which agents of this user announce themselves; they need not exist. */
export function agentDirectories(): string[] {
  return agentDirectoriesOf({
    platform: process.platform,
    uid: process.geteuid?.(),
    env: process.env,
    homeDirectory: homedir(),
  });
}

export interface FoundAgents {
  readonly sockets: readonly AgentSocket[];
  /** One line for each folder that is not trusted: no agents, then, and no reason to fail. */
  readonly notes: readonly string[];
}

/** Those of all folders; one that is another user's is passed over. */
export async function findAgents(): Promise<FoundAgents> {
  const sockets: AgentSocket[] = [];
  const notes: string[] = [];
  for (const directory of agentDirectories()) {
    try {
      sockets.push(...(await listAgentSockets(directory)));
    } catch (error) {
      if (!isHeatlensError(error)) throw error;
      notes.push(error.oneLine);
    }
  }
  return { sockets: sockets.sort(byThread), notes };
}

/**
 * Threads with an agent that listens, main threads before workers. What dead processes left is removed. Rejects with
 * `agentUnsafe` when the directory is not ours alone; empty when there is none, or none that we may look for.
 */
export async function listAgentSockets(directory: string): Promise<AgentSocket[]> {
  const names = await trustedNames(directory);
  const found = await Promise.all(names.map((name) => inspectEntry(directory, name)));
  return found.filter((entry) => entry !== undefined).sort(byThread);
}

function byThread(a: AgentSocket, b: AgentSocket): number {
  return a.pid - b.pid || a.threadId - b.threadId;
}

/** Another user's run time folder may not even be looked into: there is nothing of ours in it. */
const NONE_THERE = new Set(['ENOENT', 'ENOTDIR', 'EACCES']);

async function trustedNames(directory: string): Promise<string[]> {
  try {
    const reason = whyNotOwn(await lstat(directory));
    if (reason) throw agentUnsafe(directory, reason);
    return await readdir(directory);
  } catch (error) {
    if (NONE_THERE.has((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
}

async function inspectEntry(directory: string, name: string): Promise<AgentSocket | undefined> {
  const thread = agentThreadOf(name);
  if (!thread || name !== agentFileName(thread, process.platform)) return undefined;
  if (!isWindows && !(await isOurSocket(join(directory, name)))) return undefined;
  const socket = isWindows ? agentPipeName(thread) : join(directory, name);
  if (await somebodyListens(socket)) {
    // A container may share /tmp with us: what listens under an id that we do not know is none of our processes.
    return isRunning(thread.pid) ? { ...thread, socket } : undefined;
  }
  await rm(join(directory, name), { force: true }).catch(() => undefined);
  return undefined;
}

async function isOurSocket(path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => undefined);
  return found !== undefined && found.isSocket() && found.uid === process.geteuid?.();
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
