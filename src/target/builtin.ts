interface Builtins {
  readonly inspector: typeof import('node:inspector');
  readonly module: typeof import('node:module');
  readonly net: typeof import('node:net');
  readonly timers: typeof import('node:timers');
  readonly url: typeof import('node:url');
  readonly v8: typeof import('node:v8');
}

let provided: ((id: string) => unknown) | undefined;

/** Node before 20.16 gives its modules to a `require` only; the one that is at hand when this code is loaded. */
export function provideRequire(require: ((id: string) => unknown) | undefined): void {
  provided = require;
}

/** A module of Node's: unlike globals, programs seldom replace, freeze or list them. */
export function builtin<K extends keyof Builtins>(id: K): Builtins[K] {
  const found: unknown = process.getBuiltinModule ? process.getBuiltinModule(id) : provided?.(id);
  return found as Builtins[K];
}
