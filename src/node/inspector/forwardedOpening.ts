import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { t } from '@vscode/l10n';
import type { HeatlensError } from '../../core/errors';
import { clusterWorkersOf, type ClusterWorker } from '../processes/clusterWorkers';
import { readProcAge, readProcStatus, readSignalThreadWakeups, waitsForEvents } from '../processes/linuxProc';
import { listenersOf } from '../processes/tcpSockets';
import { isAlive } from './checkProcess';
import { checkRoom } from './checkRoom';
import { closeOpened, type Closing } from './closeOpened';
import { inspectorLeftOpen, workerMayOpen, workerWouldEnd } from './inspectorErrors';
import { listenerKey, noteOpened, type Opened, type OpenedNote } from './openedNotes';
import { effectOfSigusr1, STARTUP_MS } from './signalSafety';

// However the inspector of a cluster's primary is opened, Node has the primary send SIGUSR1 to all of its workers, and there is
// no way around it from outside. Each worker then tries to open one, and keeps it: on a port of its own, or on the usual one
// when the primary has left that. So what opens there is closed as what we opened ourselves.

export interface ForwardedOpening {
  /** Immediately before the signal to the primary. Throws when the one that it passes on would end a worker. */
  lastLook(): void;
  /** The primary has been asked. */
  begin(): void;
  /** It was not. */
  cancel(): void;
  /** Waits a moment for those that are busy. Resolves to what is open still, or may open yet; never rejects. */
  end(): Promise<HeatlensError | undefined>;
}

/** How long a worker is watched that has not opened any. */
const WATCH_MS = 60_000;
/**
 * A worker that got the signal so long ago, and has slept since, has done what it does at it: mostly. One that waits for a child or
 * a lock has slept, too, and opens its inspector when that is over.
 */
const SETTLED_AFTER_MS = 8_000;
/** When workers are looked for again that were only being started when the primary was asked. */
const SECOND_LIST_MS = 500;
const FAREWELL_MS = 2_000;
/** Between two looks: short at first, when idle workers open theirs, and a tenth of the time that it has taken so far then. */
const SHORTEST_LOOK_MS = 40;
const LONGEST_LOOK_MS = 500;

interface Watched {
  readonly opened: Opened;
  readonly note: OpenedNote;
  /** Before the signal. */
  wakeups: number | undefined;
  sleeps: number | undefined;
  /** `performance.now()` when the signal was seen to have come. */
  receivedAt?: number;
  /** One at a time: another one of ours would look like somebody who uses the inspector. */
  closing?: Promise<Closing>;
  isSettled: boolean;
}

