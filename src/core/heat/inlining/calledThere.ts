import type { LinePlaces } from '../methodResolver';
import type { DividedLine, LinePart } from './divideLines';
import type { FunctionKey } from './functionKeys';
import { isHardlySeen, type Group, type Member } from './groups';
import type { MemberPlace } from './members';

/** What the text of a function certainly calls on a line of its source (0-based). */
export type CalledOn = (key: FunctionKey, line: number) => readonly FunctionKey[];

/** Places of a generated line in the script of a function. */
export type PlacesOf = (key: FunctionKey, line: number) => LinePlaces;

/**
 * Code that V8 optimised before the profiler came has few lines: what is inlined of a function without loops and calls has
 * in part the line of its call. Such functions were seen by their own lines (`known`, µs) and hardly by an interrupt sample. A line
 * that calls some of them goes to them; whether something of it is the caller's own is in doubt.
 */
export function chargeCalled(
  line: DividedLine,
  group: Group,
  members: ReadonlyMap<FunctionKey, MemberPlace>,
  known: () => ReadonlyMap<FunctionKey, number>,
  calledOn: CalledOn,
  placesOf: PlacesOf,
): DividedLine {
  const straight = (caller: FunctionKey, at: number | undefined, isSeen: boolean): FunctionKey[] =>
    at === undefined
      ? []
      : calledOn(caller, at).filter(
          (key) => members.has(key) && isHardlySeen(key, group) && (!isSeen || (known().get(key) ?? 0) > 0),
        );
  const parts: LinePart[] = [];
  const doubtful = new Set(line.doubtful);
  for (const part of line.parts) {
    const weights = part.isCaller
      ? byInterruptedLine(group.members.get(part.key), (at) => straight(part.key, placesOf(part.key, at).line, false))
      : evenly(straight(part.key, part.places.line, true), known);
    if (!weights.size) {
      parts.push(part);
      continue;
    }
    doubtful.add(part.key);
    for (const [key, weight] of weights) {
      if (key !== undefined) doubtful.add(key);
      parts.push(
        key === undefined
          ? { ...part, share: part.share * weight }
          : { key, share: part.share * weight, places: { methods: [] } },
      );
    }
  }
  return { parts, doubtful: [...doubtful] };
}

/** 0..1 by function, undefined for the caller itself. */
type Weights = ReadonlyMap<FunctionKey | undefined, number>;

/** By the time that each has on lines of its own. */
function evenly(keys: readonly FunctionKey[], known: () => ReadonlyMap<FunctionKey, number>): Weights {
  const sum = keys.reduce((all, key) => all + known().get(key)!, 0);
  return new Map(keys.map((key) => [key, known().get(key)! / sum]));
}

/** By the lines that the caller was interrupted on, where each calls one of them. */
function byInterruptedLine(member: Member | undefined, calledOn: (line: number) => readonly FunctionKey[]): Weights {
  const weights = new Map<FunctionKey | undefined, number>();
  if (!member) return weights;
  for (const [line, count] of member.lines) {
    const called = calledOn(line);
    const key = called.length === 1 ? called[0] : undefined;
    weights.set(key, (weights.get(key) ?? 0) + count / member.samples);
  }
  return weights.size === 1 && weights.has(undefined) ? new Map() : weights;
}
