import { readdir, readFile } from 'node:fs/promises';

/** Linux counts thread time in ticks of 10 ms (USER_HZ is 100 on every architecture that Node supports). */
const MS_PER_TICK = 10;

/**
 * CPU time in ms that V8's sampling threads of a local process have used so far; undefined where it cannot be read (other
 * systems, other users' processes, remote targets). The stack walks themselves run on the measured thread and are not in it.
 */
export async function samplingThreadsCpuMs(pid: number): Promise<number | undefined> {
  try {
    const tasks = await readdir(`/proc/${pid}/task`);
    let total = 0;
    for (const task of tasks) {
      const stat = await readFile(`/proc/${pid}/task/${task}/stat`, 'utf8').catch(() => '');
      const nameEnd = stat.lastIndexOf(')');
      if (!stat.slice(stat.indexOf('(') + 1, nameEnd).startsWith('v8:ProfEvnt')) continue;
      // Fields after the name: state is the first, utime and stime the 12th and 13th.
      const fields = stat.slice(nameEnd + 2).split(' ');
      total += (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK;
    }
    return total;
  } catch {
    return undefined;
  }
}
