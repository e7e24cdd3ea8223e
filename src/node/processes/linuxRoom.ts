import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a process has left of what the system allows it; absent where that is not limited, or not to be read. */
export interface Room {
  readonly descriptors?: Left;
  /** Of its user, or of its control group: both count threads. */
  readonly threads?: Left;
  readonly memoryBytes?: Left;
}

export interface Left {
  readonly free: number;
  readonly limit: number;
}

/** Where the system shows itself; another folder in tests. */
export interface SystemFolders {
  readonly proc: string;
  readonly cgroup: string;
}

const SYSTEM: SystemFolders = { proc: '/proc', cgroup: '/sys/fs/cgroup' };

export function readRoom(pid: number, folders: SystemFolders = SYSTEM): Room {
  const text = (name: string): string => readText(join(folders.proc, String(pid), name)) ?? '';
  const limits = text('limits');
  const status = text('status');
  const groups = text('cgroup');
  return {
    descriptors: freeDescriptors(softLimit(limits, 'Max open files'), join(folders.proc, String(pid), 'fd')),
    threads: scarcest([
      userThreads(softLimit(limits, 'Max processes'), status, folders),
      ...groupsOf(groups, 'pids', folders).map((folder) => leftOfFiles(folder, 'pids.max', 'pids.current')),
    ]),
    memoryBytes: scarcest([
      addressSpace(softLimit(limits, 'Max address space'), status),
      systemMemory(folders),
      ...groupsOf(groups, 'memory', folders).map(groupMemory),
    ]),
  };
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** Of a line such as `Max open files            1024                 4096                 files`. */
function softLimit(limits: string, name: string): number | undefined {
  const line = limits.split('\n').find((each) => each.startsWith(name));
  return numberIn(line?.slice(name.length).trim().split(/\s+/)[0]);
}

/** Undefined for `unlimited` and `max`, too. */
function numberIn(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text.trim()) ? Number(text) : undefined;
}

/** One that was inherited may have a number above the limit, and takes nothing from below it. */
function freeDescriptors(limit: number | undefined, folder: string): Left | undefined {
  if (limit === undefined) return undefined;
  try {
    const used = readdirSync(folder).filter((name) => Number(name) < limit).length;
    return { free: limit - used, limit };
  } catch {
    return undefined; // gone, or not ours to look into
  }
}

/** The kernel counts the threads of the real user, and never holds root to the limit. */
function userThreads(limit: number | undefined, status: string, { proc }: SystemFolders): Left | undefined {
  const user = fieldOf(status, 'Uid');
  if (limit === undefined || user === undefined || user === 0) return undefined;
  let used = 0;
  for (const name of readdirSync(proc)) {
    const other = /^\d+$/.test(name) ? readText(join(proc, name, 'status')) : undefined;
    if (other !== undefined && fieldOf(other, 'Uid') === user) used += fieldOf(other, 'Threads') ?? 1;
  }
  return { free: limit - used, limit };
}

function addressSpace(limit: number | undefined, status: string): Left | undefined {
  const used = fieldOf(status, 'VmSize');
  return limit === undefined || used === undefined ? undefined : { free: limit - used * 1024, limit };
}

function systemMemory({ proc }: SystemFolders): Left | undefined {
  const text = readText(join(proc, 'meminfo')) ?? '';
  const free = fieldOf(text, 'MemAvailable');
  const all = fieldOf(text, 'MemTotal');
  return free === undefined || all === undefined ? undefined : { free: free * 1024, limit: all * 1024 };
}

/** The first number of a line such as `VmSize:     1234 kB`. */
function fieldOf(text: string, name: string): number | undefined {
  return numberIn(new RegExp(`^${name}:\\s*(\\d+)`, 'm').exec(text)?.[1]);
}

/** The group's folder and those of the groups around it, each of which may limit it; both versions of control groups. */
function groupsOf(groups: string, controller: string, { cgroup }: SystemFolders): string[] {
  for (const line of groups.split('\n')) {
    const [, controllers, path] = /^\d+:([^:]*):(\/.*)$/.exec(line) ?? [];
    const isOld = controllers?.split(',').includes(controller);
    if (path === undefined || (controllers !== '' && !isOld)) continue;
    const top = isOld ? join(cgroup, controller) : cgroup;
    const parts = path.split('/').filter((part) => part !== '' && part !== '..');
    return [top, ...parts.map((_, index) => join(top, ...parts.slice(0, index + 1)))];
  }
  return [];
}

function leftOfFiles(folder: string, max: string, current: string): Left | undefined {
  const limit = numberIn(readText(join(folder, max)));
  const used = numberIn(readText(join(folder, current)));
  return limit === undefined || used === undefined ? undefined : { free: limit - used, limit };
}

/** What was read from files is given back as soon as somebody needs the memory. */
function groupMemory(folder: string): Left | undefined {
  const left =
    leftOfFiles(folder, 'memory.max', 'memory.current') ??
    leftOfFiles(folder, 'memory.limit_in_bytes', 'memory.usage_in_bytes');
  const cached = /^(?:total_)?inactive_file (\d+)$/m.exec(readText(join(folder, 'memory.stat')) ?? '')?.[1];
  return left && { free: left.free + (numberIn(cached) ?? 0), limit: left.limit };
}

function scarcest(all: readonly (Left | undefined)[]): Left | undefined {
  return all.reduce((least, each) => (each && (!least || each.free < least.free) ? each : least), undefined);
}
