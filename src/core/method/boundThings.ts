/**
 * What the names of one file stand for, as plain data: the syntax tree is not kept. Classes and objects are known by the offset of
 * their brace.
 */
export type Thing =
  | { readonly kind: 'method'; readonly method: number }
  | { readonly kind: 'class'; readonly at: number }
  /** `isThis`: it may be of a class below. */
  | { readonly kind: 'instance'; readonly at: number; readonly isThis?: boolean }
  | { readonly kind: 'object'; readonly at: number }
  /** All that another module exports. */
  | { readonly kind: 'module'; readonly specifier: string }
  /** What a name that stands at an offset means, or another thing, and then steps from there. */
  | { readonly kind: 'chain'; readonly name: string; readonly at: number; readonly path: readonly Step[] }
  | { readonly kind: 'steps'; readonly base: Thing; readonly path: readonly Step[] };

/** `.name` of a property, or `NEW`. */
export type Step = string;
/** An instance of what stands before. */
export const NEW = 'new';

export type Use = 'call' | 'new' | 'get';

export interface Member {
  readonly value: Thing;
  readonly isGetter?: boolean;
}

export interface BoundClass {
  /** Method that `new` runs; -1 for a class that is only declared. */
  construct: number;
  /** Initialisers of fields, where instances have some; else -1. */
  fields: number;
  /** Undefined for a class that extends nothing, or what nobody can tell (`extendsUnknown`). */
  base?: Thing;
  extendsUnknown: boolean;
  readonly statics: Map<string, Member>;
  readonly own: Map<string, Member>;
}

export interface Definition {
  count: number;
  /** Offsets between which the name means this. */
  readonly from: number;
  readonly to: number;
  readonly thing: Thing | undefined;
}

/** All bindings of a file that are certain, and what it exports. */
export interface BoundNames {
  readonly definitions: Map<string, Definition>;
  /** Names that are given another value somewhere. */
  readonly reassigned: Set<string>;
  /** Properties that are given another value somewhere, of whatever. */
  readonly assigned: Set<string>;
  readonly classes: Map<number, BoundClass>;
  readonly objects: Map<number, Map<string, Member>>;
  /** Members of classes that extend others, and how many have each. */
  readonly overriding: Map<string, number>;
  /** By exported name, `=` for `module.exports` itself; undefined where two things are exported by one name. */
  readonly exports: Map<string, Thing | undefined>;
  /** Modules of which all is exported again. */
  readonly stars: Set<string>;
}

/** A method of the file, something of another module, or neither. */
export type Called =
  { readonly method: number } | { readonly specifier: string; readonly path: readonly Step[]; readonly use: Use };

/** A name leads to a name, a class to the class that it extends. */
const MOST_STEPS = 40;

export function emptyNames(): BoundNames {
  return {
    definitions: new Map(),
    reassigned: new Set(),
    assigned: new Set(),
    classes: new Map(),
    objects: new Map(),
    overriding: new Map(),
    exports: new Map(),
    stars: new Set(),
  };
}

/** What `start` and then the steps mean when used so. `isFunction`: of a method that it may be constructed. */
export function calledBy(
  names: BoundNames,
  start: Thing,
  path: readonly Step[],
  use: Use,
  isFunction: (method: number) => boolean,
): Called | undefined {
  let thing = start;
  let rest = path;
  for (let n = 0; n < MOST_STEPS; n++) {
    if (thing.kind === 'chain') {
      const meant = meaningOf(names, thing.name, thing.at);
      if (!meant) return undefined;
      rest = thing.path.length ? [...thing.path, ...rest] : rest;
      thing = meant;
      continue;
    }
    if (thing.kind === 'steps') {
      rest = [...thing.path, ...rest];
      thing = thing.base;
      continue;
    }
    if (thing.kind === 'module') return { specifier: thing.specifier, path: rest, use };
    if (rest.length === 0) return usedAs(names, thing, use, isFunction);
    const [step] = rest;
    if (thing.kind === 'method') {
      const isSame = rest.length === 1 && use === 'call' && (step === '.call' || step === '.apply');
      return isSame ? { method: thing.method } : undefined;
    }
    rest = rest.slice(1);
    if (step === NEW) {
      if (thing.kind !== 'class') return undefined;
      thing = { kind: 'instance', at: thing.at };
      continue;
    }
    const next = memberOf(names, thing, step.slice(1));
    if (!next) return undefined;
    if ('above' in next) {
      rest = thing.kind === 'instance' ? [NEW, step, ...rest] : [step, ...rest];
      thing = next.above;
      continue;
    }
    if (next.isGetter)
      return rest.length === 0 && use === 'get' && next.value.kind === 'method' ? next.value : undefined;
    thing = next.value;
  }
  return undefined;
}

function usedAs(
  names: BoundNames,
  thing: Thing,
  use: Use,
  isFunction: (method: number) => boolean,
): { method: number } | undefined {
  if (use === 'call') return thing.kind === 'method' ? { method: thing.method } : undefined;
  if (use === 'get') return undefined;
  if (thing.kind === 'method') return isFunction(thing.method) ? { method: thing.method } : undefined;
  const construct = thing.kind === 'class' ? (names.classes.get(thing.at)?.construct ?? -1) : -1;
  return construct >= 0 ? { method: construct } : undefined;
}

function meaningOf(names: BoundNames, name: string, at: number): Thing | undefined {
  const found = names.definitions.get(name);
  if (!found || found.count !== 1 || names.reassigned.has(name)) return undefined;
  return found.from <= at && at < found.to ? found.thing : undefined;
}

function memberOf(
  names: BoundNames,
  thing: Extract<Thing, { at: number }>,
  name: string,
): Member | { readonly above: Thing } | undefined {
  if (names.assigned.has(name)) return undefined;
  if (thing.kind === 'object') return names.objects.get(thing.at)?.get(name);
  const found = names.classes.get(thing.at);
  if (!found) return undefined;
  const isInstance = thing.kind === 'instance';
  const own = (isInstance ? found.own : found.statics).get(name);
  if (thing.kind === 'instance' && thing.isThis && isOverridden(names, found, own !== undefined, name))
    return undefined;
  return own ?? (found.base && { above: found.base });
}

/** Another class of the file that extends one has such a member, too: whose `this` has cannot be told. */
function isOverridden(names: BoundNames, { base, extendsUnknown }: BoundClass, isOwn: boolean, name: string): boolean {
  const itself = isOwn && (base || extendsUnknown) ? 1 : 0;
  return (names.overriding.get(name) ?? 0) > itself;
}

/** What a module that imports this one gets by the steps; several where it may be of any of other modules. */
export function exportedBy(
  names: BoundNames,
  path: readonly Step[],
  use: Use,
  isFunction: (method: number) => boolean,
): Called[] {
  const whole = names.exports.get('=');
  const [first] = path;
  if (first?.startsWith('.')) {
    const name = first.slice(1);
    if (names.exports.has(name)) {
      const thing = names.exports.get(name);
      const called = thing && calledBy(names, thing, path.slice(1), use, isFunction);
      return called ? [called] : [];
    }
    if (!whole && name !== 'default') return [...names.stars].map((specifier) => ({ specifier, path, use }));
    if (name === 'default') return exportedWhole(path.slice(1));
  }
  return exportedWhole(path);

  function exportedWhole(steps: readonly Step[]): Called[] {
    const called = whole && calledBy(names, whole, steps, use, isFunction);
    return called ? [called] : [];
  }
}
