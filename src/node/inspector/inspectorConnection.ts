import { setTimeout as delay } from 'node:timers/promises';
import type { HeatlensError } from '../../core/errors';
import { inspectorLeftOpen } from './inspectorErrors';
import type { OpenedNote } from './openedNotes';
import { processGone } from './processErrors';
import type { Channel, ChannelClosed, Connection, Lease } from '../channel';
import type { TargetIdentity } from '../../core/protocol/targetFunctions';
import { followWorkers } from './workers';

export interface Establishing {
  readonly channel: Channel;
  readonly pid: number;
  readonly identity: TargetIdentity;
  readonly lease: Lease;
  /** A Heatlens opened this inspector, and its guard counts on our signs of life. */
  readonly isGuarded: boolean;
  readonly via: Connection['via'];
  /** The port of the inspector while it is open; undefined when it is closed, or out of our sight. */
  readonly openPort: () => Promise<number | undefined>;
  readonly warnings?: readonly string[];
  /** Of an inspector that is to be closed again, whoever opened it. */
  readonly note?: OpenedNote;
}

/** How long `close` waits for the target to do its part, ms. */
const FAREWELL_MS = 2_000;

/** Makes a connection of a channel to a process that is known to be the right one. */
export async function establish(establishing: Establishing): Promise<Connection> {
  const { channel, pid, identity, lease, via } = establishing;
  let ended: ChannelClosed | undefined;
  // Node waits with its exit until every client has gone: go at once. (The Runtime domain would tell it too, but with it
  // the target sends us a copy of all that it writes to its console.)
  const letExit = (): void => {
    ended ??= { reason: 'target-ended', detail: processGone(pid).message };
    channel.close();
  };
  channel.on('NodeRuntime.waitingForDisconnect', letExit);
  await channel.send('NodeRuntime.enable');
  await channel.send('NodeRuntime.notifyWhenWaitingForDisconnect', { enabled: true });
  const workers = await followWorkers(channel, `process ${pid}`);
  if (establishing.isGuarded) lease.hold();

  const closed = channel.closed.then((reason) => ended ?? reason);
  let closing: Promise<HeatlensError | undefined> | undefined;
  const close = async (): Promise<HeatlensError | undefined> => {
    await workers.detach();
    // The target cuts the connection when it closes its inspector, and that is what we want of it.
    ended ??= { reason: 'closed-by-us' };
    // Silence may be a blocked event loop: whether it closes is then to be seen.
    const isLast = lease.isHeld && (await lease.end(FAREWELL_MS).catch(() => true));
    channel.close();
    const port = isLast ? await portAfterFarewell(establishing) : undefined;
    if (port === undefined) {
      establishing.note?.remove();
      return undefined;
    }
    establishing.note?.abandon();
    return inspectorLeftOpen(pid, port);
  };

  return {
    pid,
    nodeVersion: identity.version,
    execArgv: identity.execArgv,
    argv: identity.argv,
    cwd: identity.cwd,
    via,
    warnings: establishing.warnings ?? [],
    lease,
    main: { id: 'main', kind: 'main', title: '', channel },
    onWorker: (listener) => workers.onWorker(listener),
    closed,
    close: () => (closing ??= close()),
  };
}

/** The port if it is still open when the target has had its time. */
async function portAfterFarewell({ openPort }: Establishing): Promise<number | undefined> {
  const deadline = performance.now() + FAREWELL_MS;
  let port = await openPort();
  while (port !== undefined && performance.now() < deadline) {
    await delay(20);
    port = await openPort();
  }
  return port;
}
