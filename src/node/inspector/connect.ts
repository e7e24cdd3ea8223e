import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { DisposableStore } from '../../core/disposable';
import { isHeatlensError } from '../../core/errors';
import { heldByDebugger, hostUnreachable, notAnInspector, processGone, wrongProcess } from '../../core/userErrors';
import type { Channel, ChannelClosed, Connection } from '../channel';
import { readProcStatus } from '../processes/linuxProc';
import { openCdpSocket } from './cdpSocket';
import { evaluate } from './evaluate';
import type { Guard } from './guard';
import { cancelMove, installGuard, joinGuard, keepAlive, leaveGuard, moveToRandomPort } from './guard';
import { hostAndPort, inspectorUrl, isInspector } from './inspectorHttp';
import type { InspectorAddress } from './openInspector';
import { openInspector } from './openInspector';
import { listenersOf, loopbackAddressOf } from './tcpSockets';
import { followWorkers } from './workers';

export interface ConnectOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (message: string) => void;
  /** Accept a target that is paused or waits for a debugger (`--inspect-brk`), e.g. one that we launched ourselves. */
  readonly allowPaused?: boolean;
}

interface Identity {
  readonly pid: number;
  readonly version: string;
  readonly execArgv: string[];
  readonly argv: string[];
  readonly cwd: string;
}

/** Another Heatlens may move or close the inspector that we are about to use; then the search starts again. */
const attempts = 3;

/**
 * Connects to a local process, which opens an inspector for it if it has none.
 * Rejects with a HeatlensError that says why it cannot be done, or with the reason of an abort.
 */
export async function connectToPid(pid: number, options: ConnectOptions = {}): Promise<Connection> {
  for (let attempt = 1; ; attempt++) {
    const inspector = await openInspector(pid, options);
    try {
      return await connectToInspector(pid, inspector, options);
    } catch (error) {
      const isRace = isHeatlensError(error) && (error.code === 'connectionLost' || error.code === 'connectionRefused');
      if (!isRace || attempt === attempts || options.signal?.aborted) throw error;
      await delay(50 * attempt);
    }
  }
}

/** Connects to an inspector by address, as behind a forwarded port. Rejects like {@link connectToPid}. */
export async function connectToHost(host: string, port: number, options: ConnectOptions = {}): Promise<Connection> {
  const where = hostAndPort(host, port);
  const address = await addressOf(host);
  const url = await inspectorUrl(address, port, options);
  const channel = await openCdpSocket(url, { what: where, signal: options.signal });
  try {
    const identity = await identify(channel, where);
    await checkRunning(channel, identity.pid, options);
    const guard = await joinGuard(channel);
    return await establish({ channel, identity, guard, via: 'host-port', isGone: async () => true });
  } catch (error) {
    channel.close();
    throw error;
  }
}

async function connectToInspector(pid: number, found: InspectorAddress, options: ConnectOptions): Promise<Connection> {
  const via = found.openedByUs ? 'inspector-opened' : 'inspector-found';
  let inspector = found;
  let channel = await openSocket(pid, inspector, options.signal);
  let guard: Guard | undefined;
  try {
    const identity = await identify(channel, `process ${pid}`);
    const expected = (process.platform === 'linux' && readProcStatus(pid)?.innerPid) || pid;
    if (identity.pid !== expected) throw wrongProcess(expected, identity.pid);
    if (!found.openedByUs) {
      await checkRunning(channel, pid, options);
      guard = await joinGuard(channel);
    } else {
      options.signal?.throwIfAborted();
      guard = await installGuard(channel);
      const moved = await leaveUsualPort(pid, channel, inspector);
      if (moved) {
        inspector = moved;
        channel = await openSocket(pid, inspector, options.signal);
        guard = (await joinGuard(channel)) ?? (await installGuard(channel));
      }
    }
    const { port } = inspector;
    const isGone = async (): Promise<boolean> => !(await listenersOf(pid)).some((each) => each.port === port);
    return await establish({ channel, identity: { ...identity, pid }, guard, via, isGone });
  } catch (error) {
    if (found.openedByUs) await closeOpened(channel, guard);
    channel.close();
    throw error;
  }
}

/** An attach that failed half-way still closes the inspector that it opened. */
async function closeOpened(channel: Channel, guard: Guard | undefined): Promise<void> {
  try {
    await leaveGuard(channel, guard ?? (await installGuard(channel)), 2_000);
  } catch {
    // Without an answer the guard, once installed, closes it.
  }
}

function openSocket(pid: number, inspector: InspectorAddress, signal?: AbortSignal): Promise<Channel> {
  return inspectorUrl(inspector.address, inspector.port, { signal }).then((url) =>
    openCdpSocket(url, { what: `process ${pid}`, signal, explainLoss: () => explainLoss(pid) }),
  );
}

async function explainLoss(pid: number): Promise<ChannelClosed | undefined> {
  // The socket of a killed process closes a moment before the process is gone from the table.
  for (let look = 0; look < 5; look++) {
    if (!isAlive(pid)) return { reason: 'target-ended', detail: processGone(pid).message };
    await delay(20);
  }
  return undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  const state = process.platform === 'linux' ? readProcStatus(pid)?.state : 'R';
  return state !== undefined && state !== 'Z' && state !== 'X';
}

