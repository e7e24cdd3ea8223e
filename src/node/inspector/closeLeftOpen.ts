import { rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { TcpListener } from '../processes/tcpSockets';
import { clientCount, listenersOf, loopbackAddressOf } from '../processes/tcpSockets';
import { callTarget } from './callTarget';
import { openCdpSocket } from './cdpSocket';
import { installGuard, joinGuard } from './guard';
import { inspectorUrl, isInspector } from './inspectorHttp';
import { createLease } from './lease';
import { listenerKey, notesOfLost, type LeftOpen, type Opened } from './openedNotes';

const ANSWER_MS = 2_000;
/**
 * A process that was asked for an inspector and was blocked opens it when it wakes up; after so long it never will. Whether it
 * was asked is not sure when Heatlens was killed at that moment.
 */
const STILL_EXPECTED_MS = 3_600_000;
const PERHAPS_EXPECTED_MS = 15_000;

const QUIET_MS = 150;

let closing: Promise<readonly number[]> | undefined;

/**
 * Closes the inspectors that a Heatlens had opened and that were left open when it was killed. Resolves to the ids of the
 * processes; never rejects. What cannot be closed now is tried again at the next call.
 */
export function closeLeftOpen(): Promise<readonly number[]> {
  return (closing ??= closeAll().finally(() => {
    closing = undefined;
  }));
}

async function closeAll(): Promise<readonly number[]> {
  try {
    // Several may have been killed at one process: what they left is closed in one go, for none to take another for a user.
    const byProcess = new Map<string, LeftOpen[]>();
    for (const left of await notesOfLost()) {
      const key = `${left.opened.pid} ${left.opened.birth}`;
      byProcess.set(key, [...(byProcess.get(key) ?? []), left]);
    }
    const closed = await Promise.all([...byProcess.values()].map(closeOne));
    return closed.filter((pid) => pid !== undefined);
  } catch {
    return []; // the folder is gone
  }
}

/** Resolves to the process's id when its inspector was closed now. */
async function closeOne(notes: readonly LeftOpen[]): Promise<number | undefined> {
  const opened = notes.map((note) => note.opened);
  const [{ pid }] = opened;
  const forget = (done: readonly LeftOpen[]): void => done.forEach(({ file }) => rmSync(file, { force: true }));
  try {
    const found = await findOpened(pid, opened);
    if (!found) {
      // Closed by the guard in the target, or never asked for.
      forget(notes.filter((note) => !isStillExpected(note.opened)));
      return undefined;
    }
    await closeFor(opened, found.address, found.port);
    if (!(await staysClosed(pid, found.port))) return undefined;
    forget(notes);
    return pid;
  } catch {
    return undefined; // Blocked, or at this moment somebody else's: next time.
  }
}

function isStillExpected({ port, isAsked, at }: Opened): boolean {
  return port === undefined && Date.now() - at < (isAsked ? STILL_EXPECTED_MS : PERHAPS_EXPECTED_MS);
}

async function findOpened(
  pid: number,
  opened: readonly Opened[],
): Promise<{ address: string; port: number } | undefined> {
  const isOpened = (listener: TcpListener): boolean =>
    opened.some(({ before, port }) =>
      port === undefined ? !before.includes(listenerKey(listener)) : port === listener.port,
    );
  for (const listener of (await listenersOf(pid)).filter(isOpened)) {
    const address = loopbackAddressOf(listener);
    if (address && (await isInspector(address, listener.port, ANSWER_MS))) return { address, port: listener.port };
  }
  return undefined;
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

async function closeFor(opened: readonly Opened[], address: string, port: number): Promise<void> {
  const [{ pid }] = opened;
  const isUsed = await hasClients(pid, port);
  const url = await inspectorUrl(address, port, { timeoutMs: ANSWER_MS });
  const channel = await openCdpSocket(url, { what: `process ${pid}`, openTimeoutMs: ANSWER_MS });
  try {
    const ours = createLease(channel);
    const isGuarded = await joinGuard(channel, ours.owner, ANSWER_MS);
    // Without a guard we cannot tell a debugger, which has come since, from another Heatlens.
    if (!isGuarded && isUsed) return;
    if (!isGuarded) await installGuard(channel, ours.owner, ANSWER_MS);
    // Those that are lost leave now, and not when the guard has noticed; others that use the inspector stay.
    for (const { lease } of opened) await callTarget(channel, 'leave', [lease], { timeoutMs: ANSWER_MS });
    await ours.end(ANSWER_MS);
  } finally {
    channel.close();
  }
}
