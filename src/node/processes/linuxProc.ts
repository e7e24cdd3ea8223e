import { readFileSync, readdirSync, readlinkSync } from 'node:fs';

// Reads below are synchronous on purpose: /proc is memory, a read takes microseconds, and the thread pool costs more.

/** What `/proc/PID/status` says; `undefined` where a line is missing. */
export interface ProcStatus {
  /** One letter: R, S, D, T (stopped), t (traced), Z (zombie), X. */
  readonly state: string;
  readonly ppid: number;
  readonly uid: number;
  readonly residentBytes: number;
  /** The process's id as the process itself sees it; differs from the outer one inside a container. */
  readonly innerPid: number;
  readonly signals: { readonly blocked: bigint; readonly ignored: bigint; readonly caught: bigint };
  /** How often the thread, for a process its main one, has gone to sleep of its own accord. */
  readonly sleeps: number;
}

/** `undefined` when the process is gone or may not be read. */
export function readProcStatus(pid: number): ProcStatus | undefined {
  const text = readProcText(pid, 'status');
  return text === undefined ? undefined : parseProcStatus(text, pid);
}

export function parseProcStatus(text: string, pid: number): ProcStatus {
  const field = (name: string): string => new RegExp(`^${name}:[ \\t]*(.*)$`, 'm').exec(text)?.[1] ?? '';
  const number = (name: string): number => Number.parseInt(field(name), 10) || 0;
  const mask = (name: string): bigint => BigInt(`0x${field(name).trim() || '0'}`);
  return {
    state: field('State').charAt(0),
    ppid: number('PPid'),
    uid: number('Uid'),
    residentBytes: number('VmRSS') * 1024,
    innerPid: Number(field('NSpid').trim().split(/\s+/).at(-1)) || pid,
    signals: { blocked: mask('SigBlk'), ignored: mask('SigIgn'), caught: mask('SigCgt') },
    sleeps: number('voluntary_ctxt_switches'),
  };
}

/** The kernel's user-visible clock is 100 Hz on every architecture that VS Code runs on. */
const MS_PER_TICK = 10;

export interface ProcTimes {
  /** Processor time of all threads so far, ms. */
  readonly cpuMs: number;
  /** When it started, ms after the system did. */
  readonly startMs: number;
}

/** `undefined` when the process is gone. */
export function readProcTimes(pid: number): ProcTimes | undefined {
  const text = readProcText(pid, 'stat');
  if (text === undefined) return undefined;
  // The name in the second field may hold spaces and parentheses; the numbers start after its last one.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const ticks = (field: number): number => Number(fields[field - 3]) * MS_PER_TICK;
  return { cpuMs: ticks(14) + ticks(15), startMs: ticks(22) };
}

/** Time since the process started, ms; 0 when it cannot be told. */
export function readProcAge(pid: number): number {
  const times = readProcTimes(pid);
  const uptimeMs = Number.parseFloat(readProcText('self', '../uptime') ?? '') * 1000;
  return times && Number.isFinite(uptimeMs) ? Math.max(0, uptimeMs - times.startMs) : 0;
}

/**
 * How often the thread of Node's that waits for SIGUSR1 was woken; it sleeps at all other times. `undefined` when there
 * is none. Only Node 24 and later name it, but on all versions it is the first thread that blocks every signal.
 */
export function readSignalThreadWakeups(pid: number): number | undefined {
  const usuallyUnblocked = 0x4a02n; // SIGINT, SIGUSR1, SIGUSR2, SIGTERM
  try {
    const threads = readdirSync(`/proc/${pid}/task`).sort((a, b) => Number(a) - Number(b));
    for (const thread of threads) {
      const text = readProcText(pid, `task/${thread}/status`) ?? '';
      if ((parseProcStatus(text, pid).signals.blocked & usuallyUnblocked) !== usuallyUnblocked) continue;
      const wakeups = /^voluntary_ctxt_switches:\s*(\d+)$/m.exec(text)?.[1];
      return wakeups === undefined ? undefined : Number(wakeups);
    }
  } catch {
    // gone
  }
  return undefined;
}

/**
 * Whether the main thread sleeps in its event loop, and not in a call that blocks it; undefined when it runs, and where the kernel
 * does not tell.
 */
export function waitsForEvents(pid: number): boolean | undefined {
  const where = readProcText(pid, 'wchan');
  return where === undefined || where === '' || where === '0' ? undefined : /epoll|ep_poll/.test(where);
}

/** Arguments as started, `argv[0]` included; a title set by the process itself comes back as one or few odd entries. */
export function readProcArguments(pid: number): string[] {
  return splitNulls(readProcText(pid, 'cmdline'));
}

/** Environment at start; empty when it may not be read. */
export function readProcEnvironment(pid: number): Record<string, string> {
  const entries = splitNulls(readProcText(pid, 'environ')).map((entry): [string, string] => {
    const equals = entry.indexOf('=');
    return equals < 0 ? [entry, ''] : [entry.slice(0, equals), entry.slice(equals + 1)];
  });
  return Object.fromEntries(entries);
}

/** Where a link such as `exe`, `cwd` or `ns/net` points; `undefined` when gone or forbidden. */
export function readProcLink(pid: number, name: string): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/${name}`);
  } catch {
    return undefined;
  }
}

export function readProcText(pid: number | 'self', name: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return undefined;
  }
}

function splitNulls(text: string | undefined): string[] {
  if (!text) return [];
  let end = text.length;
  while (text[end - 1] === '\0') end--;
  return text.slice(0, end).split('\0');
}
