import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, copyFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import ts from 'typescript';
import { listenersOf } from '../../src/node/processes/tcpSockets';
import { repositoryRoot } from './nodeVersions';

export const targetFixtures = join(repositoryRoot, 'test/fixtures/targets');

export interface Program {
  /** Of the Node process that runs the program itself, which a runner may have started. */
  readonly pid: number;
  readonly child: ChildProcess;
  /** Everything printed so far, both streams. */
  output(): string;
  waitFor(pattern: RegExp): Promise<RegExpExecArray>;
  /** Asks its HTTP server, if it has one; rejects when it does not answer. */
  get<T>(path?: string): Promise<T>;
  /** Ports it listens on besides its own. */
  inspectorPorts(): Promise<number[]>;
  readonly exit: Promise<{ readonly code: number | null; readonly signal: string | null }>;
}

const running = new Set<ChildProcess>();

/** Starts a program that prints `ready PORT of PID`; port 0 means that it serves nothing. */
export async function startProgram(
  node: string,
  args: readonly string[],
  options: { env?: NodeJS.ProcessEnv; cwd?: string } = {},
): Promise<Program> {
  const child = spawn(node, args, {
    cwd: options.cwd ?? repositoryRoot,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...options.env },
    detached: true,
  });
  running.add(child);
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const exit = once(child, 'exit').then(([code, signal]) => {
    running.delete(child);
    return { code: code as number | null, signal: signal as string | null };
  });
  const waitFor = async (pattern: RegExp): Promise<RegExpExecArray> => {
    for (const deadline = performance.now() + 60_000; performance.now() < deadline; await delay(20)) {
      const match = pattern.exec(text);
      if (match) return match;
      if (child.exitCode !== null) break;
    }
    throw new Error(`no ${pattern} in: ${text}`);
  };
  const [, port, pid] = await waitFor(/ready (\d+) of (\d+)/);
  return {
    pid: Number(pid),
    child,
    output: () => text,
    waitFor,
    get: async <T>(path = '/') =>
      (await (await fetch(`http://127.0.0.1:${port}${path}`, { headers: { connection: 'close' } })).json()) as T,
    inspectorPorts: async () =>
      (await listenersOf(Number(pid))).map((each) => each.port).filter((each) => each !== Number(port)),
    exit,
  };
}

/** Ends every program with what it has started. */
export async function stopPrograms(): Promise<void> {
  await Promise.all(
    [...running].map(async (child) => {
      const ended = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined;
      try {
        // A group of its own: runners do not take the program with them.
        process.kill(-child.pid!, 'SIGKILL');
      } catch {
        child.kill('SIGKILL');
      }
      await ended;
    }),
  );
}

export interface CompiledService {
  /** `src/service.ts`, `dist/service.js` and its map lie in it. */
  readonly folder: string;
  readonly source: string;
  readonly script: string;
  dispose(): void;
}

/** Compiles the service as a build does: other folder, external source map. */
export function compileService(): CompiledService {
  const folder = mkdtempSync(join(tmpdir(), 'heatlens-service-'));
  mkdirSync(join(folder, 'src'));
  const source = join(folder, 'src/service.ts');
  copyFileSync(join(targetFixtures, 'service.ts'), source);
  const options: ts.CompilerOptions = {
    rootDir: join(folder, 'src'),
    outDir: join(folder, 'dist'),
    target: ts.ScriptTarget.ES2020,
    module: ts.ModuleKind.CommonJS,
    sourceMap: true,
    // Nothing is checked, so nothing has to be read.
    noLib: true,
    noResolve: true,
    types: [],
  };
  ts.createProgram([source], options).emit();
  return {
    folder,
    source,
    script: join(folder, 'dist/service.js'),
    dispose: () => rmSync(folder, { recursive: true, force: true }),
  };
}
