import { builtin } from './builtin';

/** Something of the target that is not as it was found. */
export interface UndoStep {
  /** Puts it back. Called once, when the last owner has left or is lost. */
  undo(): void;
  /** What is left to do while the process emits `exit`; absent when nothing of it outlives the process anyway. */
  exit?: () => void;
}

/**
 * The one list of what has to be undone in this isolate, whoever changed it. Each owner (a client's connection) shares a
 * step with all others that want the same. A step is undone when its last owner leaves, or gives no sign of life for ten
 * seconds: the only way to leave a process as it was found when our side is killed. Ticks are counted and not time, so a
 * target that was suspended does not think us dead.
 */
export interface UndoRegistry {
  /** The step of that name, made now unless somebody has it already. */
  register<S extends UndoStep>(owner: string, name: string, create: () => S): S;
  find(name: string): UndoStep | undefined;
  isOnlyOwner(owner: string, name: string): boolean;
  /** A sign of life; false from an owner that has no steps (any more). */
  beat(owner: string): boolean;
  release(owner: string, name: string): void;
  leave(owner: string): void;
  /** To be called after a step's `exit` came or went. */
  exitChanged(): void;
}

const TICK_MS = 1_000;
const TICKS_UNTIL_LOST = 10;

/** It is kept on a module of Node's: programs list, freeze and replace their globals. */
type Home = Record<symbol, UndoRegistry | undefined>;
const place = Symbol.for('heatlens.undo');

/** Undefined while there is nothing to undo. */
export function undoRegistry(): UndoRegistry | undefined {
  return home()[place];
}

/** For somebody who is about to register a step. */
export function openUndoRegistry(): UndoRegistry {
  return (home()[place] ??= createRegistry());
}

function home(): Home {
  return builtin('inspector');
}

interface Shared {
  readonly step: UndoStep;
  readonly owners: Set<string>;
}

/** Its methods are called by other copies of this bundle as well, so what it needs is in it. */
function createRegistry(): UndoRegistry {
  // The module and not the globals, which programs under test replace.
  const timers = builtin('timers');
  const steps = new Map<string, Shared>();
  /** By owner: the ticks since it gave a sign of life. */
  const silence = new Map<string, number>();
  let isListening = false;

  const onExit = (): void => {
    for (const { step } of steps.values()) attempt(() => step.exit?.());
  };
  const listen = (wanted: boolean): void => {
    if (wanted === isListening) return;
    // One listener more than the limit would make Node print a warning into the program's output.
    if (wanted && process.listenerCount('exit') >= process.getMaxListeners()) return;
    if (wanted) process.on('exit', onExit);
    else process.off('exit', onExit);
    isListening = wanted;
  };
  const drop = (owner: string, name: string): void => {
    const shared = steps.get(name);
    if (!shared?.owners.delete(owner) || shared.owners.size > 0) return;
    steps.delete(name);
    attempt(() => shared.step.undo());
  };
  const dropAll = (owner: string): void => {
    silence.delete(owner);
    for (const name of [...steps.keys()].reverse()) drop(owner, name);
  };
  const settle = (): void => {
    listen([...steps.values()].some(({ step }) => step.exit));
    if (steps.size > 0) return;
    timers.clearInterval(interval);
    delete home()[place];
  };
  const interval = timers.setInterval(() => {
    for (const [owner, ticks] of silence) {
      if (ticks >= TICKS_UNTIL_LOST) dropAll(owner);
      else silence.set(owner, ticks + 1);
    }
    settle();
  }, TICK_MS);
  interval.unref();

  return {
    register(owner, name, create) {
      const shared = steps.get(name) ?? { step: create(), owners: new Set() };
      steps.set(name, shared);
      shared.owners.add(owner);
      silence.set(owner, 0);
      settle();
      // Who uses one name for two kinds of steps has made a mistake that no check would mend.
      return shared.step as ReturnType<typeof create>;
    },
    find: (name) => steps.get(name)?.step,
    isOnlyOwner(owner, name) {
      const owners = steps.get(name)?.owners;
      return owners?.size === 1 && owners.has(owner);
    },
    beat(owner) {
      if (!silence.has(owner)) return false;
      silence.set(owner, 0);
      return true;
    },
    release(owner, name) {
      drop(owner, name);
      if (![...steps.values()].some(({ owners }) => owners.has(owner))) silence.delete(owner);
      settle();
    },
    leave(owner) {
      dropAll(owner);
      settle();
    },
    exitChanged: settle,
  };
}

/** One step that fails must not keep the others from being undone. */
function attempt(action: () => void): void {
  try {
    action();
  } catch {
    // Nobody is left to tell.
  }
}
