import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { sep, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { HeatReport, ReportMethod } from '../../src/cli/heatReport';
import { repositoryRoot } from './nodeVersions';

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  /** Lines that are not empty. */
  readonly errors: readonly string[];
}

export interface CliOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly uid?: number;
}

export interface RunningCli {
  readonly child: ChildProcess;
  readonly result: Promise<CliResult>;
}

/** The command line as it is compiled next to the test that runs, or from its sources when the test does so. */
const command = __dirname.includes(`${sep}out${sep}`)
  ? [join(repositoryRoot, 'out/src/cli/main.js')]
  : [
      '--require',
      join(repositoryRoot, 'node_modules/tsx/dist/preflight.cjs'),
      '--import',
      `file://${join(repositoryRoot, 'node_modules/tsx/dist/loader.mjs')}`,
      join(repositoryRoot, 'src/cli/main.ts'),
    ];

export function startCli(args: readonly string[], options: CliOptions = {}): RunningCli {
  const child = spawn(process.execPath, [...command, ...args], {
    cwd: options.cwd ?? repositoryRoot,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], TMPDIR: process.env['TMPDIR'], ...options.env },
    uid: options.uid,
    gid: options.uid,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (text: Buffer) => (stdout += text.toString()));
  child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
  const result = once(child, 'close').then(([code]) => ({
    code: code as number | null,
    stdout,
    errors: stderr.split('\n').filter((line) => line.trim() !== ''),
  }));
  return { child, result };
}

export function runCli(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  return startCli(args, options).result;
}

/** Runs with `--json`, which must succeed. Somebody else on this machine may hold port 9229, which is waited for. */
export async function reportOf(args: readonly string[], options: CliOptions = {}): Promise<HeatReport> {
  let { code, stdout, errors } = await runCli([...args, '--json'], options);
  for (let attempt = 1; attempt < 5 && errors.some((line) => line.includes('holds that port')); attempt++) {
    await delay(1_000);
    ({ code, stdout, errors } = await runCli([...args, '--json'], options));
  }
  if (code !== 0) throw new Error(`heatlens ${args.join(' ')} ended with ${code}: ${errors.join('\n')}`);
  return JSON.parse(stdout) as HeatReport;
}

export function methodNamed(report: HeatReport, name: string): ReportMethod {
  const found = report.methods.find((method) => method.name === name);
  if (!found) throw new Error(`${name} is not among ${report.methods.map((method) => method.name).join(', ')}`);
  return found;
}
