import { readProcStatus } from '../processes/linuxProc';

/** SIGUSR1 as a bit of the masks in `/proc/PID/status`; the same number on every Linux that VS Code supports. */
const SIGUSR1_MASK = 0x200n;

/** Within so long, ms, a process has installed Node's handler; until then it blocks the signal, or would die of it. */
export const STARTUP_MS = 5_000;

/**
 * What SIGUSR1 does to a process: `handled` by Node's handler or the program's own; `blocked` while Node starts, and for good
 * under `--disable-sigusr1`; `ignored` or `deadly` before that, and when a program took its own handler away again. Undefined when it is gone.
 */
export function effectOfSigusr1(pid: number): 'handled' | 'blocked' | 'ignored' | 'deadly' | undefined {
  const status = readProcStatus(pid);
  if (!status || status.state === 'Z') return undefined;
  const { caught, blocked, ignored } = status.signals;
  if ((blocked & SIGUSR1_MASK) !== 0n) return 'blocked';
  if ((caught & SIGUSR1_MASK) !== 0n) return 'handled';
  return (ignored & SIGUSR1_MASK) !== 0n ? 'ignored' : 'deadly';
}
