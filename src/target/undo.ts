import { attempt } from './attempt';
import { builtin, nodeProcess } from './builtin';
import { startClock, ticksBetween, type Clock, type Moment } from './clock';

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
  /** The step of that name, made now unless somebody has it already. It is to change nothing yet: what fails is undone. */
  register<S extends UndoStep>(owner: string, name: string, create: () => S): S;
  find(name: string): UndoStep | undefined;
  isOnlyOwner(owner: string, name: string): boolean;
  /** A sign of life; false from an owner that has no steps (any more). */
  beat(owner: string): boolean;
  release(owner: string, name: string): void;
  leave(owner: string): void;
  /** Everything but that one. */
  leaveAllBut(owner: string, name: string): void;
  /** To be called after a step's `exit` came or went. */
  exitChanged(): void;
  /** Whether owners that are lost can be told from others. False for the first moment, too. */
  hasClock(): boolean;
}

const TICKS_UNTIL_LOST = 10;

/** Undefined while there is nothing to undo. */
export function undoRegistry(): UndoRegistry | undefined {
  const key = keyOfHome();
  for (let index = 0; index < HOMES; index++) {
    const found = attempt(() => homeAt(index)![key]);
    if (found) return found;
  }
  return homeless;
}

/** Whether another connection finds the registry that this one uses. */
export function isRegistryShared(): boolean {
  return homeless === undefined;
}

/** For somebody who is about to register a step. */
export function openUndoRegistry(): UndoRegistry {
  return undoRegistry() ?? settleIn(createRegistry());
}

/** It is kept on something of Node's: programs list, freeze and replace their globals. */
type Home = Record<string | symbol, UndoRegistry | undefined>;

const HOMES = 5;
/** Where nothing takes it: then each connection has a list of its own. */
let homeless: UndoRegistry | undefined;

/** In turn, since a program may have frozen some of them. */
function homeAt(index: number): Home | undefined {
  const homes: { readonly [index: number]: unknown } = {
    get 0() {
      return builtin('inspector');
    },
    get 1() {
      return nodeProcess()!._debugEnd;
    },
    get 2() {
      return builtin('net').Socket;
    },
    get 3() {
      return nodeProcess();
    },
    get 4() {
      return globalThis;
    },
  };
  return homes[index] as Home | undefined;
}

function keyOfHome(): string | symbol {
  const key: unknown = attempt(() => Symbol.for('heatlens.undo'));
  return typeof key === 'symbol' ? key : 'heatlens.undo';
}

function settleIn(registry: UndoRegistry): UndoRegistry {
  const key = keyOfHome();
  for (let index = 0; index < HOMES; index++) {
    const isKept = attempt(() => {
      const home = homeAt(index)!;
      home[key] = registry;
      return home[key] === registry;
    });
    if (isKept) return registry;
  }
  homeless = registry;
  return registry;
}

function moveOut(registry: UndoRegistry): void {
  const key = keyOfHome();
  for (let index = 0; index < HOMES; index++) {
    attempt(() => {
      const home = homeAt(index)!;
      if (home[key] === registry) delete home[key];
    });
  }
  if (homeless === registry) homeless = undefined;
}

/** Without a prototype, so that its keys are all that is in it. */
function dictionary<T>(): Record<string, T | undefined> {
  return { __proto__: null } as unknown as Record<string, T | undefined>;
}

/** Of the list of steps, from the newest to the oldest. */
interface Shared {
  readonly name: string;
  readonly step: UndoStep;
  readonly owners: Record<string, true | undefined>;
  readonly older: Shared | undefined;
}

function hasOwner(shared: Shared): boolean {
  for (const _ in shared.owners) return true;
  return false;
}

/** Its methods are called by other copies of this bundle as well, so what it needs is in it. */
function createRegistry(): UndoRegistry {
  let newest: Shared | undefined;
  /** By owner, when it last gave a sign of life. */
  const signs = dictionary<Moment>();
  let isListening = false;
  let clock: Clock | undefined;

  const find = (name: string): Shared | undefined => {
    for (let at = newest; at; at = at.older) if (at.name === name) return at;
    return undefined;
  };
  const without = (removed: Shared, list: Shared | undefined): Shared | undefined => {
    if (!list || list === removed) return list?.older;
    return { name: list.name, step: list.step, owners: list.owners, older: without(removed, list.older) };
  };
  const onExit = (): void => {
    for (let at = newest; at; at = at.older) {
      const { step } = at;
      attempt(() => step.exit?.());
    }
  };
  const listen = (wanted: boolean): void => {
    if (wanted === isListening) return;
    const process = nodeProcess()!;
    if (wanted) {
      // One listener more than the limit would make Node print a warning into the program's output; 0 is no limit.
      const limit = process.getMaxListeners();
      if (limit > 0 && process.listenerCount('exit') >= limit) return;
      process.on('exit', onExit);
    } else process.off('exit', onExit);
    isListening = wanted;
  };
  const drop = (owner: string, name: string): void => {
    const shared = find(name);
    if (!shared?.owners[owner]) return;
    delete shared.owners[owner];
    if (hasOwner(shared)) return;
    newest = without(shared, newest);
    attempt(() => shared.step.undo());
  };
  const dropAllBut = (owner: string, kept: string | undefined): void => {
    for (let at = newest; at; at = at.older) if (at.name !== kept) drop(owner, at.name);
  };
  const leave = (owner: string): void => {
    delete signs[owner];
    dropAllBut(owner, undefined);
    settle();
  };
  const settle = (): void => {
    let wantsExit = false;
    for (let at = newest; at; at = at.older) if (at.step.exit) wantsExit = true;
    attempt(() => listen(wantsExit));
    if (newest) return;
    clock?.stop();
    clock = undefined;
    moveOut(registry);
  };
  const onTick = (): void => {
    const now = clock!.now();
    for (const owner in signs) {
      const seen = signs[owner];
      if (seen && ticksBetween(seen, now) >= TICKS_UNTIL_LOST) leave(owner);
    }
  };

  const registry: UndoRegistry = {
    register(owner, name, create) {
      let shared = find(name);
      if (!shared) newest = shared = { name, step: create(), owners: dictionary(), older: newest };
      shared.owners[owner] = true;
      clock ??= startClock(() => clock && onTick());
      signs[owner] = clock.now();
      settle();
      // Who uses one name for two kinds of steps has made a mistake that no check would mend.
      return shared.step as ReturnType<typeof create>;
    },
    find: (name) => find(name)?.step,
    isOnlyOwner(owner, name) {
      const owners = find(name)?.owners;
      if (!owners?.[owner]) return false;
      for (const other in owners) if (other !== owner) return false;
      return true;
    },
    beat(owner) {
      if (!signs[owner] || !clock) return false;
      signs[owner] = clock.now();
      return true;
    },
    release(owner, name) {
      drop(owner, name);
      let owns = false;
      for (let at = newest; at; at = at.older) if (at.owners[owner]) owns = true;
      if (!owns) delete signs[owner];
      settle();
    },
    leave,
    leaveAllBut(owner, name) {
      dropAllBut(owner, name);
      settle();
    },
    exitChanged: settle,
    hasClock() {
      const now = clock?.now();
      return now !== undefined && now.socket + now.wait > 0;
    },
  };
  return registry;
}
