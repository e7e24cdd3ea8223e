import { readdirSync, readFileSync } from 'node:fs';

/** CPU time of the main thread in ms, to the nanosecond where the kernel tells it, else in ticks of 10 ms. Linux only. */
export function mainThreadCpuMs(pid: number): number {
  return threadCpuMs(pid, pid);
}

/** The same of all threads that live. */
export function processCpuMs(pid: number): number {
  return readdirSync(`/proc/${pid}/task`).reduce((sum, tid) => sum + threadCpuMs(pid, Number(tid)), 0);
}

function threadCpuMs(pid: number, tid: number): number {
  const task = `/proc/${pid}/task/${tid}`;
  try {
    return Number(readFileSync(`${task}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
  } catch {
    const stat = readFileSync(`${task}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10;
  }
}
