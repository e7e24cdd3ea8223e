import { fieldsMentioned } from '../code/fieldsMentioned';
import type { Member, CodePart } from '../code/syntax';
import type { Module } from '../code/units/module';
import type { Unit } from '../code/units/unit';

/** What a result was read from, and what it was then. */
export interface Dependency {
  readonly fileName: string;
  readonly what: 'name' | 'type' | 'export' | 'member' | 'fields' | 'assigning';
  readonly name: string;
  /** Head of the class, where it is about one. */
  readonly unit?: CodePart;
  readonly seen: readonly unknown[];
}

/** All that a result was read from; what others found on the way is shared with them. */
export interface Dependencies {
  readonly own: Set<Dependency>;
  readonly inner: Set<Dependencies>;
}

export function noDependencies(): Dependencies {
  return { own: new Set(), inner: new Set() };
}

const NOTHING: readonly unknown[] = [];

/** Parts of the file that declare a name or assign to it, in order. */
export function definersOf(module: Module, name: string): readonly Unit[] | undefined {
  if (name !== 'module.exports') return module.definers(name);
  const all = [...(module.definers('module') ?? []), ...(module.definers('exports') ?? [])];
  return all.length ? all : undefined;
}

export function membersNamed({ members }: { readonly members: readonly Member[] }, name: string): readonly Member[] {
  return indexOf(members).named.get(name) ?? NO_MEMBERS;
}

const NO_MEMBERS: readonly Member[] = [];

interface MemberIndex {
  readonly named: ReadonlyMap<string, readonly Member[]>;
  readonly initialisers: readonly Member[];
  /** Made when it is first asked for. */
  mentioning: ReadonlyMap<string, readonly Member[]> | undefined;
}

const indexes = new WeakMap<readonly Member[], MemberIndex>();

/** A class of thousands of members is asked for each of them. */
function indexOf(members: readonly Member[]): MemberIndex {
  const known = indexes.get(members);
  if (known) return known;
  const named = new Map<string, Member[]>();
  for (const member of members) {
    const same = named.get(member.name);
    if (same) same.push(member);
    else named.set(member.name, [member]);
  }
  const initialising = members.filter(
    (member) => (!member.method && !member.isStatic) || member.name === 'constructor',
  );
  const made: MemberIndex = { named, initialisers: initialising, mentioning: undefined };
  indexes.set(members, made);
  return made;
}

/** What an instance gets when it is made. */
export function initialisers({ members }: { readonly members: readonly Member[] }): readonly Member[] {
  return indexOf(members).initialisers;
}

/** Methods that assign to a field, or may do so by their words; `unit` has the text of members that are no parts of their own. */
export function assigningMembers(
  { members }: { readonly members: readonly Member[] },
  name: string,
  unit: CodePart | undefined,
): readonly Member[] {
  const index = indexOf(members);
  return (index.mentioning ??= mentioningMembers(members, unit)).get(name) ?? NO_MEMBERS;
}

/** Of each of `this.name` and `self.name` the methods that have it in their text. */
function mentioningMembers(members: readonly Member[], unit: CodePart | undefined): ReadonlyMap<string, Member[]> {
  const found = new Map<string, Member[]>();
  for (const member of members) {
    if (!member.method || member.name === 'constructor') continue;
    for (const name of member.unit
      ? member.unit.fieldsMentioned
      : fieldsMentioned(unit?.text.slice(member.from, member.to) ?? '')) {
      const others = found.get(name);
      if (others) others.push(member);
      else found.set(name, [member]);
    }
  }
  return found;
}

function present({ what, name, unit }: Dependency, module: Module): readonly unknown[] {
  switch (what) {
    case 'name':
      return definersOf(module, name) ?? NOTHING;
    case 'type':
      return module.typesNamed(name);
    case 'export':
      return name === '*' ? module.stars() : module.exported(name);
    case 'member':
      return unit ? membersNamed(unit, name) : NOTHING;
    case 'fields':
      return unit ? initialisers(unit) : NOTHING;
    case 'assigning':
      return unit ? assigningMembers(unit, name, undefined) : NOTHING;
  }
}

/**
 * Whether all of it is as it was. `valid` holds what is known to be, `invalid` what is known not to be, `checked` the answers
 * for single ones; they belong to one version of all files.
 */
export function areValid(
  of: Dependencies,
  current: (fileName: string) => Module | undefined,
  valid: Set<Dependencies>,
  checked: Map<Dependency, boolean>,
  invalid: Set<Dependencies>,
): boolean {
  const visited = new Set([of]);
  for (const dependencies of visited) {
    if (valid.has(dependencies)) continue;
    if (invalid.has(dependencies)) return false;
    for (const dependency of dependencies.own) {
      let same = checked.get(dependency);
      if (same === undefined) {
        const module = current(dependency.fileName);
        same = isSame(dependency.seen, module ? present(dependency, module) : NOTHING);
        checked.set(dependency, same);
      }
      if (!same) {
        invalid.add(dependencies).add(of);
        return false;
      }
    }
    for (const inner of dependencies.inner) visited.add(inner);
  }
  for (const dependencies of visited) valid.add(dependencies);
  return true;
}

function isSame(before: readonly unknown[], now: readonly unknown[]): boolean {
  return before === now || (before.length === now.length && before.every((one, at) => one === now[at]));
}
