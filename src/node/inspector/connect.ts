import { randomUUID } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { isHeatlensError } from '../../core/errors';
import type { Connection } from '../channel';
import { birthOf } from '../processes/birth';
import { openCdpSocket } from './cdpSocket';
import { checkPortOwner } from './checkPortOwner';
import { isAlive } from './checkProcess';
import { closeLeftOpen } from './closeLeftOpen';
import { joinGuard } from './guard';
import { checkRunning, identify } from './identity';
import { establish } from './inspectorConnection';
import { heldByDebugger, hostUnreachable } from './inspectorErrors';
import { hostAndPort, inspectorUrl } from './inspectorHttp';
import { createLease } from './lease';
import { connectToFound, type ConnectOptions } from './localInspector';
import { openAndConnect } from './openAndConnect';
import { findInspector, waitUntilReady } from './openInspector';
import { whileOpeningAlone } from './openingLock';
import { processGone } from './processErrors';

/** How long an attach waits for what an earlier Heatlens has left open, ms. */
const LEFT_OPEN_MS = 1_500;

/** Another Heatlens may move or close the inspector that we are about to use; then the search starts again. */
const ATTEMPTS = 3;

/**
 * Connects to a local process, which opens an inspector for it if it has none.
 * Rejects with a HeatlensError that says why it cannot be done, or with the reason of an abort.
 */
export async function connectToPid(pid: number, options: ConnectOptions = {}): Promise<Connection> {
  const meant = { ...options, birth: options.birth ?? (await birthOf(pid)) };
  // Others may be blocked: their inspectors close meanwhile.
  await Promise.race([closeLeftOpen(), delay(LEFT_OPEN_MS, undefined, { ref: false })]);
  // One for all attempts: what an attempt has left in the target is undone with what the next one did.
  const owner = randomUUID();
  for (let attempt = 1; ; attempt++) {
    options.signal?.throwIfAborted();
    try {
      const found = await findInspector(pid, meant.birth);
      if (found) return await connectToFound(pid, found, meant);
      await waitUntilReady(pid, options.signal);
      // Where the move to another port has failed, it is not tried again.
      const mayMove = attempt === 1;
      return await whileOpeningAlone(() => openAndConnect(pid, owner, mayMove, meant), options.signal);
    } catch (error) {
      options.signal?.throwIfAborted();
      if (isHeatlensError(error, 'connectionLost') && !isAlive(pid)) throw processGone(pid);
      const isRace = isHeatlensError(error, 'connectionLost', 'connectionRefused');
      if (!isRace || attempt === ATTEMPTS) throw error;
      await delay(50 * attempt);
    }
  }
}

/** Connects to an inspector by address, as behind a forwarded port. Rejects like {@link connectToPid}. */
export async function connectToHost(host: string, port: number, options: ConnectOptions = {}): Promise<Connection> {
  const where = hostAndPort(host, port);
  const address = await addressOf(host);
  await checkPortOwner(address, port);
  const url = await inspectorUrl(address, port, options);
  const channel = await openCdpSocket(url, { what: where, signal: options.signal });
  try {
    const identity = await identify(channel, where);
    const what = `The process at ${where}`;
    if (!options.allowPaused) await checkRunning(channel, identity, what, options.signal);
    if (identity.pid === undefined) throw heldByDebugger(what);
    const lease = createLease(channel);
    const isGuarded = await joinGuard(channel, lease.owner);
    return await establish({
      channel,
      pid: identity.pid,
      identity,
      lease,
      isGuarded,
      via: 'host-port',
      openPort: () => Promise.resolve(undefined), // out of our sight
    });
  } catch (error) {
    channel.close();
    throw error;
  }
}

/** Names are resolved here, because the inspector refuses requests that are addressed to a name. */
async function addressOf(host: string): Promise<string> {
  const bare = host.replace(/^\[|\]$/g, '');
  if (isIP(bare)) return bare;
  // Node's inspector listens on 127.0.0.1 unless told otherwise, whatever `localhost` resolves to.
  if (/^localhost\.?$/i.test(bare)) return '127.0.0.1';
  try {
    return (await lookup(bare)).address;
  } catch (error) {
    throw hostUnreachable(host, 'the name is not known', error);
  }
}
