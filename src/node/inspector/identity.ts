import { isHeatlensError } from '../../core/errors';
import { heldByDebugger, notAnInspector } from './inspectorErrors';
import type { Channel } from '../channel';
import { evaluate } from './evaluate';

/** What a process says about itself. */
export interface Identity {
  /** As the process sees it; undefined while it waits for a debugger before its first line (`--inspect-brk`). */
  readonly pid?: number;
  readonly version: string;
  readonly execArgv: readonly string[];
  readonly argv: readonly string[];
  readonly cwd: string;
}

/** Rejects with `notAnInspector` when what answers is no Node process (a browser, another runtime). */
export async function identify(channel: Channel, where: string): Promise<Identity> {
  const identity = await evaluate<Identity | null>(
    channel,
    `typeof process !== 'object' || !process.versions?.node ? null : ({
      pid: process.pid, version: process.version, cwd: process.cwd(),
      execArgv: process.execArgv ?? [], argv: process.argv ?? [] })`,
  );
  if (!identity) throw notAnInspector(where, 'no Node process answers behind it');
  return identity;
}

/**
 * Throws `heldByDebugger` when the process is paused. A paused target answers, but its event loop stands still and it
 * uses no processor time: that tells it from a busy one without the Debugger domain. `what` starts a sentence.
 */
export async function checkRunning(
  channel: Channel,
  identity: Identity,
  what: string,
  signal?: AbortSignal,
): Promise<void> {
  if (identity.pid === undefined) throw heldByDebugger(what);
  const cpuMicroseconds = '(({ user, system }) => user + system)(process.cpuUsage())';
  for (let look = 0; look < 3; look++) {
    signal?.throwIfAborted();
    const before = await evaluate<number>(channel, cpuMicroseconds);
    const startedAt = performance.now();
    if (await eventLoopTurns(channel, 700)) return;
    const used = (await evaluate<number>(channel, cpuMicroseconds)) - before;
    if (used > (performance.now() - startedAt) * 1000 * 0.2) return;
  }
  throw heldByDebugger(what);
}

async function eventLoopTurns(channel: Channel, timeoutMs: number): Promise<boolean> {
  const turn = `new Promise((resolve) => (process.getBuiltinModule ? process.getBuiltinModule('timers') : require('timers'))
    .setImmediate(resolve, true))`;
  try {
    return await evaluate<boolean>(channel, turn, { awaitPromise: true, timeoutMs });
  } catch (error) {
    if (isHeatlensError(error, 'noAnswer')) return false;
    throw error;
  }
}
