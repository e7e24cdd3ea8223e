import { attempt } from './attempt';

// Programs replace, fake, freeze and hide what is global: tests above all, but some services too. So the code that puts a
// target back as it was uses the language itself (objects, closures, loops), Node's own modules, and of those what is
// least likely to be replaced. No global, and no method of a built-in prototype.

interface Builtins {
  readonly fs: typeof import('node:fs');
  readonly inspector: typeof import('node:inspector');
  readonly module: typeof import('node:module');
  readonly net: typeof import('node:net');
  readonly perf_hooks: typeof import('node:perf_hooks');
  readonly timers: typeof import('node:timers');
  readonly util: typeof import('node:util');
  readonly v8: typeof import('node:v8');
}

/** With what Node's types leave out: it closes the inspector, whatever has become of the module `inspector`. */
export type NodeProcess = NodeJS.Process & { _debugEnd?: () => void };

let provided: ((id: string) => unknown) | undefined;
let found: NodeProcess | undefined;

/** Node before 20.16 gives its modules to a `require` only; the one that is at hand when this code is loaded. */
export function provideRequire(require: ((id: string) => unknown) | undefined): void {
  provided = require;
}

/** For a target where neither `require` nor the global `process` leads to the real one. */
export function provideProcess(process: unknown): void {
  found = real(process);
}

/** Node's own `process`, also where the global of that name is something else; undefined in what is no Node. */
export function nodeProcess(): NodeProcess | undefined {
  return (found ??=
    attempt(() => real(provided!('process'))) ??
    attempt(() => real(process.getBuiltinModule('process'))) ??
    attempt(() => real(process)));
}

function real(given: unknown): NodeProcess | undefined {
  const candidate = given as NodeProcess;
  return typeof candidate.pid === 'number' && typeof candidate.versions.node === 'string' ? candidate : undefined;
}

/**
 * V8's own console, which programs do not replace. Where `process` was frozen before anything had loaded Node's module
 * `inspector`, that never loads; the global console has the same functions then, unless it is somebody else's.
 */
export function v8Console(): Pick<Console, 'profile' | 'profileEnd'> {
  return attempt(() => builtin('inspector').console) ?? console;
}

/** A module of Node's. Throws where it cannot be had. */
export function builtin<K extends keyof Builtins>(id: K): Builtins[K] {
  const module =
    attempt(() => nodeProcess()!.getBuiltinModule(id)) ??
    attempt(() => provided!(id)) ??
    attempt(() => nodeProcess()!.mainModule!.require(id));
  if (!module) throw new Error(`Node's module ${id} is hidden in this program.`);
  return module as Builtins[K];
}
