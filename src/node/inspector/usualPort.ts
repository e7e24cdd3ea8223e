import { setTimeout as delay } from 'node:timers/promises';
import { isHeatlensError } from '../../core/errors';
import type { Channel } from '../channel';
import { cancelMove, moveToRandomPort } from './guard';
import { isInspector } from './inspectorHttp';
import type { InspectorAddress } from './openInspector';
import { listenersOf, loopbackAddressOf } from '../processes/tcpSockets';

/** Each ms is spent at a busy target only, and an occupied port costs the next attach more. */
const MOVE_TIMEOUT_MS = 2_500;
const APPEAR_TIMEOUT_MS = 3_000;

/**
 * Takes an inspector that we opened off the usual port, so that neither the next attach nor a developer's own
 * `--inspect` finds it occupied. The channel ends with that. Undefined when the event loop is too busy to do it soon:
 * then the inspector stays where it is, and the channel is good.
 */
export async function leaveUsualPort(
  pid: number,
  channel: Channel,
  inspector: InspectorAddress,
): Promise<InspectorAddress | undefined> {
  const known = new Set((await listenersOf(pid)).map((each) => each.port));
  try {
    await moveToRandomPort(channel);
  } catch (error) {
    if (isHeatlensError(error, 'noAnswer')) throw error;
    // No clock there, and then it stays where it is; or it was so quick that the reply did not come.
    if (!isHeatlensError(error, 'connectionLost')) return undefined;
  }
  const patience = new AbortController();
  const closed = await Promise.race([
    channel.closed.then(() => true),
    delay(MOVE_TIMEOUT_MS, false, { signal: patience.signal }).catch(() => false),
  ]);
  patience.abort();
  if (!closed && (await isCancelled(channel))) return undefined;
  const deadline = performance.now() + APPEAR_TIMEOUT_MS;
  while (performance.now() < deadline) {
    for (const listener of await listenersOf(pid)) {
      const address = loopbackAddressOf(listener);
      if (!address || known.has(listener.port)) continue;
      if (await isInspector(address, listener.port, 1_000)) return { ...inspector, address, port: listener.port };
    }
    await delay(15);
  }
  return inspector;
}

async function isCancelled(channel: Channel): Promise<boolean> {
  try {
    await cancelMove(channel);
    return true;
  } catch (error) {
    // The move happened at the last moment and cut the connection.
    if (isHeatlensError(error, 'connectionLost')) return false;
    throw error;
  }
}
