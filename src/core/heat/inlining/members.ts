import { NOBODY, type FunctionKey } from './functionKeys';
import { isHardlySeen, type Group } from './groups';

/** How a function was found to stand inside of a physical one. */
export interface MemberPlace {
  /** The function that was seen on interrupted stacks, or the physical one, through whose calls this one is reached. */
  readonly head: FunctionKey;
  /** From that one, without it, down to the member's own caller. */
  readonly between: readonly FunctionKey[];
  /** Seen as a frame of interrupted stacks; else by a call that the text proves, or that other samples have seen. */
  readonly kind: 'seen' | 'bound' | 'called';
}

/** V8 rarely inlines longer chains than this into one function. */
const MOST_STEPS = 4;
/** Functions inside of one physical function that are looked at. */
const MOST_MEMBERS = 2_000;

export interface Calls {
  /** What the text of the function certainly calls. */
  boundBy(key: FunctionKey): readonly FunctionKey[];
  /** What was seen below the function in the profile. */
  seenBelow(key: FunctionKey): readonly FunctionKey[];
}

/** All functions that may be inlined into the physical one, by edges that were seen or are certain. */
export function membersOf(physical: FunctionKey, group: Group, calls: Calls): ReadonlyMap<FunctionKey, MemberPlace> {
  const found = new Map<FunctionKey, MemberPlace>();
  const add = (key: FunctionKey, place: MemberPlace): boolean => {
    if (key === physical || key === NOBODY || found.has(key) || found.size >= MOST_MEMBERS) return false;
    found.set(key, place);
    return true;
  };
  const addSeen = (keys: readonly FunctionKey[]): void => {
    for (const key of keys) add(key, { head: key, between: [], kind: 'seen' });
    for (const member of keys)
      for (const key of group.members.get(member)!.through.keys())
        add(key, { head: member, between: [], kind: 'seen' });
    follow(physical, found, add, 'bound', (key) => calls.boundBy(key));
  };
  const [rarely, often] = partition([...group.members.keys()], (key) => isHardlySeen(key, group));
  addSeen(often);
  // One that others certainly call has its time in theirs: by its own few samples it would have hardly any.
  addSeen(rarely);
  follow(physical, found, add, 'called', (key) => calls.seenBelow(key));
  return found;
}

function partition<T>(list: readonly T[], test: (item: T) => boolean): [T[], T[]] {
  return [list.filter(test), list.filter((item) => !test(item))];
}

function follow(
  physical: FunctionKey,
  found: ReadonlyMap<FunctionKey, MemberPlace>,
  add: (key: FunctionKey, place: MemberPlace) => boolean,
  kind: MemberPlace['kind'],
  callees: (key: FunctionKey) => readonly FunctionKey[],
): void {
  const own: MemberPlace = { head: physical, between: [], kind: 'seen' };
  let edge: FunctionKey[] = [physical, ...found.keys()];
  for (let step = 0; step < MOST_STEPS && edge.length; step++) {
    const next: FunctionKey[] = [];
    for (const caller of edge) {
      const { head, between } = caller === physical ? own : found.get(caller)!;
      const path = caller === head ? between : [...between, caller];
      for (const callee of callees(caller)) if (add(callee, { head, between: path, kind })) next.push(callee);
    }
    edge = next;
  }
}
