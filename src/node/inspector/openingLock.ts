import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:net';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ownFolder } from '../processes/ownFolder';

/** An opening takes a few hundred ms; whoever holds the lock for longer is stuck and must not hold up everybody. */
const PATIENCE_MS = 10_000;

/** Bytes, of macOS; Linux takes four more. */
const LONGEST_SOCKET_PATH = 103;

/** Openings of this process, one after the other. */
let last: Promise<unknown> = Promise.resolve();

/**
 * Runs the task while no other Heatlens of this user opens an inspector, here or in another process: two targets asked
 * at the same time would both want port 9229. The lock is a listening socket: one that nobody answers any more
 * was held by a process that is gone.
 */
export function whileOpeningAlone<T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  const run = async (): Promise<T> => {
    const lock = await acquire(signal);
    try {
      return await task();
    } finally {
      lock?.close();
    }
  };
  const result = last.then(run);
  last = result.catch(() => undefined);
  return result;
}

/** Undefined when it cannot be had: going on without it is better than not attaching at all. */
async function acquire(signal: AbortSignal | undefined): Promise<Server | undefined> {
  const path = lockPath();
  if (path === undefined) return undefined;
  const deadline = performance.now() + PATIENCE_MS;
  while (performance.now() < deadline) {
    signal?.throwIfAborted();
    const server = createServer((socket) => socket.destroy());
    server.unref();
    try {
      server.listen(path);
      await once(server, 'listening');
      return server;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') return undefined;
      await removeIfStale(path);
      await delay(20);
    }
  }
  return undefined;
}

/** In a folder of the user's own: elsewhere another user could hold the lock, and every attach would wait for it. */
function lockPath(): string | undefined {
  const folder = ownFolder();
  if (folder === undefined) return undefined;
  if (process.platform !== 'win32') {
    const path = join(folder, 'opening.sock');
    return Buffer.byteLength(path) <= LONGEST_SOCKET_PATH ? path : undefined;
  }
  // Pipes are one set for all users, and their names are no secret once they are used: so they change.
  return `\\\\.\\pipe\\heatlens-opening-${secretIn(folder)}`;
}

function secretIn(folder: string): string {
  const file = join(folder, 'opening');
  try {
    writeFileSync(file, randomUUID(), { mode: 0o600, flag: 'wx' });
  } catch {
    // Another Heatlens of this user has made it.
  }
  return readFileSync(file, 'utf8');
}

/** A killed process leaves its socket's file behind, which nobody answers. */
async function removeIfStale(path: string): Promise<void> {
  if (process.platform === 'win32' || (await isAnswered(path))) return;
  // Another one may have done so, and taken the lock, since it was asked: what was moved away must be as dead.
  const aside = `${path}.${randomUUID()}`;
  try {
    renameSync(path, aside);
    if (await isAnswered(aside)) linkSync(aside, path);
  } catch {
    // Somebody was quicker.
  } finally {
    rmSync(aside, { force: true });
  }
}

async function isAnswered(path: string): Promise<boolean> {
  const probe = connect(path);
  try {
    await once(probe, 'connect');
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ECONNREFUSED';
  } finally {
    probe.destroy();
  }
}
