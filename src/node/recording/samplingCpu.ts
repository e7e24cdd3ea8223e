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
