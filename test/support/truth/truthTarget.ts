import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

/** A running program of test/fixtures/truth. */
export interface TruthTarget {
  readonly pid: number;
  ask<T>(question: unknown): Promise<T>;
  stop(): Promise<void>;
}

/** Shares of the main thread's CPU time by method, 0..1. */
export type Shares = Readonly<Record<string, number>>;

export async function startTruthTarget(node: string, [script, ...args]: readonly string[]): Promise<TruthTarget> {
  const child: ChildProcess = fork(script, args, {
    execPath: node,
    // A port of its own: two targets run side by side.
    execArgv: ['--inspect-port=0'],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  let errors = '';
  child.stderr?.on('data', (chunk: Buffer) => (errors = (errors + chunk.toString()).slice(-2000)));
  const ended = once(child, 'exit').then(([code, signal]) => `${script} ended with ${code ?? signal}: ${errors}`);
  const message = async <T>(): Promise<T> => {
    const abort = new AbortController();
    try {
      return await Promise.race([
        once(child, 'message', { signal: abort.signal }).then(([value]) => value as T),
        ended.then((text) => Promise.reject(new Error(text))),
      ]);
    } finally {
      abort.abort();
    }
  };
  await message();
  return {
    pid: child.pid!,
    ask: async <T>(question: unknown): Promise<T> => {
      const reply = message<T>();
      child.send(question as object);
      return reply;
    },
    stop: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

interface Reading {
  /** ms by method. */
  readonly times: Readonly<Record<string, number>>;
  /** Of the main thread. */
  readonly cpuMs: number;
}

async function readFor(target: TruthTarget, ms: number): Promise<Reading> {
  await target.ask('reset');
  await sleep(ms);
  return target.ask('report');
}

/**
 * Lets the program run for so long and resolves to its own shares of that interval. `timedShare` is how much of its CPU
 * time the clocks take where nothing measures it: what measuring takes is not the program's.
 */
export async function measureTruth(target: TruthTarget, ms: number, timedShare: number): Promise<Shares> {
  const { times } = await readFor(target, ms);
  const sum = sumOf(times);
  return Object.fromEntries(Object.entries(times).map(([name, taken]) => [name, (taken / sum) * timedShare]));
}

function sumOf(times: Readonly<Record<string, number>>): number {
  return Object.values(times).reduce((sum, ms) => sum + ms, 0);
}

const WINDOW_MS = 500;
const LEAST_WINDOWS = 3;
const MOST_WINDOWS = 30;
const STEADY_POINTS = 1.5;

/** Waits until V8 has optimised what is hot: the shares stay as they are. Resolves to how much of its time is timed, 0..1. */
export async function waitUntilSteady(target: TruthTarget): Promise<number> {
  let before: Shares = {};
  const timed: number[] = [];
  const used: number[] = [];
  for (let n = 0; n < MOST_WINDOWS; n++) {
    const { times, cpuMs } = await readFor(target, WINDOW_MS);
    const now = Object.fromEntries(Object.entries(times).map(([name, ms]) => [name, ms / cpuMs]));
    timed.push(sumOf(times));
    used.push(cpuMs);
    if (n >= LEAST_WINDOWS && largestDifference(now, before).points < STEADY_POINTS) break;
    before = now;
  }
  const latest = (values: readonly number[]): number => values.slice(-LEAST_WINDOWS).reduce((sum, ms) => sum + ms, 0);
  return latest(timed) / latest(used);
}

export interface Difference {
  readonly points: number;
  readonly name: string;
}

/** The largest of all methods that the program knows, in percentage points. */
export function largestDifference(measured: Shares, truth: Shares): Difference {
  let largest: Difference = { points: 0, name: '' };
  for (const [name, share] of Object.entries(truth)) {
    const points = Math.abs((measured[name] ?? 0) - share) * 100;
    if (points > largest.points) largest = { points, name };
  }
  return largest;
}
