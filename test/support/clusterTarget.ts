import { readdirSync, readFileSync } from 'node:fs';
import { listenersOf } from '../../src/node/processes/tcpSockets';
import { until } from './agentTarget';
import { startService, type ServiceTarget } from './serviceTarget';

/** What a worker of `test/fixtures/inspector/cluster.cjs` does. */
export type WorkerKind = 'idle' | 'busy' | 'blocked' | 'parent' | 'open' | 'handler' | 'deadly';

export interface ClusterTarget {
  readonly primary: ServiceTarget;
  /** In the order of their kinds. */
  readonly workers: readonly number[];
  /** Primary, workers and their children. */
  readonly all: readonly number[];
  /** Ports of each of all. */
  ports(): Promise<number[][]>;
  /** Resolves when those that are to be blocked are; they stay so for three seconds. */
  block(): Promise<void>;
  stop(): Promise<void>;
}

export async function startCluster(
  node: string,
  kinds: readonly WorkerKind[],
  flags: readonly string[] = [],
): Promise<ClusterTarget> {
  const primary = await startService('sh', {
    flags: ['-c', `exec "$0" ${flags.join(' ')} "$@" ${kinds.join(' ')}`, node],
    script: 'cluster.cjs',
  });
  const pidsOf = (word: string): number[] =>
    [...primary.output().matchAll(new RegExp(`^${word}$`, 'gm'))].map((match) => Number(match[1]));
  const children = kinds.filter((kind) => kind === 'parent').length;
  const workers = (): number[] => kinds.flatMap((kind) => pidsOf(`worker (\\d+) ${kind}`));
  await until(
    () => new Set(workers()).size === kinds.length && pidsOf('child (\\d+)').length === children,
    'all workers run',
  );
  const all = [primary.pid, ...workers(), ...pidsOf('child (\\d+)')];
  return {
    primary,
    workers: workers(),
    all,
    ports: async () => Promise.all(all.map(async (pid) => (await listenersOf(pid)).map((each) => each.port))),
    async block() {
      primary.child.kill('SIGUSR2');
      await primary.waitForOutput(/^blocked \d+/m);
    },
    async stop() {
      for (const pid of [...all].reverse()) {
        try {
          process.kill(pid, 'SIGKILL');
        } catch {
          // ended by itself
        }
      }
      await primary.exit;
    },
  };
}

/** Names of the notes about those processes, in the folder that tests set. */
export function notesAbout(folder: string, pids: readonly number[]): string[] {
  return readdirSync(folder)
    .filter((name) => /^opened-.*\.json$/.test(name))
    .filter((name) => pids.includes((JSON.parse(readFileSync(`${folder}/${name}`, 'utf8')) as { pid: number }).pid));
}
