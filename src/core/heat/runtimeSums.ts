import type { Frame } from '../profile/frame';

/** Native code without a script (V8's builtins, Node's C++, add-ons), or Node's own JavaScript. */
export type RuntimeKind = 'native' | 'node';

/** A function that is neither the program's nor its packages', as V8 names it. */
export interface RuntimeFunction {
  readonly kind: RuntimeKind;
  /** Empty where V8 says nothing. */
  readonly name: string;
  /** `node:internal/timers`; empty for native code, of which V8 tells no module. */
  readonly url: string;
}

export interface RuntimeSums {
  add(kind: RuntimeKind, frame: Pick<Frame, 'functionName' | 'url'>, us: number): void;
  forEach(visit: (runtime: RuntimeFunction, us: number) => void): void;
}

export function createRuntimeSums(): RuntimeSums {
  const byName = new Map<string, { runtime: RuntimeFunction; us: number }>();
  return {
    add(kind, { functionName: name, url }, us) {
      const key = `${kind} ${url} ${name}`;
      const known = byName.get(key);
      if (known) known.us += us;
      else byName.set(key, { runtime: { kind, name, url }, us });
    },
    forEach(visit) {
      for (const { runtime, us } of byName.values()) visit(runtime, us);
    },
  };
}

/** Functions of Node's that call the program's callbacks again and again, so that V8 inlines those into them. */
const CALLING_BACK = new Set([
  'processImmediate',
  'listOnTimeout',
  'processTimers',
  'processTicksAndRejections',
  'runMicrotasks',
  'emit',
]);

/** Time of its own is, for the most part, that of callbacks that V8 inlined into it. */
export function inlinesCallbacks({ kind, name }: RuntimeFunction): boolean {
  return kind === 'node' && CALLING_BACK.has(name);
}
