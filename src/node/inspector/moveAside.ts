import { setTimeout as delay } from 'node:timers/promises';
import { callTarget } from './callTarget';
import { openCdpSocket } from './cdpSocket';
import { inspectorUrl, isInspector } from './inspectorHttp';
import { clientCount, listenersOf, loopbackAddressOf } from '../processes/tcpSockets';

/** Another Heatlens holds the usual port for a moment while it moves its own target off it. */
const PATIENCE_MS = 1_500;
/** Long enough that nobody is about to connect to an inspector that was opened for them just now. */
const QUIET_MS = 250;
const MOVED_TIMEOUT_MS = 1_000;

/**
 * Asks the Node process that holds `port` with its inspector to give the port up for a moment, and to take it back by
 * itself as soon as it is free again. Resolves to false, with nothing changed, when the holder is no Node inspector,
 * somebody is connected to it, or it does not answer.
 */
export async function moveAside(holder: number, port: number, signal?: AbortSignal): Promise<boolean> {
  const listener = (await listenersOf(holder)).find((each) => each.port === port);
  if (!listener) return true;
  const address = loopbackAddressOf(listener);
  if (!address || !(await isInspector(address, port, 500))) return !(await isStillListening(holder, port));
  const deadline = performance.now() + PATIENCE_MS;
  let quietSince = performance.now();
  while (await isStillListening(holder, port)) {
    const now = performance.now();
    if ((await clientCount(holder, port)) > 0) quietSince = now;
    else if (now - quietSince >= QUIET_MS) return closeForAMoment(holder, address, port, signal);
    if (now > deadline) return false;
    await delay(50, undefined, { signal });
  }
  return true;
}

async function closeForAMoment(holder: number, address: string, port: number, signal?: AbortSignal): Promise<boolean> {
  try {
    const url = await inspectorUrl(address, port, { signal, timeoutMs: 1_000 });
    const channel = await openCdpSocket(url, { what: `process ${holder}`, signal, openTimeoutMs: 1_000 });
    try {
      const moving = await callTarget(channel, 'stepAside', [holder, port], { timeoutMs: 1_000 });
      if (!moving) return false;
      await Promise.race([channel.closed, delay(MOVED_TIMEOUT_MS)]);
      // A holder whose event loop is blocked would close its inspector at some later time: call that off.
      await callTarget(channel, 'cancelStepAside', [], { timeoutMs: 500 }).catch(() => undefined);
    } finally {
      channel.close();
    }
  } catch (error) {
    if (signal?.aborted) throw error;
    // The connection is cut by the very thing that was asked for; whether it happened is seen from outside.
  }
  return !(await isStillListening(holder, port));
}

async function isStillListening(pid: number, port: number): Promise<boolean> {
  return (await listenersOf(pid)).some((each) => each.port === port);
}
