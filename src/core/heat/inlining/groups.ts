import type { InterruptLog } from '../../measurement/interruptLog';
import { NOBODY, type FunctionKey } from './functionKeys';

/** What interrupt samples say of one physical function and all that V8 may have inlined into it. */
export interface Group {
  /** Samples with the function on the stack. */
  readonly samples: number;
  /** By function that was innermost then. The physical function itself is one of them where it has loops or calls of its own. */
  readonly members: ReadonlyMap<FunctionKey, Member>;
}

export interface Member {
  readonly samples: number;
  /** Of those samples: how many had the function between the member and the physical one. */
  readonly through: ReadonlyMap<FunctionKey, number>;
  /** Of those samples: by the function right above the member. */
  readonly callers: ReadonlyMap<FunctionKey, number>;
  /** Lines of the physical function (0-based, generated) that it was called from, through others or not. */
  readonly callSites: ReadonlySet<number>;
  /** Of its own (0-based, generated): where it was interrupted. */
  readonly lines: ReadonlyMap<number, number>;
}

/** Of all interrupt samples of a group: so few are of the time before V8 had optimised the function. */
const HARDLY_ANY = 0.01;

/**
 * Whether a function that runs in the group cannot be interrupted there, having neither loop nor call, as far as its samples
 * say: no more of them than chance makes of `HARDLY_ANY` (Poisson, two standard deviations).
 */
export function isHardlySeen(key: FunctionKey, { members, samples }: Group): boolean {
  const few = samples * HARDLY_ANY;
  return (members.get(key)?.samples ?? 0) <= few + 2 * Math.sqrt(few);
}

const EMPTY: Group = { samples: 0, members: new Map() };

/**
 * Groups by physical function. Which frame of a stack was the physical one a sample does not say: each of them may be, so
 * that a stack counts for every function on it.
 */
export function createGroups(log: InterruptLog, keys: readonly FunctionKey[]): (key: FunctionKey) => Group {
  const stacksOf = new Map<FunctionKey, number[]>();
  log.stacks.forEach(({ frames }, stack) => {
    for (const frame of frames) {
      const key = keys[frame];
      if (key === NOBODY) continue;
      const list = stacksOf.get(key);
      if (!list) stacksOf.set(key, [stack]);
      else if (list[list.length - 1] !== stack) list.push(stack);
    }
  });
  const groups = new Map<FunctionKey, Group>();
  return (key) => {
    let group = groups.get(key);
    if (!group) {
      const stacks = stacksOf.get(key);
      groups.set(key, (group = stacks ? groupOf(key, stacks, log, keys) : EMPTY));
    }
    return group;
  };
}

interface GrowingMember {
  samples: number;
  readonly through: Map<FunctionKey, number>;
  readonly callers: Map<FunctionKey, number>;
  readonly callSites: Set<number>;
  readonly lines: Map<number, number>;
}

function newMember(): GrowingMember {
  return { samples: 0, through: new Map(), callers: new Map(), callSites: new Set(), lines: new Map() };
}

function groupOf(key: FunctionKey, stacks: readonly number[], log: InterruptLog, keys: readonly FunctionKey[]): Group {
  const members = new Map<FunctionKey, GrowingMember>();
  let samples = 0;
  for (const index of stacks) {
    const { frames, count } = log.stacks[index];
    const path: FunctionKey[] = [];
    let callSite = -1;
    for (const frame of frames) {
      callSite = log.frames[frame].line;
      if (keys[frame] === key) break;
      if (keys[frame] !== NOBODY) path.push(keys[frame]);
    }
    const innermost = path.length ? path[0] : key;
    samples += count;
    let member = members.get(innermost);
    if (!member) members.set(innermost, (member = newMember()));
    member.samples += count;
    const ownLine = log.frames[frames.find((frame) => keys[frame] === innermost)!].line;
    member.lines.set(ownLine, (member.lines.get(ownLine) ?? 0) + count);
    for (const between of new Set(path.slice(1)))
      if (between !== innermost) member.through.set(between, (member.through.get(between) ?? 0) + count);
    if (path.length) {
      member.callSites.add(callSite);
      const caller = path[1] ?? key;
      member.callers.set(caller, (member.callers.get(caller) ?? 0) + count);
    }
  }
  return { samples, members };
}
