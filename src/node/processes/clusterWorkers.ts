import { readProcEnvironment } from './linuxProc';
import { linuxBirth } from './birth';
import { linuxParents } from './linuxProcesses';

export interface ClusterWorker {
  readonly pid: number;
  /** See `birthOf`. */
  readonly birth: string | undefined;
}

/** By which `cluster.fork` tells a worker that it is one. Node takes it out of the worker's own environment, so that no child of it inherits it. */
const WORKER_VARIABLE = 'NODE_UNIQUE_ID';

/** Workers of a cluster's primary, and those of workers that are primaries of their own. Only Linux tells. */
export function clusterWorkersOf(primary: number): ClusterWorker[] {
  if (process.platform !== 'linux') return [];
  const children = new Map<number, number[]>();
  for (const [pid, parent] of linuxParents()) children.set(parent, [...(children.get(parent) ?? []), pid]);
  const workers: ClusterWorker[] = [];
  const primaries = [primary];
  for (const parent of primaries) {
    for (const pid of children.get(parent) ?? []) {
      if (readProcEnvironment(pid)[WORKER_VARIABLE] === undefined) continue;
      workers.push({ pid, birth: linuxBirth(pid) });
      primaries.push(pid);
    }
  }
  return workers;
}
