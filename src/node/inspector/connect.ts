import { randomUUID } from 'node:crypto';
import { t } from '@vscode/l10n';
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { isHeatlensError } from '../../core/errors';
import type { TargetIdentity } from '../../core/protocol/targetFunctions';
import type { Channel, ChannelClosed, Connection } from '../channel';
import { readProcArguments, readProcStatus } from '../processes/linuxProc';
import { openCdpSocket } from './cdpSocket';
import { isAlive } from './checkProcess';
import { guardWatches, installGuard, joinGuard } from './guard';
import { checkRunning, identify } from './identity';
import { establish } from './inspectorConnection';
import { hostAndPort, inspectorUrl } from './inspectorHttp';
import { createLease } from './lease';
import type { InspectorAddress } from './openInspector';
import { findInspector, openInspector, waitUntilReady } from './openInspector';
import { whileOpeningAlone } from './openingLock';
import { listenersOf } from '../processes/tcpSockets';
import { leaveUsualPort } from './usualPort';
import { closeLeftOpen } from './closeLeftOpen';
import { checkPortOwner } from './checkPortOwner';
import { connectionLost, heldByDebugger, hostUnreachable, inspectorLeftOpen, wrongProcess } from './inspectorErrors';
import { listenerKey, noteOpened, type OpenedNote } from './openedNotes';
import { birthOf } from '../processes/birth';
import { processGone } from './processErrors';

export interface ConnectOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (message: string) => void;
  /** Of the process that was picked, as `birthOf` tells it: by then another one may have got its number. */
  readonly birth?: string;
  /** Accept a target that is paused or waits for a debugger (`--inspect-brk`), e.g. one that we launched ourselves. */
  readonly allowPaused?: boolean;
}

/** How long an attach waits for what an earlier Heatlens has left open, ms. */
const LEFT_OPEN_MS = 1_500;

/** How long an inspector that is of no use to us is waited for to close, ms. */
const CLOSE_MS = 2_000;

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

async function connectToFound(pid: number, inspector: InspectorAddress, options: ConnectOptions): Promise<Connection> {
  const channel = await openSocket(pid, inspector, options.signal);
  try {
    const identity = await identifyAs(pid, channel);
    if (!options.allowPaused) await checkRunning(channel, identity, `Process ${pid}`, options.signal);
    const lease = createLease(channel);
    const isGuarded = await joinGuard(channel, lease.owner);
    const { port } = inspector;
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
    throw error;
  }
}

async function openAndConnect(
  pid: number,
  owner: string,
  mayMove: boolean,
  options: ConnectOptions,
): Promise<Connection> {
  const opened = await findInspector(pid, options.birth); // by somebody else, while we waited for our turn
  if (opened) return connectToFound(pid, opened, options);
  let note: OpenedNote | undefined;
  let inspector: InspectorAddress;
  try {
    inspector = await openInspector(pid, {
      ...options,
      onBeforeSignal: async (listeners) => {
        const before = listeners.map(listenerKey);
        note = await noteOpened({ pid, birth: options.birth, lease: owner, before, at: Date.now() });
      },
      onSignal: () => note?.update({ isAsked: true }),
      onLateClose: () => note?.remove(),
    });
  } catch (error) {
    // A process that is blocked opens one when it wakes up; any other has opened none.
    const isStillExpected = options.signal?.aborted || isHeatlensError(error, 'noAnswer');
    if (isStillExpected) note?.abandon();
    else note?.remove();
    throw error;
  }
  if (!inspector.openedByUs) {
    note?.remove();
    return connectToFound(pid, inspector, options);
  }
  // From here on the process differs from how it was found: an abort still has to connect, to close it again.
  let channel: Channel | undefined;
  try {
    channel = await openSocket(pid, inspector);
    let lease = createLease(channel, owner);
    const identity = await identifyAs(pid, channel);
    await installGuard(channel, owner);
    options.signal?.throwIfAborted();
    const moved = mayMove ? await leaveUsualPort(pid, channel, inspector) : undefined;
    if (moved) {
      inspector = moved;
      channel = await openSocket(pid, inspector);
      lease = createLease(channel, owner);
      await installGuard(channel, owner);
    }
    note?.update({ port: inspector.port });
    const warnings = (await guardWatches(channel)) ? [] : [unwatched(pid)];
    options.signal?.throwIfAborted();
    return await establish({
      channel,
      pid,
      identity,
      lease,
      isGuarded: true,
      via: 'inspector-opened',
      warnings,
      openPort: portWatch(pid, inspector.port),
      note,
    });
  } catch (error) {
    if (channel) await undoOpening(channel, owner);
    if (!(await closesSoon(pid, inspector.port))) {
      note?.abandon();
      // What is wrong with it can be seen again; that its inspector is open cannot.
      throw inspectorLeftOpen(pid, inspector.port, error);
    }
    note?.remove();
    throw error;
  }
}

/** Its clocks are fakes, or its event loop did not turn. */
function unwatched(pid: number): string {
  return t(
    'The timers of process {0} did not run: if Heatlens were killed now, the inspector would stay open until Heatlens is started again.',
    pid,
  );
}

async function closesSoon(pid: number, port: number): Promise<boolean> {
  const openPort = portWatch(pid, port);
  for (const deadline = performance.now() + CLOSE_MS; performance.now() < deadline; await delay(20)) {
    if ((await openPort()) === undefined) return true;
  }
  return false;
}

/** A target that gives no answer now is left to its guard, which closes the inspector later. */
async function undoOpening(channel: Channel, owner: string): Promise<void> {
  try {
    await installGuard(channel, owner);
    await createLease(channel, owner).end(CLOSE_MS);
  } catch {
    // The error that brought us here says more.
  } finally {
    channel.close();
  }
}

/** Before anything else: is this the process that was asked for? */
async function identifyAs(pid: number, channel: Channel): Promise<TargetIdentity> {
  const identity = await identify(channel, `process ${pid}`);
  const isLinux = process.platform === 'linux';
  const expected = (isLinux && readProcStatus(pid)?.innerPid) || pid;
  if (identity.pid !== undefined && identity.pid !== expected) throw wrongProcess(expected, identity.pid);
  return identity.argv.length > 0 || !isLinux ? identity : { ...identity, argv: readProcArguments(pid) };
}

function portWatch(pid: number, port: number): () => Promise<number | undefined> {
  return async () => ((await listenersOf(pid)).some((each) => each.port === port) ? port : undefined);
}

async function openSocket(pid: number, inspector: InspectorAddress, signal?: AbortSignal): Promise<Channel> {
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
