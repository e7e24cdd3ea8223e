import { basename } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { noAnswer, portOccupied, sigusr1Disabled, sigusr1Handled, sigusr1NotHandled } from './inspectorErrors';
import type { HeatlensError } from '../../core/errors';
import { noSuchProcess, notOurProcess, processReplaced, watchesOnly } from './processErrors';
import { isStill } from '../processes/birth';
import type { InspectorFlags } from '../processes/nodeArguments';
import { linuxDescendants } from '../processes/linuxProcesses';
import { DEFAULT_INSPECTOR_PORT, inspectorFlags, parseNodeArguments, watches } from '../processes/nodeArguments';
import { nodeInside } from '../processes/nodeInside';
import {
  readProcAge,
  readProcArguments,
  readProcEnvironment,
  readProcLink,
  readSignalThreadWakeups,
} from '../processes/linuxProc';
import { isSameUser, userOf } from './checkPortOwner';
import { checkProcess } from './checkProcess';
import { checkRoom } from './checkRoom';
import { isInspector } from './inspectorHttp';
import { moveAside } from './moveAside';
import { effectOfSigusr1, STARTUP_MS } from './signalSafety';
import type { TcpListener } from '../processes/tcpSockets';
import { listenersOf, loopbackAddressOf, portHolder } from '../processes/tcpSockets';

export interface InspectorAddress {
  /** Loopback address. */
  readonly address: string;
  readonly port: number;
  readonly openedByUs: boolean;
}

