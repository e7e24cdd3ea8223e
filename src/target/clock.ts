import { attempt } from './attempt';
import { builtin } from './builtin';

// What is faked when time is faked are the timers of the globals and of the module `timers`. The timeouts of Node's sockets
// come from below those, and V8's own waiting from outside of Node: neither keeps a process alive, and a target that was
// suspended sees no time go by.

const TICK_MS = 1_000;
/** The first tick comes soon, so that whether there is a clock at all is known soon. */
const FIRST_MS = 20;
/** Ticks by which one source may be ahead of another that works; one that is further ahead is not telling the time. */
const AHEAD = 12;

/** A moment of a clock; see {@link ticksBetween}. */
export interface Moment {
  /** By the timeouts of a socket, and by V8's waiting: since the start. */
  readonly socket: number;
  readonly wait: number;
}

export interface Clock {
  now(): Moment;
  stop(): void;
}

/** Ticks about once a second while the event loop turns. Never throws; it stands still where no source of time works. */
export function startClock(onTick: () => void): Clock {
  const ticks = { socket: 0, wait: 0 };
  const stops = {
    socket: attempt(() =>
      tickBySocket(() => {
        if (ticks.wait > 0 && ticks.socket > ticks.wait + AHEAD) return false;
        ticks.socket++;
        attempt(onTick);
        return true;
      }),
    ),
    wait: attempt(() =>
      tickByWaiting(() => {
        if (ticks.socket > 0 && ticks.wait > ticks.socket + AHEAD) return false;
        ticks.wait++;
        attempt(onTick);
        return true;
      }),
    ),
  };
  return {
    now: () => ({ socket: ticks.socket, wait: ticks.wait }),
    stop() {
      attempt(() => stops.socket!());
      attempt(() => stops.wait!());
    },
  };
}

/**
 * Ticks from one moment to another. Where both sources work both have to agree, unless one of them has stopped for long.
 */
export function ticksBetween(before: Moment, after: Moment): number {
  const socket = after.socket - before.socket;
  const wait = after.wait - before.wait;
  if (after.wait === 0 || socket > 3 * (wait + 1)) return after.wait === 0 ? socket : socket / 3;
  if (after.socket === 0 || wait > 3 * (socket + 1)) return after.socket === 0 ? wait : wait / 3;
  return socket < wait ? socket : wait;
}

/** `tick` answers whether it wants another one. */
function tickBySocket(tick: () => boolean): () => void {
  let isSettled = false;
  const again = (): void => {
    // A replacement that calls back at once would do so for ever.
    if (!isSettled || !tick()) return;
    isSettled = false;
    stop = bySocket(TICK_MS, again);
    isSettled = true;
  };
  let stop = bySocket(FIRST_MS, again);
  isSettled = true;
  return () => stop();
}

function tickByWaiting(tick: () => boolean): () => void {
  let stop = byWaiting(FIRST_MS, again);
  function again(): void {
    if (tick()) stop = byWaiting(TICK_MS, again);
  }
  return () => stop();
}

/**
 * Calls once, after that time, unless it is called off by what it gives; keeps no process alive. Throws where neither source
 * of time is at hand.
 */
export function after(ms: number, action: () => void): () => void {
  return attempt(() => bySocket(ms, action)) ?? byWaiting(ms, action);
}

function bySocket(ms: number, action: () => void): () => void {
  const socket = new (builtin('net').Socket)();
  let isDone = false;
  const end = (): void => {
    isDone = true;
    socket.setTimeout(0);
  };
  let isAtOnce = true;
  socket.setTimeout(ms, () => {
    if (isDone || isAtOnce) return;
    attempt(end);
    attempt(action);
  });
  isAtOnce = false;
  return end;
}

/** Of ES2024, in every Node that is supported. */
interface WaitingAtomics {
  waitAsync(cell: Int32Array, index: number, value: number, ms: number): { async: boolean; value: Promise<unknown> };
}

function byWaiting(ms: number, action: () => void): () => void {
  const cell = new Int32Array(new SharedArrayBuffer(4));
  const startedAt = wallClock();
  const waiting = (Atomics as unknown as WaitingAtomics).waitAsync(cell, 0, 0, ms);
  let isDone = !waiting.async;
  const wait = async (): Promise<void> => {
    try {
      await waiting.value;
    } catch {
      return;
    }
    const now = wallClock();
    // A replacement that settles at once would keep the process from ever doing anything else.
    if (isDone || (now !== undefined && startedAt !== undefined && now - startedAt < ms / 2)) return;
    isDone = true;
    attempt(action);
  };
  void wait();
  return () => {
    isDone = true;
    Atomics.notify(cell, 0);
  };
}

function wallClock(): number | undefined {
  const ms = attempt(() => builtin('perf_hooks').performance.now());
  return typeof ms === 'number' && ms > 0 ? ms : undefined;
}
