import type { InterruptLog } from '../../measurement/interruptLog';
import type { Frame } from '../../profile/frame';
import type { CallTree } from '../../profile/tree/callTree';
import type { LinePlaces, MethodResolver } from '../methodResolver';
import { candidatesOf, type Candidate } from './candidates';
import { chargeCalled, type CalledOn, type PlacesOf } from './calledThere';
import { divideLines, type DividedLine, type Division } from './divideLines';
import { createFunctionKeys, NOBODY, type FunctionKey } from './functionKeys';
import { createGroups, type Group } from './groups';
import { membersOf, type MemberPlace } from './members';

/** For the whole tree of one isolate: which samples of a physical function are of what V8 inlined into it. */
export interface InlinedFunctions {
  /** By frame of the tree's table. */
  keys(): readonly FunctionKey[];
  /** @param below as `divideLines` has it. `frame` is the physical function's. */
  divide(
    physical: FunctionKey,
    frame: Frame,
    lines: ReadonlyMap<number, number>,
    below: () => ReadonlyMap<FunctionKey, number>,
  ): Division;
  group(physical: FunctionKey): Group;
  /** What stands between the physical function and its member, the member's callers. */
  path(physical: FunctionKey, member: FunctionKey): InlinedPath;
}

export interface InlinedPath {
  /** With the part (0..1) of the member's time that they are above it. */
  readonly through: ReadonlyMap<FunctionKey, number>;
  readonly callers: ReadonlyMap<FunctionKey, number>;
}

/** What is learnt of the program grows with it: the same object serves each refresh. `teachers` are trees that saw the program without inlining. */
export function createInlinedFunctions(
  resolver: MethodResolver,
  tree: CallTree,
  log: InterruptLog,
  teachers: () => readonly CallTree[],
): InlinedFunctions {
  const keys = createFunctionKeys(resolver, tree.table, log);
  const calls = createSeenCalls();
  let groupOf: ((key: FunctionKey) => Group) | undefined;
  let members = new Map<FunctionKey, ReadonlyMap<FunctionKey, MemberPlace>>();
  let candidates = new Map<string, readonly Candidate[]>();
  let known = '';

  const learn = (): void => {
    const ofFrames = keys.ofFrames();
    calls.learn(tree, ofFrames);
    let taught = 0;
    for (const teacher of teachers()) {
      calls.learn(teacher, keys.ofTable(teacher.table));
      taught += teacher.nodeCount;
    }
    const now = `${log.count} ${tree.nodeCount} ${taught} ${resolver.methods.length} ${resolver.version}`;
    if (now === known) return;
    known = now;
    members = new Map();
    candidates = new Map();
    groupOf = createGroups(log, keys.ofSites());
  };
  const group = (physical: FunctionKey): Group => groupOf!(physical);
  const membersFor = (physical: FunctionKey): ReadonlyMap<FunctionKey, MemberPlace> => {
    let found = members.get(physical);
    if (!found) {
      found = membersOf(physical, group(physical), {
        boundBy: (key) => (key >= 0 ? resolver.calleesOf(key) : []),
        seenBelow: (key) => calls.below(key),
      });
      members.set(physical, found);
    }
    return found;
  };

  /** Of a function that has other lines as well: only then is it the line of what has none. */
  const isFirstLine = (physical: FunctionKey, frame: Frame, line: number): boolean => {
    if (line !== frame.line) return false;
    if (physical < 0) return true;
    const { span, headStart } = resolver.methods[physical].method;
    return span.end.line > headStart.line && resolver.resolveLine(frame, line).line === headStart.line;
  };
  const calledOn: CalledOn = (key, line) => (key >= 0 ? resolver.calleesOnLine(key, line) : []);
  const placesOf: PlacesOf = (key, line) => {
    if (key < 0) return NOWHERE;
    const scripts = [...keys.scriptsOf(resolver.methods[key].file).values()];
    return scripts.length === 1 ? resolver.resolveLine(scripts[0], line) : NOWHERE;
  };

  return {
    keys() {
      learn();
      return keys.ofFrames();
    },
    group,
    divide(physical, frame, lines, below) {
      const inside = membersFor(physical);
      const candidatesFor = (line: number): readonly Candidate[] => {
        const key = `${physical} ${line} ${frame.url}`;
        let list = candidates.get(key);
        if (!list) {
          const written = candidatesOf(physical, frame, line, inside, resolver, keys);
          list = withCalled(written, physical, isFirstLine(physical, frame, line), line, group(physical));
          candidates.set(key, list);
        }
        return list;
      };
      const seen = group(physical);
      const division = divideLines(physical, lines, candidatesFor, seen, inside, below);
      const known = lazily(() => addedTimes(division.settled, below()));
      const divided = new Map<number, DividedLine>();
      for (const [line, each] of division.lines)
        divided.set(line, chargeCalled(each, seen, inside, known, calledOn, placesOf));
      return { ...division, lines: divided };
    },
    path(physical, member) {
      const seen = group(physical).members.get(member);
      if (seen) return { through: shares(seen.through, seen.samples), callers: shares(seen.callers, seen.samples) };
      const place = membersFor(physical).get(member);
      if (!place) return { through: new Map(), callers: new Map([[physical, 1]]) };
      const { head, between } = place;
      const above = head === physical ? undefined : group(physical).members.get(head);
      const through = above ? shares(above.through, above.samples) : new Map<FunctionKey, number>();
      if (head !== physical && head !== member) through.set(head, 1);
      for (const each of between) through.set(each, 1);
      return { through, callers: new Map([[between.at(-1) ?? head, 1]]) };
    },
  };
}

