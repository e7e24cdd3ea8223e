import { setTimeout as delay } from 'node:timers/promises';
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
  /** Whether the inspector's port is closed again. */
  readonly isPortClosed: () => Promise<boolean>;
}

/** How long `close` waits for the target to do its part, ms. */
const FAREWELL_MS = 2_000;

/** Makes a connection of a channel to a process that is known to be the right one. */
export async function establish(establishing: Establishing): Promise<Connection> {
  const { channel, pid, identity, lease, via, isPortClosed } = establishing;
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
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    await workers.detach();
    const isLast = lease.isHeld && (await lease.end(FAREWELL_MS).catch(() => false));
    channel.close();
    // A target whose event loop is blocked shuts its inspector as soon as it gets to it; that is not waited for.
    const deadline = performance.now() + FAREWELL_MS;
    while (isLast && performance.now() < deadline && !(await isPortClosed())) await delay(20);
  };

  return {
    pid,
    nodeVersion: identity.version,
    execArgv: identity.execArgv,
    argv: identity.argv,
    cwd: identity.cwd,
    via,
    lease,
    main: { id: 'main', kind: 'main', title: '', channel },
    onWorker: (listener) => workers.onWorker(listener),
    closed,
    close: () => (closing ??= close()),
  };
}
