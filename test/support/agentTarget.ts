import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { repositoryRoot } from './nodeVersions';

export const agentFixtures = join(repositoryRoot, 'test/fixtures/agent');

export interface AgentTarget {
  readonly pid: number;
  readonly process: ChildProcessWithoutNullStreams;
  /** What it wrote to standard error so far. */
  errors(): string;
  /** Sends a line to its standard input. */
  say(line: string): void;
  /** Resolves with the next line `ready`. */
  ready(): Promise<void>;
  /** Exit code, or the signal's name; rejects after 10 s. */
  ended(): Promise<number | string>;
}

/** A scratch folder with the agent's bundle and a directory for its sockets, and the targets that were started in it. */
export class AgentBench {
  readonly folder = mkdtempSync(join(tmpdir(), 'heatlens-agent-'));
  readonly socketDirectory = join(this.folder, 'sockets');
  readonly bundle = join(this.folder, 'agent.js');
  private readonly children = new Set<ChildProcessWithoutNullStreams>();
  private readonly formerDirectory = process.env['HEATLENS_AGENT_DIR'];

  constructor() {
    buildSync({
      entryPoints: [join(repositoryRoot, 'src/target/agent/agent.ts')],
      bundle: true,
      platform: 'node',
      target: 'node20',
      format: 'cjs',
      outfile: this.bundle,
    });
    process.env['HEATLENS_AGENT_DIR'] = this.socketDirectory;
  }

  start(node: string, args: readonly string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}): AgentTarget {
    const child = spawn(node, args, {
      cwd: options.cwd ?? this.folder,
      env: { ...process.env, NODE_OPTIONS: '', NODE_NO_WARNINGS: '1', ...options.env },
    });
    this.children.add(child);
    let errors = '';
    let readyLines = 0;
    let readyTaken = 0;
    child.stderr.on('data', (data) => (errors += String(data)));
    child.stdout.on('data', (data) => (readyLines += String(data).split('ready').length - 1));
    const exit = once(child, 'exit').then(([code, signal]) => {
      this.children.delete(child);
      return (code ?? signal) as number | string;
    });
    return {
      pid: child.pid ?? 0,
      process: child,
      errors: () => errors,
      say: (line) => void child.stdin.write(`${line}\n`),
      ready: async () => {
        readyTaken++;
        await until(() => readyLines >= readyTaken || child.exitCode !== null, 'the target is ready');
        if (readyLines < readyTaken) throw new Error(`the target ended early: ${errors}`);
      },
      ended: () => within(exit, 10_000, 'the target ends'),
    };
  }

  /** Names in the socket directory that belong to the target. */
  filesOf(target: AgentTarget): string[] {
    return readdirSync(this.socketDirectory).filter((name) => name.startsWith(`${target.pid}-`));
  }

  /** Ends the targets that a failed test has left. */
  killAll(): void {
    for (const child of this.children) child.kill('SIGKILL');
  }

  dispose(): void {
    this.killAll();
    rmSync(this.folder, { recursive: true, force: true });
    if (this.formerDirectory === undefined) delete process.env['HEATLENS_AGENT_DIR'];
    else process.env['HEATLENS_AGENT_DIR'] = this.formerDirectory;
  }
}

/** Polls every 20 ms; rejects after `timeoutMs` with what was waited for. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what: string,
  timeoutMs = 15_000,
): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`waited ${timeoutMs} ms in vain: ${what}`);
    await sleep(20);
  }
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

export async function within<T>(promise: Promise<T>, timeoutMs: number, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`waited ${timeoutMs} ms in vain: ${what}`)), timeoutMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
