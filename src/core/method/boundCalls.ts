import type { Tree } from '@lezer/common';
import { calledBy, exportedBy, type Called, type Step, type Use } from './boundThings';
import { collectBindings } from './collectBindings';
import type { CollectedMethods } from './collectMethods';

/** Something of another module, by steps from what it exports: `['.Price', 'new', '.total']`. */
export type Outside = Extract<Called, { specifier: string }>;

/**
 * What the methods of one file certainly call. Only bindings count, never a name that merely looks alike: a name is used where it is
 * declared once in the whole file and never given another value, `this` where it is of a class whose members are written there.
 */
export interface BoundCalls {
  /** Methods of the same file that the method calls. */
  within(method: number): readonly number[];
  /** What it calls of other modules. */
  outside(method: number): readonly Outside[];
  /** What a module that imports this one calls by the steps. More than one where it may be of any of several modules. */
  exported(path: readonly Step[], use: Use): readonly Called[];
}

/** Callees of one method that are kept: generated code calls thousands. */
const MOST_CALLEES = 500;
const NO_METHODS: readonly number[] = [];
const NO_OUTSIDE: readonly Outside[] = [];

const NO_CALLS: BoundCalls = { within: () => NO_METHODS, outside: () => NO_OUTSIDE, exported: () => [] };

/** In one go; see {@link boundCallsInSteps}. */
export function boundCalls(tree: Tree, text: string, parsedText: string, collected: CollectedMethods): BoundCalls {
  const steps = boundCallsInSteps(tree, text, parsedText, collected);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** `parsedText` is what the tree is of. Yields after some work each time, for callers that pause. */
export function* boundCallsInSteps(
  tree: Tree,
  text: string,
  parsedText: string,
  collected: CollectedMethods,
): Generator<undefined, BoundCalls> {
  const bindings = yield* collectBindings(tree, text, parsedText, collected);
  if (!bindings) return NO_CALLS;
  const { names, uses } = bindings;
  const { drafts } = collected;
  const isFunction = (method: number): boolean => drafts[method].kind === 'function';
  // What makes a generator does not run it.
  const runs = (called: Called): boolean => !('method' in called) || !drafts[called.method].isGenerator;

  const within = new Map<number, Set<number>>();
  const outside = new Map<number, Map<string, Outside>>();
  const add = (owner: number, called: Called): void => {
    if (!runs(called)) return;
    if ('method' in called) {
      if (called.method === owner) return;
      const set = within.get(owner);
      if (!set) within.set(owner, new Set([called.method]));
      else if (set.size < MOST_CALLEES) set.add(called.method);
      return;
    }
    const { specifier, path, use } = called;
    const key = `${specifier}\0${use}\0${path.join('\0')}`;
    const map = outside.get(owner);
    if (!map) outside.set(owner, new Map([[key, called]]));
    else if (map.size < MOST_CALLEES) map.set(key, called);
  };
  for (let n = 0; n < uses.length; n++) {
    if (n % 1_000 === 999) yield;
    const { owner, thing, use } = uses[n];
    const called = calledBy(names, thing, [], use, isFunction);
    // What is read of a module may be a getter only where it is of an instance; all else would be looked for in vain.
    if (called && !('specifier' in called && use === 'get' && !called.path.includes('new'))) add(owner, called);
  }
  for (const { construct, fields, base } of names.classes.values()) {
    if (construct < 0) continue;
    if (fields >= 0) add(construct, { method: fields });
    // A constructor that is written calls `super` itself.
    const above = base && drafts[construct].kind === 'class' && calledBy(names, base, [], 'new', isFunction);
    if (above) add(construct, above);
  }
  return {
    within: keepLists(within, (set) => [...set]),
    outside: keepLists(outside, (map) => [...map.values()]),
    exported: (path, use) => exportedBy(names, path, use, isFunction).filter(runs),
  };
}

/** A list for each method that has one. */
function keepLists<Many, One>(
  byMethod: ReadonlyMap<number, Many>,
  listOf: (many: Many) => readonly One[],
): (method: number) => readonly One[] {
  const lists = new Map<number, readonly One[]>();
  for (const [method, many] of byMethod) lists.set(method, listOf(many));
  return (method) => lists.get(method) ?? [];
}