export interface OpenInspectorOptions {
  /** Of the process that is meant; another one that has its number now gets no signal. */
  readonly birth?: string;
  /** Awaited immediately before the signal, with what the process listens on then. */
  readonly onBeforeSignal?: (before: readonly TcpListener[]) => Promise<void>;
  /** Called with nothing between it and the signal, which is not sent when it throws. */
  readonly onLastLook?: () => void;
  /** Called immediately after the signal. */
  readonly onSignal?: () => void;
  /** Honoured until the signal is sent; from then on the inspector is awaited, so that it can be closed again. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (message: string) => void;
}

/** ms after the signal: when ports that were open before are asked, … */
const OLD_ONES_AFTER_MS = 500;
/** … when a signal that reached Node's own handler must have woken its thread, and how often it is sent again then, … */
const RECEIVED_WITHIN_MS = 1_000;
/** … when a responsive process has opened its inspector, … */
const OPENS_WITHIN_MS = 3_000;
/** … and for how long a blocked one is waited for. */
const BLOCKED_TIMEOUT_MS = 10_000;

/**
 * The inspector that is open already; `undefined` when there is none, as far as flags and the usual port tell.
 * Throws noSuchProcess, notOurProcess, notNode, processStopped or otherNamespace.
 */
export async function findInspector(pid: number, birth?: string): Promise<InspectorAddress | undefined> {
  checkProcess(pid, birth);
  const found = await likelyInspector(await listenersOf(pid), flagsOf(pid));
  return found && { ...found, openedByUs: false };
}

/**
 * Waits until the process can be asked to open an inspector. Throws like {@link findInspector}, and sigusr1Disabled or
 * sigusr1NotHandled; rejects with the reason of an abort.
 */
export async function waitUntilReady(pid: number, signal?: AbortSignal): Promise<void> {
  checkProcess(pid);
  if (flagsOf(pid).sigusr1Disabled) throw sigusr1Disabled(pid);
  await waitUntilSignalIsSafe(pid, signal);
}

/**
 * Makes a process that is ready open its inspector. Throws like {@link findInspector}, and targetShort, sigusr1Handled,
 * portOccupied or noAnswer; rejects with the reason of an abort. Only one opening may run at a time: two would see each other's
 * ports, and fight for the usual one.
 */
export async function openInspector(pid: number, options: OpenInspectorOptions = {}): Promise<InspectorAddress> {
  checkProcess(pid, options.birth);
  const flags = flagsOf(pid);
  await freePort(pid, flags.port, options);
  const before = await listenersOf(pid);
  options.signal?.throwIfAborted();
  options.onProgress?.(`Asking process ${pid} to open an inspector…`);
  await options.onBeforeSignal?.(before);
  if (!(await isStill(pid, options.birth))) throw processReplaced(pid);
  const wakeups = signalThreadWakeups(pid);
  // Nothing is awaited between the look at the process and the signal to it.
  checkProcess(pid, options.birth);
  checkRoom(pid);
  options.onLastLook?.();
  askForInspector(pid);
  options.onSignal?.();
  const opened = await waitForInspector(pid, flags.port, before, wakeups, options);
  if (opened) return opened;
  const holder = flags.port === 0 ? undefined : await portHolder(pid, flags.port);
  if (holder) throw portOccupied(pid, flags.port, await nameOfHolder(holder.pid));
  throw sigusr1Handled(pid);
}

function flagsOf(pid: number): InspectorFlags {
  if (process.platform !== 'linux') return inspectorFlags([]);
  const { flags } = parseNodeArguments(readProcArguments(pid).slice(1));
  return inspectorFlags(flags, readProcEnvironment(pid)['NODE_OPTIONS']);
}

/** Asks only ports that are likely to be the inspector's: a service's own port must not see requests of ours. */
async function likelyInspector(listeners: readonly TcpListener[], flags: InspectorFlags): Promise<Found | undefined> {
  const isRandom = flags.opensAtStart && flags.port === 0;
  const likely = new Set([flags.port, DEFAULT_INSPECTOR_PORT]);
  return firstInspector(listeners.filter((each) => isRandom || likely.has(each.port)));
}

interface Found {
  readonly address: string;
  readonly port: number;
}

async function firstInspector(listeners: readonly TcpListener[]): Promise<Found | undefined> {
  for (const listener of listeners) {
    const address = loopbackAddressOf(listener);
    if (address && (await isInspector(address, listener.port, 1_000))) return { address, port: listener.port };
  }
  return undefined;
}

/** A signal sent before Node installed its handler kills the process. */
async function waitUntilSignalIsSafe(pid: number, signal: AbortSignal | undefined): Promise<void> {
  if (process.platform !== 'linux') return;
  for (;;) {
    const effect = effectOfSigusr1(pid);
    if (effect === undefined) throw noSuchProcess(pid);
    if (effect === 'handled') return;
    if (readProcAge(pid) > STARTUP_MS) throw effect === 'blocked' ? whyBlocked(pid) : sigusr1NotHandled(pid);
    await delay(10, undefined, { signal });
  }
}

/** `node --watch` keeps the signal from itself: all that it does is to start its program again. */
function whyBlocked(pid: number): HeatlensError {
  if (!watches(parseNodeArguments(readProcArguments(pid).slice(1)).flags)) return sigusr1Disabled(pid);
  return watchesOnly(
    pid,
    linuxDescendants(pid).find((child) => nodeInside(child, readProcLink(child, 'exe') ?? '') !== undefined),
  );
}

/** A target that cannot have its port says so on its standard error and opens nothing: make room before asking. */
async function freePort(pid: number, port: number, options: OpenInspectorOptions): Promise<void> {
  if (port === 0) return;
  const holder = await portHolder(pid, port);
  if (!holder || holder.pid === pid) return;
  const name = await nameOfHolder(holder.pid);
  if (holder.pid === undefined || holder.pid === process.pid) throw portOccupied(pid, port, name);
  // As root, we could speak to it, and it could answer what it likes.
  if (!isSameUser(holder.pid, pid)) throw portOccupied(pid, port, `${name} of user ${userOf(holder.pid) ?? '?'}`);
  options.onProgress?.(`Port ${port} is held by ${name}; asking it to step aside for a moment…`);
  const moved = await moveAside(holder.pid, port, options.signal);
  if (moved) return;
  throw portOccupied(pid, port, name);
}

async function nameOfHolder(pid: number | undefined): Promise<string> {
  if (pid === undefined) return 'a process of another user';
  if (pid === process.pid) return 'the process that runs Heatlens itself';
  if (process.platform !== 'linux') return `process ${pid}`;
  const argv = readProcArguments(pid);
  const command = basename(parseNodeArguments(argv.slice(1)).script ?? argv[0] ?? '');
  return command ? `process ${pid} (${command})` : `process ${pid}`;
}

function askForInspector(pid: number): void {
  try {
    if (process.platform === 'win32') debugProcess(pid);
    else process.kill(pid, 'SIGUSR1');
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'EPERM' ? notOurProcess(pid) : noSuchProcess(pid);
  }
}

/** Windows has no SIGUSR1; Node offers this undocumented call instead (not run on Windows yet). */
function debugProcess(pid: number): void {
  (process as unknown as { _debugProcess(pid: number): void })._debugProcess(pid);
}

function signalThreadWakeups(pid: number): number | undefined {
  return process.platform === 'linux' ? readSignalThreadWakeups(pid) : undefined;
}

/** Undefined when the process will open none. Throws `noAnswer` when it got the signal and is too blocked to act on it. */
async function waitForInspector(
  pid: number,
  port: number,
  before: readonly TcpListener[],
  wakeupsBefore: number | undefined,
  options: OpenInspectorOptions,
): Promise<InspectorAddress | undefined> {
  const startedAt = performance.now();
  let lookedAtOldOnes = false;
  let askedAt = startedAt;
  for (;;) {
    const found = await firstInspector(freshListeners(before, await listenersOf(pid)));
    if (found) return { ...found, openedByUs: true };
    // A process that died of the signal, or ended, will open nothing.
    checkProcess(pid, options.birth);
    const elapsed = performance.now() - startedAt;
    if (elapsed > OLD_ONES_AFTER_MS && !lookedAtOldOnes) {
      // The program, or another Heatlens, may have opened one long ago on a port that nothing tells us.
      lookedAtOldOnes = true;
      const old = await firstInspector(before);
      if (old) return { ...old, openedByUs: false };
    }
    const wakeups = signalThreadWakeups(pid);
    const isReceived = wakeups === undefined ? undefined : wakeups !== wakeupsBefore;
    if (elapsed > RECEIVED_WITHIN_MS && isReceived === false) return undefined;
    if (elapsed > OPENS_WITHIN_MS) {
      if (!isReceived) return undefined;
      if (options.signal?.aborted || elapsed > BLOCKED_TIMEOUT_MS) {
        options.signal?.throwIfAborted();
        throw noAnswer(`Process ${pid}`, BLOCKED_TIMEOUT_MS / 1000);
      }
    }
    if (isReceived && performance.now() - askedAt > RECEIVED_WITHIN_MS) {
      // It is blocked, or somebody took its port the moment before: asking Node's own handler again does no harm.
      options.onProgress?.(`Process ${pid} is slow to open its inspector; still waiting…`);
      await freePort(pid, port, {});
      checkProcess(pid, options.birth);
      // What it was short of may be what kept it from opening one.
      checkRoom(pid);
      askForInspector(pid);
      askedAt = performance.now();
    }
    await delay(15);
  }
}

function freshListeners(before: readonly TcpListener[], now: readonly TcpListener[]): TcpListener[] {
  const known = new Set(before.map((each) => `${each.address} ${each.port}`));
  return now.filter((each) => !known.has(`${each.address} ${each.port}`));
}
