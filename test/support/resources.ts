import { readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from './agentTarget';

/** How many timers, sockets, child processes and open descriptors this process has, by kind. */
function ownResources(): Record<string, number> {
  const counts: Record<string, number> = { descriptors: readdirSync('/proc/self/fd').length };
  for (const name of process.getActiveResourcesInfo()) {
    if (!/^(FSReq|Immediate|TickObject)/.test(name)) counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

/** Call it before, and what it returns afterwards: rejects unless everything that was added has gone again. */
export async function watchResources(): Promise<() => Promise<void>> {
  // Sockets of earlier requests still close, and mocha's timer for this test begins with the first turn.
  await sleep(150);
  const before = ownResources();
  return async () => {
    let added: [string, number][] = [];
    const isReleased = (): boolean => {
      added = Object.entries(ownResources()).filter(([name, count]) => count > (before[name] ?? 0));
      return added.length === 0;
    };
    await until(isReleased, 'everything is released').catch(() => {
      throw new Error(`left behind: ${JSON.stringify(added)}, before: ${JSON.stringify(before)}`);
    });
  };
}
