import { setTimeout as delay } from 'node:timers/promises';
import type { TargetIdentity } from '../../core/protocol/targetFunctions';
import type { Channel, ChannelClosed, Connection } from '../channel';
import { readProcArguments, readProcStatus } from '../processes/linuxProc';
import { listenersOf } from '../processes/tcpSockets';
import { openCdpSocket } from './cdpSocket';
import { isAlive } from './checkProcess';
import { closeSoon } from './closeOpened';
import { installGuard, joinGuard } from './guard';
import { checkRunning, identify } from './identity';
import { establish } from './inspectorConnection';
import { connectionLost, wrongProcess } from './inspectorErrors';
import { inspectorUrl } from './inspectorHttp';
import { createLease } from './lease';
import { isOpenedByHeatlens, noteOpened } from './openedNotes';
import type { InspectorAddress } from './openInspector';
import { processGone } from './processErrors';

export interface ConnectOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (message: string) => void;
  /** Of the process that was picked, as `birthOf` tells it: by then another one may have got its number. */
  readonly birth?: string;
  /** Accept a target that is paused or waits for a debugger (`--inspect-brk`), e.g. one that we launched ourselves. */
  readonly allowPaused?: boolean;
}

/** How long an inspector that is of no use to us is waited for to close, ms. */
export const CLOSE_MS = 2_000;

/** Connects to an inspector of this machine that is open already. Rejects like `connectToPid`. */
export async function connectToFound(
  pid: number,
  inspector: InspectorAddress,
  options: ConnectOptions,
): Promise<Connection> {
  const channel = await openSocket(pid, inspector, options.signal);
  const { port } = inspector;
  const lease = createLease(channel);
  let isGuarded = false;
  try {
    const identity = await identifyAs(pid, channel);
    if (!options.allowPaused) await checkRunning(channel, identity, `Process ${pid}`, options.signal);
    isGuarded = await shareGuard(channel, lease.owner, () => isOpenedByHeatlens(pid, options.birth, inspector));
    // It may be ours to close in the end, if we are the last that use it.
    const note = isGuarded
      ? await noteOpened({ pid, birth: options.birth, lease: lease.owner, before: [], port, at: Date.now() })
      : undefined;
    return await establish({
      channel,
      pid,
      identity,
      lease,
      isGuarded,
      via: 'inspector-found',
      openPort: portWatch(pid, port),
      note,
    });
  } catch (error) {
    channel.close();
    // We may have become the last that use it meanwhile.
    const opened = { pid, birth: options.birth, lease: lease.owner, before: [], port, at: Date.now() };
    if (isGuarded) await closeSoon(opened, CLOSE_MS);
    throw error;
  }
}

/** One that Heatlens caused to open has no guard until somebody connects to it, and is to be closed all the same. */
async function shareGuard(channel: Channel, owner: string, isOurs: () => boolean): Promise<boolean> {
  if (await joinGuard(channel, owner)) return true;
  if (!isOurs()) return false;
  await installGuard(channel, owner);
  return true;
}

/** Before anything else: is this the process that was asked for? */
export async function identifyAs(pid: number, channel: Channel): Promise<TargetIdentity> {
  const identity = await identify(channel, `process ${pid}`);
  const isLinux = process.platform === 'linux';
  const expected = (isLinux && readProcStatus(pid)?.innerPid) || pid;
  if (identity.pid !== undefined && identity.pid !== expected) throw wrongProcess(expected, identity.pid);
  return identity.argv.length > 0 || !isLinux ? identity : { ...identity, argv: readProcArguments(pid) };
}

export function portWatch(pid: number, port: number): () => Promise<number | undefined> {
  return async () => ((await listenersOf(pid)).some((each) => each.port === port) ? port : undefined);
}

export async function openSocket(pid: number, inspector: InspectorAddress, signal?: AbortSignal): Promise<Channel> {
  const url = await inspectorUrl(inspector.address, inspector.port, { signal });
  const what = `process ${pid}`;
  const channel = await openCdpSocket(url, { what, signal, explainLoss: () => explainLoss(pid) });
  // Between the look at its sockets and the connection, somebody else may have taken a port that it gave up.
  if ((await listenersOf(pid)).some((each) => each.port === inspector.port)) return channel;
  channel.close();
  throw connectionLost(what);
}

async function explainLoss(pid: number): Promise<ChannelClosed | undefined> {
  // The socket of a killed process closes a moment before the process is gone from the table.
  for (let look = 0; look < 5; look++) {
    if (!isAlive(pid)) return { reason: 'target-ended', detail: processGone(pid).message };
    await delay(20);
  }
  return undefined;
}
