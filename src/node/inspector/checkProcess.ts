import {
  noSuchProcess,
  notNode,
  notOurProcess,
  otherNamespace,
  otherRuntime,
  processReplaced,
  processStopped,
} from './processErrors';
import { linuxBirth } from '../processes/birth';
import { readProcLink, readProcStatus } from '../processes/linuxProc';
import { otherRuntimeOf } from '../processes/nodeExecutable';
import { nodeInside } from '../processes/nodeInside';

/**
 * Throws unless the process exists, is ours, is Node, runs, and shares our network; and, where the system tells that at
 * once, unless it is the one that was born then: see `birthOf`.
 */
export function checkProcess(pid: number, birth?: string): void {
  if (!Number.isSafeInteger(pid) || pid <= 0) throw noSuchProcess(pid);
  try {
    process.kill(pid, 0);
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'EPERM' ? notOurProcess(pid) : noSuchProcess(pid);
  }
  if (process.platform !== 'linux') return;
  const status = readProcStatus(pid);
  if (!status || status.state === 'Z' || status.state === 'X') throw noSuchProcess(pid);
  if (birth !== undefined && linuxBirth(pid) !== birth) throw processReplaced(pid);
  const executable = readProcLink(pid, 'exe');
  if (executable !== undefined && !nodeInside(pid, executable)) {
    const runtime = otherRuntimeOf(executable);
    throw runtime ? otherRuntime(`process ${pid}`, runtime) : notNode(pid, executable);
  }
  if (status.state === 'T') throw processStopped(pid);
  const network = readProcLink(pid, 'ns/net');
  const ourNetwork = readProcLink(process.pid, 'ns/net');
  if (network !== undefined && ourNetwork !== undefined && network !== ourNetwork) throw otherNamespace(pid);
}

/** False once a process has ended, also while its parent has not yet taken note of it. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  const state = process.platform === 'linux' ? readProcStatus(pid)?.state : 'R';
  return state !== undefined && state !== 'Z' && state !== 'X';
}
