import type { NodeProcess } from './nodeProcess';

/** Share of a core below which a process only waits, and above which its child is the one that is meant. */
const WAITS_BELOW = 0.02;
const BUSY_ABOVE = 0.1;

/**
 * The same processes, which say of themselves what tells one from the others: a parent that only waits names the busiest of
 * those it has started, and who has the name, role and ports of another one is marked so. `parents`: of every process.
 */
export function tellApart(processes: readonly NodeProcess[], parents: ReadonlyMap<number, number>): NodeProcess[] {
  const counts = new Map<string, number>();
  for (const process of processes) counts.set(looksOf(process), (counts.get(looksOf(process)) ?? 0) + 1);
  const busiest = busiestBelow(processes, parents);
  return processes.map((process) => {
    const child = (process.cpuShare ?? 1) < WAITS_BELOW ? busiest.get(process.pid) : undefined;
    return {
      ...process,
      ...(counts.get(looksOf(process))! > 1 && { isOneOfMany: true }),
      ...(child && { busyChild: { pid: child.pid, name: child.name } }),
    };
  });
}

function looksOf({ name, role, ports = [], cwd = '' }: NodeProcess): string {
  return [name, role ?? '', ports.join(), cwd].join('\0');
}

/** By pid of those that have any below them. */
function busiestBelow(
  processes: readonly NodeProcess[],
  parents: ReadonlyMap<number, number>,
): Map<number, NodeProcess> {
  const busiest = new Map<number, NodeProcess>();
  for (const process of processes) {
    const { cpuShare = 0 } = process;
    if (cpuShare < BUSY_ABOVE) continue;
    // A list that was read while processes came and went may lead in a circle.
    const seen = new Set<number>();
    for (let at = parents.get(process.pid); at !== undefined && !seen.has(at); at = parents.get(at)) {
      seen.add(at);
      if ((busiest.get(at)?.cpuShare ?? 0) < cpuShare) busiest.set(at, process);
    }
  }
  return busiest;
}
