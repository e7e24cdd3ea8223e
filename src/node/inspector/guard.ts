import { randomUUID } from 'node:crypto';
import type { Disposable } from '../../core/disposable';
import type { Channel } from '../channel';
import { openCdpSocket } from './cdpSocket';
import { evaluate } from './evaluate';

/**
 * The guard lives inside a target whose inspector Heatlens opened, and closes that inspector when the last Heatlens that
 * uses it has left or has given no sign of life for ten seconds: the only way to leave a process as it was found when
 * our side is killed. It counts its own ticks and not time, so a target that was suspended does not think us dead.
 */
const beatMs = 2_500;
const guardTickMs = 1_000;
const ticksUntilDead = 10;
/** Lets the reply out before the connection it travels on is cut. */
const closeDelayMs = 50;

/** Older versions have only `require`, which the evaluation provides. */
const builtin = '(process.getBuiltinModule ?? require)';
/** It is kept on a module of Node's: programs list, freeze and replace their globals. */
const guardPlace = `${builtin}('inspector')[Symbol.for('heatlens.inspector')]`;

function installScript(owner: string): string {
  return `(() => {
    if (${guardPlace}) return void ${guardPlace}.owners.set(${JSON.stringify(owner)}, 0);
    const inspector = ${builtin}('inspector');
    // The module and not the globals, which programs under test replace.
    const timers = ${builtin}('timers');
    const debugPort = process.debugPort;
    const owners = new Map([[${JSON.stringify(owner)}, 0]]);
    const shut = () => {
      timers.clearInterval(interval);
      listen(false);
      delete ${guardPlace};
      timers.setTimeout(() => {
        inspector.close();
        try { process.debugPort = debugPort; } catch {}
      }, ${closeDelayMs}).unref();
    };
    const interval = timers.setInterval(() => {
      for (const [name, missed] of owners) {
        if (missed >= ${ticksUntilDead}) owners.delete(name);
        else owners.set(name, missed + 1);
      }
      if (owners.size === 0) shut();
    }, ${guardTickMs});
    interval.unref();
    let move;
    const windows = new Set();
    let isListening = false;
    // V8's own console, which programs do not replace.
    const onExit = () => windows.forEach((title) => inspector.console.profileEnd(title));
    const listen = (wanted) => {
      if (wanted === isListening) return;
      // One listener more than the limit would make Node print a warning into the program's output.
      if (wanted && process.listenerCount('exit') >= process.getMaxListeners()) return;
      if (wanted) process.on('exit', onExit);
      else process.off('exit', onExit);
      isListening = wanted;
    };
    ${guardPlace} = {
      owners,
      noteWindow(next, previous) {
        windows.delete(previous);
        if (next) windows.add(next);
        listen(windows.size > 0);
      },
      leave(name) {
        owners.delete(name);
        if (owners.size === 0) shut();
        return owners.size === 0;
      },
      moveToRandomPort() {
        move = timers.setTimeout(() => { move = undefined; inspector.close(); inspector.open(0, '127.0.0.1'); }, 10);
      },
      cancelMove() {
        if (!move) return;
        timers.clearTimeout(move);
        move = undefined;
      },
    };
  })()`;
}

/** Each connection is an owner of its own, and stays the same one when it has to reconnect. */
export function newOwner(): string {
  return randomUUID();
}

/** Creates the guard, or joins the one that is there. */
export async function installGuard(channel: Channel, owner: string): Promise<void> {
  await evaluate(channel, installScript(owner));
}

/** False when no Heatlens opened this inspector, so that nobody has to close it. */
export async function joinGuard(channel: Channel, owner: string): Promise<boolean> {
  const join = `${guardPlace}?.owners.set(${JSON.stringify(owner)}, 0)`;
  return evaluate<boolean>(channel, `!!${join}`);
}

/** Tells the guard on a timer that we are alive; the timer does not keep our process running. */
export function keepAlive(channel: Channel, owner: string): Disposable {
  const timer = setInterval(() => {
    // A lost connection is reported by the channel's end, a silent target by whoever asks it something.
    evaluate(channel, `void ${guardPlace}?.owners.set(${JSON.stringify(owner)}, 0)`).catch(() => undefined);
  }, beatMs);
  timer.unref();
  return { dispose: () => clearInterval(timer) };
}

/** True when nobody else uses the inspector, which is about to close then. */
export async function leaveGuard(channel: Channel, owner: string, timeoutMs: number): Promise<boolean> {
  return evaluate<boolean>(channel, `!!${guardPlace}?.leave(${JSON.stringify(owner)})`, { timeoutMs });
}

/**
 * To be run in the target at each change of its CPU windows. A process that ends by itself would take the open window
 * along: all of a script that is shorter than a refresh. So the guard ends it as the process emits `exit`, while
 * JavaScript can still run, and V8 sends the profile before Node waits for us to disconnect. (Asking for it then is too
 * late: running code at that point crashes Node 20.) Without a guard nothing would take the listener away if we died, so
 * then there is none.
 */
export function noteOpenWindow(change: { next?: string; previous?: string }): string {
  return `${guardPlace}?.noteWindow?.(${JSON.stringify(change.next)}, ${JSON.stringify(change.previous)})`;
}

/** The inspector closes and opens again on a random port; the channel ends with that. */
export async function moveToRandomPort(channel: Channel): Promise<void> {
  await evaluate(channel, `${guardPlace}.moveToRandomPort()`);
}

export async function cancelMove(channel: Channel): Promise<void> {
  await evaluate(channel, `${guardPlace}.cancelMove()`);
}

/** Closes the inspector behind that URL unless another Heatlens uses it. */
export async function closeInspector(url: string, pid: number): Promise<void> {
  const channel = await openCdpSocket(url, { what: `process ${pid}` });
  try {
    const owner = newOwner();
    await installGuard(channel, owner);
    await leaveGuard(channel, owner, 2_000);
  } finally {
    channel.close();
  }
}
