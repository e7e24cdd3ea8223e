import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { listenersOf } from '../../src/node/processes/tcpSockets';
import { repositoryRoot } from './nodeVersions';

export interface ServiceReport {
  readonly pid: number;
  readonly debugPort: number;
  readonly symbols: readonly string[];
}

export interface ServiceTarget {
  readonly pid: number;
  readonly child: ChildProcess;
  /** Everything printed so far, both streams. */
  output(): string;
  waitForOutput(pattern: RegExp): Promise<RegExpExecArray>;
  get(path: string): Promise<ServiceReport>;
  /** Ports it listens on besides its own service. */
  inspectorPorts(): Promise<number[]>;
  readonly exit: Promise<{ readonly code: number | null; readonly signal: string | null }>;
}

const running = new Set<ChildProcess>();

/** Starts `test/fixtures/inspector/service.cjs` (or another script there) and waits until it serves. */
export async function startService(
  node: string,
  options: { script?: string; flags?: string[]; mode?: string; env?: NodeJS.ProcessEnv; ready?: boolean } = {},
): Promise<ServiceTarget> {
  const script = join(repositoryRoot, 'test/fixtures/inspector', options.script ?? 'service.cjs');
  const child = spawn(node, [...(options.flags ?? []), script, ...(options.mode ? [options.mode] : [])], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], ...options.env },
  });
  running.add(child);
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const exit = once(child, 'exit').then(([code, signal]) => {
    running.delete(child);
    return { code: code as number | null, signal: signal as string | null };
  });
  const pid = child.pid;
  if (pid === undefined) throw new Error(`${node} did not start`);
  const waitForOutput = async (pattern: RegExp): Promise<RegExpExecArray> => {
    for (const deadline = performance.now() + 5_000; performance.now() < deadline; await delay(10)) {
      const match = pattern.exec(text);
      if (match) return match;
    }
    throw new Error(`no ${pattern} in: ${text}`);
  };
  const port = options.ready === false ? 0 : Number((await waitForOutput(/ready (\d+)/))[1]);
  return {
    pid,
    child,
    output: () => text,
    waitForOutput,
    get: async (path) =>
      (await (
        await fetch(`http://127.0.0.1:${port}${path}`, { headers: { connection: 'close' } })
      ).json()) as ServiceReport,
    inspectorPorts: async () => (await listenersOf(pid)).map((each) => each.port).filter((each) => each !== port),
    exit,
  };
}

export async function stopServices(): Promise<void> {
  await Promise.all(
    [...running].map((child) => {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      return ended;
    }),
  );
}

/** Number of open sockets of this process: /proc tells those that the event loop has forgotten, too. */
export function ownResources(): { readonly timers: number; readonly handles: number; readonly descriptors: number } {
  const active = process.getActiveResourcesInfo();
  return {
    timers: active.filter((each) => each === 'Timeout').length,
    handles: active.filter((each) => /TCP|Pipe|Socket/.test(each)).length,
    descriptors: readdirSync('/proc/self/fd').length,
  };
}
