import { isHeatlensError } from '../../core/errors';
import type { TargetIdentity } from '../../core/protocol/targetFunctions';
import type { Channel } from '../channel';
import { callTarget } from './callTarget';
import { heldByDebugger, notAnInspector } from './inspectorErrors';
import { oldNode, otherRuntime } from './processErrors';

/** The first that is kept up by its makers; its V8 and those after it are what is tested. */
const OLDEST_NODE = 20;

/** Rejects when what answers is no Node process (a browser, another runtime), or one that is too old. */
export async function identify(channel: Channel, where: string): Promise<TargetIdentity> {
  const identity = await callTarget(channel, 'identify', []);
  if (!identity) throw notAnInspector(where, 'no Node process answers behind it');
  if (identity.otherRuntime) throw otherRuntime(where, identity.otherRuntime);
  const major = Number(/^v(\d+)\./.exec(identity.version)?.[1] ?? NaN);
  if (major < OLDEST_NODE) throw oldNode(where, identity.version);
  return identity;
}

/**
 * Throws `heldByDebugger` when the process is paused. A paused target answers, but its event loop stands still and it
 * uses no processor time: that tells it from a busy one without the Debugger domain. `what` starts a sentence.
 */
export async function checkRunning(
  channel: Channel,
  identity: TargetIdentity,
  what: string,
  signal?: AbortSignal,
): Promise<void> {
  if (identity.pid === undefined) throw heldByDebugger(what);
  for (let look = 0; look < 3; look++) {
    signal?.throwIfAborted();
    const before = await callTarget(channel, 'usedCpuTime', []);
    const startedAt = performance.now();
    if (await eventLoopTurns(channel, 700)) return;
    const used = (await callTarget(channel, 'usedCpuTime', [])) - before;
    if (used > (performance.now() - startedAt) * 1000 * 0.2) return;
  }
  throw heldByDebugger(what);
}

async function eventLoopTurns(channel: Channel, timeoutMs: number): Promise<boolean> {
  try {
    return await callTarget(channel, 'turnEventLoop', [], { timeoutMs });
  } catch (error) {
    if (isHeatlensError(error, 'noAnswer')) return false;
    throw error;
  }
}
