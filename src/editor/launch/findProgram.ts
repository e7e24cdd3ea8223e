import { setTimeout as delay } from 'node:timers/promises';
import { launchedAndGone, launchedNotFound } from './launchErrors';
import type { NodeProcess } from '../../node/processes/nodeProcess';

export interface FindProgramOptions {
  readonly name: string;
  /** Node processes below the started one, nearest first, the started one excluded. */
  readonly descendants: () => Promise<NodeProcess[]>;
  /** The started process is still there. */
  readonly isRunning: () => boolean;
  readonly signal: AbortSignal;
  readonly timeoutMs?: number;
  readonly pollMs?: number;
}

/**
 * The program behind `npm run something`: between the terminal and it stand a shell, npm, and often nodemon or tsx, which
 * are processes of Node as well. Found are those that launch nothing themselves and are not below another one found (its
 * workers and children); they must stay for two looks, since launchers start short helpers.
 */
export async function findPrograms(options: FindProgramOptions): Promise<NodeProcess[]> {
  const { name, descendants, isRunning, signal, timeoutMs = 30_000, pollMs = 400 } = options;
  const end = Date.now() + timeoutMs;
  let before = '';
  while (Date.now() < end) {
    signal.throwIfAborted();
    const found = topPrograms(await descendants());
    const pids = found.map((process) => process.pid).join();
    if (found.length && pids === before) return found;
    before = pids;
    if (!found.length && !isRunning()) throw launchedAndGone(name);
    await delay(pollMs, undefined, { signal });
  }
  throw launchedNotFound(name, timeoutMs / 1000);
}

export function topPrograms(descendants: readonly NodeProcess[]): NodeProcess[] {
  const programs = descendants.filter((process) => !process.isLauncher);
  const pids = new Set(programs.map((process) => process.pid));
  return programs.filter((process) => !pids.has(process.ppid));
}