function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** µs by function: on lines of its own in the physical function, and in frames that V8 14 and later give what is inlined. */
function addedTimes(
  a: ReadonlyMap<FunctionKey, number>,
  b: ReadonlyMap<FunctionKey, number>,
): ReadonlyMap<FunctionKey, number> {
  const sum = new Map(a);
  for (const [key, us] of b) sum.set(key, (sum.get(key) ?? 0) + us);
  return sum;
}

/**
 * Code that V8 optimised before the profiler came has few lines: samples of what is inlined then have the line of the call, or for
 * want of any that of the function's beginning. So whoever was seen called from a line of the physical function may stand there
 * as well, and on the first line everybody.
 */
function withCalled(
  found: readonly Candidate[],
  physical: FunctionKey,
  isFirst: boolean,
  line: number,
  { members }: Group,
): readonly Candidate[] {
  if (!isFirst && !found.some(({ key }) => key === physical)) return found;
  const called: Candidate[] = [];
  for (const [key, { callSites }] of members) {
    if (key < 0 || key === physical || found.some((each) => each.key === key)) continue;
    if (isFirst || callSites.has(line)) called.push({ key, places: NOWHERE, isCaller: true });
  }
  const own = isFirst ? found.map((each) => (each.key === physical ? { ...each, isCaller: true } : each)) : found;
  return [...own, ...called];
}

function shares(counts: ReadonlyMap<FunctionKey, number>, samples: number): Map<FunctionKey, number> {
  return new Map([...counts].map(([key, count]) => [key, count / samples]));
}

const NOWHERE: LinePlaces = { methods: [] };

interface SeenCalls {
  learn(tree: CallTree, keys: readonly FunctionKey[]): void;
  below(key: FunctionKey): readonly FunctionKey[];
}

/** Who was seen right below whom, builtins passed over. */
function createSeenCalls(): SeenCalls {
  const callees = new Map<FunctionKey, Set<FunctionKey>>();
  const nearestOf = new Map<CallTree, FunctionKey[]>();
  return {
    learn(tree, keys) {
      let nearest = nearestOf.get(tree);
      if (!nearest) nearestOf.set(tree, (nearest = []));
      const { parents, frames } = tree;
      for (let node = nearest.length; node < parents.length; node++) {
        const caller = node ? nearest[parents[node]] : NOBODY;
        const key = keys[frames[node]];
        nearest.push(key === NOBODY ? caller : key);
        if (key === NOBODY || caller === NOBODY || caller === key) continue;
        const set = callees.get(caller);
        if (set) set.add(key);
        else callees.set(caller, new Set([key]));
      }
    },
    below: (key) => [...(callees.get(key) ?? [])],
  };
}
