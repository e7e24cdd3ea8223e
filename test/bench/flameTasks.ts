import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** What a run of `programs/flame.ts` prints. */
export interface FlameReport {
  /** By round: its steps. */
  readonly rounds: readonly (readonly Phase[])[];
  /** Of the whole process, after its first round. */
  readonly peakMb: number;
}

export interface Phase {
  readonly name: string;
  readonly cpuMs: number;
}

export type PhaseRunner = <T>(name: string, step: () => T | Promise<T>) => Promise<T>;

export function cpuMs(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1_000;
}

/** Runs one task in a fresh process; `scripts/bench.mjs` bundles the program. */
export async function runFlameTask(program: string, task: string, file: string, rounds: number): Promise<FlameReport> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--max-old-space-size=6000', program, task, file, String(rounds)],
    {
      env: { ...process.env, NODE_OPTIONS: '' },
      timeout: 600_000,
      maxBuffer: 1 << 20,
    },
  );
  return JSON.parse(stdout) as FlameReport;
}
