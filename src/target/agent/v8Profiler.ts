import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { isAbsolute, join } from 'node:path';
import { isMainThread } from 'node:worker_threads';

/** What we use of v8-profiler-next 1.x. */
export interface V8ProfilerModule {
  startProfiling(title: string, recordSamples: boolean): void;
  /** A profile object with a `delete` method, in the shape that `setGenerateType` last chose. */
  stopProfiling(title: string): unknown;
  /** µs; throws while a profile is recorded. */
  setSamplingInterval(intervalUs: number): void;
  startSamplingHeapProfiling(intervalBytes: number, stackDepth: number): void;
}

export interface InstalledV8Profiler {
  readonly profiler?: { readonly module: V8ProfilerModule; readonly version: string };
  /** Set when it is installed and of no use. */
  readonly problem?: string;
}

let installed: InstalledV8Profiler | undefined;

/**
 * v8-profiler-next as the application itself would load it: native and built for this Node, so it is neither bundled nor
 * looked for anywhere else. Loaded once, by the first client; a service without a client never loads it.
 * Never in a worker: 1.10 crashes the process when a worker ends that has profiled (measured on Node 20, 22 and 24), and
 * it loads in the first worker only.
 */
export function installedV8Profiler(): InstalledV8Profiler {
  return (installed ??= isMainThread ? loadV8Profiler() : {});
}

function loadV8Profiler(): InstalledV8Profiler {
  for (const base of requireBases()) {
    const requireThere = createRequire(base);
    let version: string;
    try {
      version = String((requireThere('v8-profiler-next/package.json') as { version?: unknown }).version);
    } catch {
      continue; // not installed there
    }
    if (!version.startsWith('1.'))
      return { problem: `v8-profiler-next ${version} is installed; only 1.x is supported.` };
    try {
      return { profiler: { module: loadQuietly(requireThere), version } };
    } catch (error) {
      const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
      return { problem: `v8-profiler-next ${version} does not load: ${reason}` };
    }
  }
  return {};
}

/** The module puts itself on `process.profiler`; that is taken back unless the application had it loaded before. */
function loadQuietly(requireThere: NodeJS.Require): V8ProfilerModule {
  const hadIt = Object.hasOwn(process, 'profiler');
  const module = requireThere('v8-profiler-next') as V8ProfilerModule;
  if (!hadIt) Reflect.deleteProperty(process, 'profiler');
  for (const name of [
    'startProfiling',
    'stopProfiling',
    'setSamplingInterval',
    'startSamplingHeapProfiling',
  ] as const) {
    if (typeof module[name] !== 'function') throw new Error(`it lacks ${name}`);
  }
  return module;
}

function requireBases(): string[] {
  const bases: string[] = [];
  const add = (base: () => string): void => {
    try {
      bases.push(base());
    } catch {
      // the working directory or the script is gone
    }
  };
  add(() => join(process.cwd(), 'heatlens'));
  const script = process.argv[1];
  if (script && isAbsolute(script)) {
    bases.push(script);
    add(() => realpathSync(script)); // a program in node_modules/.bin is a link
  }
  return bases;
}
