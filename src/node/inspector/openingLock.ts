import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import type { Server } from 'node:net';
import { connect, createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** An opening takes a few hundred ms; whoever holds the lock for longer is stuck and must not hold up everybody. */
const PATIENCE_MS = 10_000;

/** Openings of this process, one after the other. */
let last: Promise<unknown> = Promise.resolve();

/**
 * Runs the task while no other Heatlens of this user opens an inspector, here or in another process: two targets asked
 * at the same time would both want port 9229. The lock is a listening socket, which the system frees when we are killed.
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

function lockPath(): string {
  const user = process.getuid?.() ?? userInfo().username;
  if (process.platform === 'win32') return `\\\\.\\pipe\\heatlens-opening-${user}`;
  // Names that start with a null byte exist in the kernel only, one set for each network, as with ports.
  return process.platform === 'linux' ? `\0heatlens-opening-${user}` : join(tmpdir(), `heatlens-opening-${user}.sock`);
}

/** A killed process leaves its socket's file behind, which nobody answers. */
async function removeIfStale(path: string): Promise<void> {
  if (process.platform === 'linux' || process.platform === 'win32') return;
  const probe = connect(path);
  try {
    await once(probe, 'connect');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ECONNREFUSED') await rm(path, { force: true });
  } finally {
    probe.destroy();
  }
}