/** Before anything else: is this the process that was asked for, and is it Node at all? */
async function identify(channel: Channel, where: string): Promise<Identity> {
  const identity = await evaluate<Identity | null>(
    channel,
    `typeof process !== 'object' || !process.versions?.node ? null : ({
      pid: process.pid, version: process.version, execArgv: process.execArgv, argv: process.argv, cwd: process.cwd() })`,
  );
  if (!identity) throw notAnInspector(where, 'no Node process answers behind it');
  return identity;
}

/**
 * A paused target answers, but its event loop stands still and it uses no processor time: that tells it from a busy
 * one without the Debugger domain.
 */
async function checkRunning(channel: Channel, pid: number, options: ConnectOptions): Promise<void> {
  if (options.allowPaused) return;
  const cpuMicroseconds = '(({ user, system }) => user + system)(process.cpuUsage())';
  for (let look = 0; look < 3; look++) {
    options.signal?.throwIfAborted();
    const before = await evaluate<number>(channel, cpuMicroseconds);
    const startedAt = performance.now();
    const turned = await eventLoopTurns(channel, 700);
    if (turned) return;
    const used = (await evaluate<number>(channel, cpuMicroseconds)) - before;
    if (used > (performance.now() - startedAt) * 1000 * 0.2) return;
  }
  throw heldByDebugger(pid);
}

async function eventLoopTurns(channel: Channel, timeoutMs: number): Promise<boolean> {
  const turn = `new Promise((resolve) => (process.getBuiltinModule ? process.getBuiltinModule('timers') : require('timers'))
    .setImmediate(resolve, true))`;
  try {
    return await evaluate<boolean>(channel, turn, { awaitPromise: true, timeoutMs });
  } catch (error) {
    if (isHeatlensError(error) && error.code === 'noAnswer') return false;
    throw error;
  }
}

/**
 * Takes an inspector that we opened off the usual port, so that neither the next attach nor a developer's own
 * `--inspect` finds it occupied. Undefined when the event loop is too busy to do it soon: then it stays where it is.
 */
async function leaveUsualPort(pid: number, channel: Channel, inspector: InspectorAddress): Promise<InspectorAddress | undefined> {
  const before = await listenersOf(pid);
  await moveToRandomPort(channel);
  const closed = await Promise.race([channel.closed.then(() => true), delay(1_000, false)]);
  if (!closed) {
    await cancelMove(channel);
    return undefined;
  }
  const known = new Set(before.map((each) => each.port));
  const deadline = performance.now() + 3_000;
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

interface Establishing {
  readonly channel: Channel;
  readonly identity: Identity;
  readonly guard: Guard | undefined;
  readonly via: Connection['via'];
  /** Whether the inspector's port is closed again. */
  readonly isGone: () => Promise<boolean>;
}

async function establish({ channel, identity, guard, via, isGone }: Establishing): Promise<Connection> {
  const what = `process ${identity.pid}`;
  const disposables = new DisposableStore();
  let ended: ChannelClosed | undefined;
  // Node waits with its exit until every client has gone: go at once.
  const letExit = (): void => {
    ended ??= { reason: 'target-ended', detail: processGone(identity.pid).message };
    channel.close();
  };
  channel.on('NodeRuntime.waitingForDisconnect', letExit);
  let mainContext: number | undefined;
  channel.on<{ context: { id: number; auxData?: { isDefault?: boolean } } }>('Runtime.executionContextCreated', ({ context }) => {
    if (context.auxData?.isDefault) mainContext ??= context.id;
  });
  channel.on<{ executionContextId: number }>('Runtime.executionContextDestroyed', ({ executionContextId }) => {
    if (executionContextId === mainContext) letExit();
  });
  await channel.send('NodeRuntime.enable');
  await channel.send('NodeRuntime.notifyWhenWaitingForDisconnect', { enabled: true });
  await channel.send('Runtime.enable');
  const workers = await followWorkers(channel, what);
  if (guard) disposables.add(keepAlive(channel, guard));

  const closed = channel.closed.then((reason) => ended ?? reason);
  void closed.then(() => disposables.dispose());
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    disposables.dispose();
    await workers.detach();
    const shutting = guard ? await leaveGuard(channel, guard, 2_000).catch(() => false) : false;
    channel.close();
    const deadline = performance.now() + 2_000;
    while (shutting && performance.now() < deadline && !(await isGone())) await delay(20);
  };

  return {
    pid: identity.pid,
    nodeVersion: identity.version,
    execArgv: identity.execArgv,
    argv: identity.argv,
    cwd: identity.cwd,
    via,
    main: { id: 'main', kind: 'main', title: '', channel },
    onWorker: (listener) => workers.onWorker(listener),
    closed,
    close: () => (closing ??= close()),
  };
}

/** Names are resolved here, because the inspector refuses requests that are addressed to a name. */
async function addressOf(host: string): Promise<string> {
  const bare = host.replace(/^\[|\]$/g, '');
  if (isIP(bare)) return bare;
  // Node's inspector listens on 127.0.0.1 unless told otherwise, whatever `localhost` resolves to.
  if (bare.toLowerCase() === 'localhost') return '127.0.0.1';
  try {
    return (await lookup(bare)).address;
  } catch (error) {
    throw hostUnreachable(host, 'the name is not known', error);
  }
}