/** Undefined for a process without cluster workers. What it notes is to be ended or cancelled. */
export async function expectForwarding(primary: number): Promise<ForwardedOpening | undefined> {
  const workers = clusterWorkersOf(primary);
  if (workers.length === 0) return undefined;
  const watched = await Promise.all(workers.map(watch));
  let startedAt = 0;
  let looking: Promise<void> | undefined;

  const addNew = async (): Promise<void> => {
    const known = new Set(watched.map(({ opened }) => opened.pid));
    const added = clusterWorkersOf(primary).filter(({ pid }) => !known.has(pid));
    for (const each of await Promise.all(added.map(watch))) {
      each.note.update({ isAsked: true });
      watched.push(each);
    }
  };
  const unsettled = (): Watched[] => watched.filter((each) => !each.isSettled);
  const lookUntilSettled = async (): Promise<void> => {
    let isListedAgain = false;
    for (;;) {
      const elapsed = performance.now() - startedAt;
      await Promise.all(unsettled().map(look));
      if (!isListedAgain && elapsed > SECOND_LIST_MS) {
        isListedAgain = true;
        await addNew();
      }
      if ((isListedAgain && unsettled().length === 0) || elapsed > WATCH_MS) break;
      const pause = Math.min(Math.max(elapsed / 10, SHORTEST_LOOK_MS), LONGEST_LOOK_MS);
      await delay(pause, undefined, { ref: false });
    }
    // Whoever has not got the signal by now was not sent it; one that has is blocked, and the next start looks at it.
    for (const each of unsettled()) {
      if (isReceived(each)) each.note.abandon();
      else settle(each);
    }
  };

  return {
    lastLook() {
      for (const each of watched) {
        const { pid } = each.opened;
        const name = t('Process {0}, a cluster worker of process {1},', pid, primary);
        if (!isAlive(pid)) continue;
        if (effectOfSigusr1(pid) === 'deadly' && readProcAge(pid) > STARTUP_MS) throw workerWouldEnd(pid, primary);
        checkRoom(pid, name);
        each.wakeups = readSignalThreadWakeups(pid);
        each.sleeps = readProcStatus(pid)?.sleeps;
      }
    },
    begin() {
      startedAt = performance.now();
      for (const { note } of watched) note.update({ isAsked: true });
      looking = lookUntilSettled().catch(() => undefined);
    },
    cancel() {
      for (const each of watched) settle(each);
    },
    async end() {
      if (!looking) return undefined;
      const patience = new AbortController();
      await Promise.race([
        looking,
        delay(FAREWELL_MS, undefined, { signal: patience.signal }).catch(() => undefined),
      ]).finally(() => patience.abort());
      // Those that had settled, too: a worker that waits in a system call can look as if it had acted.
      await Promise.all(watched.map(closeFresh));
      for (const each of watched) {
        const [fresh] = await freshListeners(each.opened);
        if (fresh && (await closeFresh(each)) === 'still-open') return inspectorLeftOpen(each.opened.pid, fresh.port);
      }
      const blocked = unsettled().find((each) => isReceived(each) && !hasSlept(each));
      return blocked && workerMayOpen(blocked.opened.pid, primary);
    },
  };
}

async function watch({ pid, birth }: ClusterWorker): Promise<Watched> {
  const before = (await listenersOf(pid)).map(listenerKey);
  const opened = { pid, birth, lease: randomUUID(), before, at: Date.now() };
  return {
    opened,
    note: await noteOpened(opened),
    wakeups: readSignalThreadWakeups(pid),
    sleeps: readProcStatus(pid)?.sleeps,
    isSettled: false,
  };
}

function isReceived({ opened, wakeups }: Watched): boolean {
  const now = readSignalThreadWakeups(opened.pid);
  return now !== undefined && now !== wakeups;
}

/** Closes what the worker has opened, and settles it when nothing more will come of it. */
async function look(watched: Watched): Promise<void> {
  const { opened } = watched;
  if (!isAlive(opened.pid)) return settle(watched);
  if (!isReceived(watched)) return;
  const receivedAt = (watched.receivedAt ??= performance.now());
  const closing = await closeFresh(watched);
  if (closing === 'closed' || closing === 'in-use') return settle(watched);
  const isLongAgo = performance.now() - receivedAt > SETTLED_AFTER_MS;
  if (closing === 'not-open' && isLongAgo && hasSlept(watched)) settle(watched);
}

function hasSlept({ opened, sleeps }: Watched): boolean {
  return readProcStatus(opened.pid)?.sleeps !== sleeps && waitsForEvents(opened.pid) !== false;
}

function settle(watched: Watched): void {
  watched.isSettled = true;
  watched.note.remove();
}

function closeFresh(watched: Watched): Promise<Closing> {
  const close = async (): Promise<Closing> =>
    (await freshListeners(watched.opened)).length > 0 ? closeOpened([watched.opened]) : 'not-open';
  return (watched.closing ??= close().finally(() => {
    watched.closing = undefined;
  }));
}

async function freshListeners({ pid, before }: Opened): ReturnType<typeof listenersOf> {
  return (await listenersOf(pid)).filter((each) => !before.includes(listenerKey(each)));
}
