import type { MemoryUse, TargetIdentity } from '../../core/protocol/targetFunctions';
import { attempt } from '../attempt';
import { builtin, nodeProcess } from '../builtin';
import { after } from '../clock';

/** Whether Node's own modules are at hand; false in what is no Node, and where a program hides them. */
export function reachesNode(): boolean {
  return !!nodeProcess() && !!attempt(() => builtin('inspector'));
}

export function identify(): TargetIdentity | null {
  // Browsers and other runtimes speak the same protocol, and a process that waits for a debugger has no number yet.
  const process = nodeProcess() ?? attempt(() => (globalThis.process.versions.node ? globalThis.process : undefined));
  if (!process) return null;
  const { pid, version, execArgv, argv } = process;
  return { pid, version, execArgv: execArgv ?? [], argv: argv ?? [], cwd: attempt(() => process.cwd()) ?? '' };
}

export function usedCpuTime(): number {
  const { user, system } = nodeProcess()!.cpuUsage();
  return user + system;
}

/** Any of the ways may be faked, and then never settles; none of them goes on at a breakpoint. */
export function turnEventLoop(): PromiseLike<true> {
  // Promises may be somebody else's, too: what has a `then` is waited for like one.
  const turn = {
    then(resolve: (value: true) => void): void {
      attempt(() => after(1, () => resolve(true)));
      attempt(() => builtin('timers').setImmediate(() => resolve(true)));
    },
  };
  return turn as PromiseLike<true>;
}

export function memoryUse(): MemoryUse {
  const { heapUsed, external } = nodeProcess()!.memoryUsage();
  return { heapUsed, external };
}

export function startedAt(): number {
  // Where the date is faked, this is not.
  return attempt(() => builtin('perf_hooks').performance.timeOrigin) ?? Date.now() - nodeProcess()!.uptime() * 1000;
}

export function environment(pattern: string): Record<string, string> {
  const wanted = new RegExp(pattern, 'i');
  const { env } = nodeProcess()!;
  const found: Record<string, string> = {};
  for (const name in env) {
    const value = env[name];
    if (value && wanted.test(value)) found[name] = value;
  }
  return found;
}
