import type { MemoryUse, TargetIdentity, UsedTime } from '../../core/protocol/targetFunctions';
import { attempt } from '../attempt';
import { builtin, nodeProcess } from '../builtin';
import { after } from '../clock';

/** Whether Node's own modules are at hand; false in what is no Node, and where a program hides them. */
export function reachesNode(): boolean {
  return !!nodeProcess() && !!attempt(() => builtin('net'));
}

export function identify(): TargetIdentity | null {
  // Browsers and other runtimes speak the same protocol, and a process that waits for a debugger has no number yet.
  const process = nodeProcess() ?? attempt(() => (globalThis.process.versions.node ? globalThis.process : undefined));
  if (!process) return null;
  const { pid, version, execArgv, argv } = process;
  const { bun, deno } = process.versions;
  const otherRuntime = bun ? 'Bun' : deno ? 'Deno' : undefined;
  const cwd = attempt(() => process.cwd()) ?? '';
  return { pid, version, otherRuntime, execArgv: execArgv ?? [], argv: argv ?? [], cwd };
}

export function usedCpuTime(): number {
  const { user, system } = nodeProcess()!.cpuUsage();
  return user + system;
}

export function usedThreadTime(): UsedTime {
  const process = nodeProcess()! as NodeJS.Process & { threadCpuUsage?: () => NodeJS.CpuUsage };
  const { user, system } = process.threadCpuUsage ? process.threadCpuUsage() : process.cpuUsage();
  const time = process.hrtime();
  return { usedUs: user + system, atUs: time[0] * 1e6 + time[1] / 1e3 };
}

/** Of the thread that this runs on; null where the system does not tell. */
export function threadId(): number | null {
  // Of the form PID/task/TID, as the process itself sees the numbers.
  const link = attempt(() => builtin('fs').readlinkSync('/proc/thread-self')) ?? '';
  let id = 0;
  for (let index = link.length - 1, unit = 1; index >= 0 && link[index] !== '/'; index--, unit *= 10)
    id += +link[index] * unit;
  return id > 0 ? id : null;
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
