import { setTimeout as delay } from 'node:timers/promises';
import type { TcpListener } from '../processes/tcpSockets';
import { clientCount, listenersOf, loopbackAddressOf } from '../processes/tcpSockets';
import { callTarget } from './callTarget';
import { openCdpSocket } from './cdpSocket';
import { isAlive } from './checkProcess';
import { acceptsNobody } from './checkRoom';
import { installGuard, joinGuard } from './guard';
import { inspectorUrl, isInspector } from './inspectorHttp';
import { createLease } from './lease';
import { listenerKey, type Opened } from './openedNotes';

// Closing starts from the process's sockets alone: it needs nothing of what an attach found out, or failed to.

/**
 * `in-use`: another Heatlens uses it, and closes it when it leaves. `still-open`: blocked, short of descriptors, opened once
 * more, or a client is connected that may be a debugger, or somebody who only looks.
 */
export type Closing = 'not-open' | 'closed' | 'in-use' | 'still-open';

const ANSWER_MS = 2_000;
const QUIET_MS = 150;
/** How often, and how many times, an inspector is looked for that may open long after it was asked for. */
const LOOK_MS = 250;
const LOOKS = 240;

/**
 * Closes the inspector that Heatlens opened in a process, whoever asked for it: all of them are of the same process. Never
 * rejects.
 */
export async function closeOpened(opened: readonly Opened[]): Promise<Closing> {
  const [{ pid }] = opened;
  try {
    const found = await findOpened(pid, opened);
    if (found === undefined) return 'not-open';
    if (found === 'silent') return 'still-open';
    const closing = await closeFor(opened, found.address, found.port);
    if (closing !== 'closed') return closing;
    return (await staysClosed(pid, found.port)) ? 'closed' : 'still-open';
  } catch {
    return 'still-open';
  }
}

/** The same again and again, for `timeoutMs`. */
export async function closeSoon(opened: Opened, timeoutMs: number): Promise<Closing> {
  for (const deadline = performance.now() + timeoutMs; ; await delay(50)) {
    const closing = await closeOpened([opened]);
    if (closing !== 'still-open' || performance.now() > deadline) return closing;
  }
}

/** A blocked process obeys when it wakes up, long after we gave up: its inspector is then closed at once. False when it never opened. */
export async function closeWhenItOpens(opened: Opened): Promise<boolean> {
  for (let look = 0; look < LOOKS && isAlive(opened.pid); look++) {
    await delay(LOOK_MS, undefined, { ref: false });
    const closing = await closeOpened([opened]);
    if (closing === 'closed' || closing === 'in-use') return true;
  }
  return !isAlive(opened.pid);
}

async function findOpened(
  pid: number,
  opened: readonly Opened[],
): Promise<{ address: string; port: number } | 'silent' | undefined> {
  const isOpened = (listener: TcpListener): boolean =>
    opened.some(({ before, port }) =>
      port === undefined ? !before.includes(listenerKey(listener)) : port === listener.port,
    );
  const listeners = (await listenersOf(pid)).filter(isOpened);
  for (const listener of listeners) {
    const address = loopbackAddressOf(listener);
    if (address && (await isInspector(address, listener.port, ANSWER_MS))) return { address, port: listener.port };
  }
  return listeners.length > 0 && acceptsNobody(pid) ? 'silent' : undefined;
}

/** A signal that was sent just before the kill may still be on its way, and open it once more. */
async function staysClosed(pid: number, port: number): Promise<boolean> {
  let closedAt: number | undefined;
  for (const deadline = performance.now() + ANSWER_MS; performance.now() < deadline; await delay(20)) {
    const isOpen = (await listenersOf(pid)).some((each) => each.port === port);
    if (isOpen) closedAt = undefined;
    else if (performance.now() - (closedAt ??= performance.now()) >= QUIET_MS) return true;
  }
  return false;
}

/** The question whether it is an inspector was a client's, too, for a moment. */
async function hasClients(pid: number, port: number): Promise<boolean> {
  for (const deadline = performance.now() + ANSWER_MS / 4; performance.now() < deadline; await delay(20)) {
    if ((await clientCount(pid, port)) === 0) return false;
  }
  return true;
}

async function closeFor(opened: readonly Opened[], address: string, port: number): Promise<Closing> {
  const [{ pid }] = opened;
  const isUsed = await hasClients(pid, port);
  const url = await inspectorUrl(address, port, { timeoutMs: ANSWER_MS });
  const channel = await openCdpSocket(url, { what: `process ${pid}`, openTimeoutMs: ANSWER_MS });
  try {
    const ours = createLease(channel);
    const isGuarded = await joinGuard(channel, ours.owner, ANSWER_MS);
    // Without a guard we cannot tell a debugger, which has come since, from another Heatlens.
    if (!isGuarded && isUsed) return 'still-open';
    if (!isGuarded) await installGuard(channel, ours.owner, ANSWER_MS);
    // Those that are lost leave now, and not when the guard has noticed; others that use the inspector stay.
    for (const { lease } of opened) await callTarget(channel, 'leave', [lease], { timeoutMs: ANSWER_MS });
    return (await ours.end(ANSWER_MS)) ? 'closed' : 'in-use';
  } finally {
    channel.close();
  }
}
