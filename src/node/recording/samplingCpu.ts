import { readdir, readFile } from 'node:fs/promises';

/**
 * CPU time in ms that V8's sampling threads of a local process have used so far; undefined where it cannot be read (other
 * systems, other users' processes, remote targets). The stack walks themselves run on the measured thread and are not in it.
 */
export async function samplingThreadsCpuMs(pid: number): Promise<number | undefined> {
  try {
    let totalNs = 0;
    for (const task of await readdir(`/proc/${pid}/task`)) {
      const name = await readFile(`/proc/${pid}/task/${task}/comm`, 'utf8').catch(() => '');
      if (!name.startsWith('v8:ProfEvnt')) continue;
      // The first number of schedstat is time on a CPU in ns; stat counts in ticks of 10 ms, too coarse for this.
      totalNs += Number((await readFile(`/proc/${pid}/task/${task}/schedstat`, 'utf8')).split(' ')[0]);
    }
    return totalNs / 1e6;
  } catch {
    return undefined;
  }
}

/** Share of one core that V8's sampling threads of a process use. */
export interface SamplingShare {
  /** Since the first call; undefined at that one, and where it cannot be read. */
  read(): Promise<number | undefined>;
}

export function createSamplingShare(pid: number): SamplingShare {
  let before: { ms: number; at: number } | undefined;
  return {
    async read() {
      const ms = await samplingThreadsCpuMs(pid);
      if (ms === undefined) return undefined;
      const now = Date.now();
      before ??= { ms, at: now };
      return now > before.at ? Math.max(0, ms - before.ms) / (now - before.at) : undefined;
    },
  };
}
