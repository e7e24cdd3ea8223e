import { setTimeout as delay } from 'node:timers/promises';
import { isHeatlensError } from '../../core/errors';
import { closeLeftOpen } from './closeLeftOpen';
import { inspectorClosesLater, inspectorLeftOpen } from './inspectorErrors';
import type { OpenedNote } from './openedNotes';
import { processGone } from './processErrors';
import type { Channel, ChannelClosed, Connection, Lease, LeftBehind } from '../channel';
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
  let closing: Promise<LeftBehind | undefined> | undefined;
  const close = async (): Promise<LeftBehind | undefined> => {
    await workers.detach();
    // The target cuts the connection when it closes its inspector, and that is what we want of it.
    ended ??= { reason: 'closed-by-us' };
    let failure: unknown;
    const isLast =
      lease.isHeld &&
      (await lease.end(FAREWELL_MS).catch((error: unknown) => {
        failure = error;
        return true;
      }));
    channel.close();
    // The target finds out by itself that our connection was cut; we are here still, and do not wait for that.
    if (isHeatlensError(failure, 'connectionLost') && (await establishing.openPort()) !== undefined) {
      establishing.note?.abandon();
      await closeLeftOpen();
    }
    const port = isLast ? await portAfterFarewell(establishing) : undefined;
    if (port === undefined) {
      establishing.note?.remove();
      return undefined;
    }
    establishing.note?.abandon();
    // Silence is a blocked event loop, which comes to what it was asked when it turns.
    const isSilent = isHeatlensError(failure, 'noAnswer');
    const error = isSilent ? inspectorClosesLater(pid, port) : inspectorLeftOpen(pid, port);
    return { error, putBack: watchUntilClosed(establishing) };
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

/** For so long, ms, it is looked at how an inspector that was left open closes, so often, and we try to close it ourselves. */
const WATCHED_MS = 600_000;
const LOOK_MS = 250;
const TRY_MS = 15_000;

/** True when its port is closed, whoever has closed it. Keeps nobody from ending: then the next start closes it. */
async function watchUntilClosed({ openPort, note }: Establishing): Promise<boolean> {
  const start = performance.now();
  for (let tryAt = TRY_MS; performance.now() - start < WATCHED_MS; await delay(LOOK_MS, undefined, { ref: false })) {
    if ((await openPort().catch(() => 0)) === undefined) {
      note?.remove();
      return true;
    }
    if (performance.now() - start < tryAt) continue;
    await closeLeftOpen();
    tryAt += TRY_MS;
  }
  return false;
}
