import { readFileSync, readdirSync } from 'node:fs';
import { listenersOfLinux } from './linuxTcp';
import { inspectorFlags, parseNodeArguments } from './nodeArguments';
import { isNodeExecutable } from './nodeExecutable';
import { nodeInside } from './nodeInside';
import type { ProcStatus } from './linuxProc';
import {
  readProcArguments,
  readProcEnvironment,
  readProcLink,
  readProcStatus,
  readProcText,
  readProcTimes,
} from './linuxProc';
import type { RawProcess } from './rawProcess';
import type { TcpListener } from './tcpSockets';
import { userNames } from './userNames';

export function linuxNodeProcesses(): RawProcess[] {
  const users = userNames();
  const bootedAt = bootTime();
  const processes: RawProcess[] = [];
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const found = readNodeProcess(Number(name), users, bootedAt);
    if (found) processes.push(found);
  }
  return processes;
}

/** Parent of every process, whatever it runs. */
export function linuxParents(): Map<number, number> {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    const status = Number.isInteger(pid) ? readProcStatus(pid) : undefined;
    if (status) parents.set(pid, status.ppid);
  }
  return parents;
}

/** More are no family. */
const MOST_DESCENDANTS = 5_000;

/** All below a process, whatever they run: the kernel keeps the children of each thread, which costs little to ask. */
export function linuxDescendants(pid: number): number[] {
  const found: number[] = [];
  const todo = [pid];
  for (let next = todo.pop(); next !== undefined && found.length < MOST_DESCENDANTS; next = todo.pop()) {
    for (const thread of threadsOf(next)) {
      for (const word of readProcText(next, `task/${thread}/children`)?.split(' ') ?? []) {
        const child = Number(word);
        if (!(child > 0)) continue;
        found.push(child);
        todo.push(child);
      }
    }
  }
  return found;
}

function threadsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}

function readNodeProcess(pid: number, users: ReadonlyMap<number, string>, bootedAt: number): RawProcess | undefined {
  const argv = readProcArguments(pid);
  if (argv.length === 0) return undefined; // a kernel thread, a zombie, or gone
  // Another user's link may not be read; then the command line has to do.
  const executable = readProcLink(pid, 'exe') ?? argv[0] ?? '';
  const status = readProcStatus(pid);
  const inside = status && mayBeNode(status, executable) ? nodeInside(pid, executable) : undefined;
  if (!inside) return undefined;
  const stat = readProcTimes(pid);
  if (!status || !stat || status.state === 'Z') return undefined;
  const environment = readProcEnvironment(pid);
  const ourUser = process.getuid?.();
  const listeners = listenersOfLinux(pid);
  const inspectorPort = likelyInspectorPort(pid, listeners, argv, environment, status);
  return {
    pid,
    ppid: status.ppid,
    argv,
    isPacked: inside === 'packed',
    environment,
    cwd: readProcLink(pid, 'cwd')?.replace(/ \(deleted\)$/, ''),
    user: users.get(status.uid) ?? String(status.uid),
    own: ourUser === 0 || ourUser === status.uid,
    cpuMs: stat.cpuMs,
    residentBytes: status.residentBytes,
    startedAt: bootedAt + stat.startMs,
    birth: `${stat.startMs}`,
    inspectorPort,
    ports: [...new Set(listeners.map(({ port }) => port))]
      .filter((port) => port !== inspectorPort)
      .sort((a, b) => a - b),
  };
}

/** By its name, else by what Node does with the signal that opens its inspector: few other programs have to be looked into. */
function mayBeNode({ signals }: ProcStatus, executable: string): boolean {
  return isNodeExecutable(executable) || (signals.caught & SIGUSR1) !== 0n;
}

const SIGUSR1 = 0x200n;

/** Told from flags, sockets and thread names; nothing is asked over the network. */
function likelyInspectorPort(
  pid: number,
  listeners: readonly TcpListener[],
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  status: ProcStatus,
): number | undefined {
  if (listeners.length === 0) return undefined;
  const flags = inspectorFlags(parseNodeArguments(argv.slice(1)).flags, environment['NODE_OPTIONS']);
  const usual = listeners.find((each) => each.port === flags.port);
  if (usual && status.innerPid === pid) return usual.port;
  const opensRandom = flags.opensAtStart && flags.port === 0;
  if (!opensRandom && !hasInspectorThread(pid)) return undefined;
  const loopback = listeners.filter((each) => each.address === '127.0.0.1');
  return loopback.length === 1 ? loopback[0]?.port : undefined;
}

/** Node 24 and later name their threads. */
function hasInspectorThread(pid: number): boolean {
  try {
    return readdirSync(`/proc/${pid}/task`).some(
      (task) => readProcText(pid, `task/${task}/comm`)?.trim() === 'InspectorIo',
    );
  } catch {
    return false;
  }
}

function bootTime(): number {
  const seconds = /^btime (\d+)$/m.exec(readFileSync('/proc/stat', 'utf8'))?.[1];
  return Number(seconds ?? 0) * 1000;
}
