import type { MemoryUse, TargetIdentity } from '../../core/protocol/targetFunctions';
import { builtin } from '../builtin';

export function identify(): TargetIdentity | null {
  // Browsers and other runtimes speak the same protocol.
  if (typeof process !== 'object' || !process.versions?.node) return null;
  const { pid, version, execArgv, argv } = process;
  return { pid, version, execArgv: execArgv ?? [], argv: argv ?? [], cwd: process.cwd() };
}

export function usedCpuTime(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

export function turnEventLoop(): Promise<true> {
  return new Promise((resolve) => builtin('timers').setImmediate(() => resolve(true)));
}

export function memoryUse(): MemoryUse {
  const { heapUsed, external } = process.memoryUsage();
  return { heapUsed, external };
}

export function startedAt(): number {
  return Date.now() - process.uptime() * 1000;
}

export function environment(pattern: string): Record<string, string> {
  const wanted = new RegExp(pattern, 'i');
  const found: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) if (value && wanted.test(value)) found[name] = value;
  return found;
}
