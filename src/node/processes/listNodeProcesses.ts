import { setTimeout as delay } from 'node:timers/promises';
import { findAgents } from './agentDirectory';
import { macNodeProcesses, windowsNodeProcesses } from './commandProcesses';
import type { ProcessDescription } from './describeProcess';
import { belongsTo, describeProcess, roleOf } from './describeProcess';
import { tellApart } from './families';
import { readProcTimes } from './linuxProc';
import { linuxNodeProcesses, linuxParents } from './linuxProcesses';
import type { NodeProcess } from './nodeProcess';
import type { RawProcess } from './rawProcess';

export interface ListOptions {
  /** Absolute; processes that run from one of them come first. */
  readonly workspaceFolders?: readonly string[];
  /** Time over which the CPU share is observed, ms; 0 leaves the average since the start. Default 200. */
  readonly observeMs?: number;
}

/**
 * All running Node processes but this one: those of the workspace first, programs before what merely started them,
 * other users' and the editor's own last. Processes that end meanwhile are left out.
 */
export async function listNodeProcesses(options: ListOptions = {}): Promise<NodeProcess[]> {
  const observeMs = options.observeMs ?? 200;
  const raw = (await rawProcesses()).filter((each) => each.pid !== process.pid);
  const startedAt = performance.now();
  if (observeMs > 0 && process.platform === 'linux') await delay(observeMs);
  const shareOf = (each: RawProcess): number | undefined => {
    if (each.cpuShare !== undefined || each.cpuMs === undefined) return each.cpuShare;
    if (observeMs > 0 && process.platform === 'linux') {
      const now = readProcTimes(each.pid)?.cpuMs;
      return now === undefined ? undefined : (now - each.cpuMs) / (performance.now() - startedAt);
    }
    return each.startedAt === undefined ? undefined : each.cpuMs / Math.max(1, Date.now() - each.startedAt);
  };
  const agents = await agentSockets();
  const folders = options.workspaceFolders ?? [];
  const listed = raw
    .map((each) => {
      const description = describeProcess(each);
      return {
        process: toNodeProcess(each, description, agents, shareOf(each)),
        rank: rankOf(each, description, folders),
      };
    })
    .sort(
      (a, b) =>
        a.rank - b.rank || (b.process.startedAt ?? 0) - (a.process.startedAt ?? 0) || b.process.pid - a.process.pid,
    )
    .map((each) => each.process);
  return tellApart(listed, parentsOf(raw));
}

/** Of all processes where that costs little; else of those that are Node. */
function parentsOf(raw: readonly RawProcess[]): Map<number, number> {
  return process.platform === 'linux' ? linuxParents() : new Map(raw.map((each) => [each.pid, each.ppid]));
}

/** Node processes that this process started, directly or through others (a shell, npm), nearest first. */
export async function descendantsOf(pid: number): Promise<NodeProcess[]> {
  const [all, agents] = await Promise.all([rawProcesses(), agentSockets()]);
  const parents = parentsOf(all);
  const depthOf = (start: number): number => {
    let depth = 0;
    for (let at: number | undefined = start; at !== undefined && at > 0 && depth <= parents.size; depth++) {
      if (at === pid) return depth;
      at = parents.get(at);
    }
    return -1;
  };
  return all
    .map((each) => ({ each, depth: depthOf(each.pid) }))
    .filter(({ each, depth }) => depth > 0 && each.pid !== process.pid)
    .sort((a, b) => a.depth - b.depth || a.each.pid - b.each.pid)
    .map(({ each }) => toNodeProcess(each, describeProcess(each), agents));
}

function rawProcesses(): Promise<RawProcess[]> {
  switch (process.platform) {
    case 'linux':
      return Promise.resolve(linuxNodeProcesses());
    case 'win32':
      return windowsNodeProcesses();
    default:
      return macNodeProcesses();
  }
}

/** Socket of each process's main thread. An unsafe directory keeps agents out of the list, not the list from showing. */
async function agentSockets(): Promise<Map<number, string>> {
  const { sockets } = await findAgents();
  return new Map(sockets.filter((each) => each.threadId === 0).map((each) => [each.pid, each.socket]));
}

function toNodeProcess(
  raw: RawProcess,
  description: ProcessDescription,
  agents: ReadonlyMap<number, string>,
  cpuShare?: number,
): NodeProcess {
  return {
    pid: raw.pid,
    ppid: raw.ppid,
    name: description.name,
    script: description.script,
    cwd: raw.cwd,
    commandLine: raw.argv.join(' ').trim(),
    runner: description.runner,
    role: roleOf(raw),
    ports: raw.ports?.length ? raw.ports : undefined,
    isLauncher: description.isLauncher,
    isEditor: description.isEditor,
    user: raw.user,
    own: raw.own,
    cpuShare,
    residentBytes: raw.residentBytes,
    startedAt: raw.startedAt,
    birth: raw.birth,
    inspectorPort: raw.inspectorPort,
    agentSocket: agents.get(raw.pid),
  };
}

function rankOf(raw: RawProcess, description: ProcessDescription, folders: readonly string[]): number {
  if (description.isEditor) return 6;
  const place = belongsTo(folders, { script: description.script, cwd: raw.cwd }) ? 0 : raw.own ? 2 : 4;
  return place + (description.isLauncher ? 1 : 0);
}
