import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readProcLink, readProcTimes } from './linuxProc';

/**
 * When a process started, as a text that is only good for comparing: with the number it tells a process from a later one
 * that has got the same number. Undefined when there is no such process, or it cannot be told.
 */
export async function birthOf(pid: number): Promise<string | undefined> {
  switch (process.platform) {
    case 'linux':
      return linuxBirth(pid);
    case 'win32':
      return firstLine('powershell.exe', [
        '-NoProfile',
        '-NonInteractive',
        '-Command',
        `([DateTimeOffset](Get-CimInstance Win32_Process -Filter "ProcessId = ${pid}").CreationDate).ToUnixTimeMilliseconds()`,
      ]);
    default:
      return firstLine('ps', ['-o', 'lstart=', '-p', String(pid)]);
  }
}

/** The same at once, where the system tells it so. */
export function linuxBirth(pid: number): string | undefined {
  const times = process.platform === 'linux' ? readProcTimes(pid) : undefined;
  return times && `${times.startMs}`;
}

/** False only if it is sure that another process has that number now, or none. */
export async function isStill(pid: number, birth: string | undefined): Promise<boolean> {
  return birth === undefined || (await birthOf(pid)) === birth;
}

/** Names this start of the system, and the numbering of processes that we see of it. */
export function numbering(): string {
  if (process.platform !== 'linux') return '';
  let boot = '';
  try {
    boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    // Not everywhere.
  }
  return `${boot} ${readProcLink(process.pid, 'ns/pid') ?? ''}`;
}

function firstLine(command: string, args: string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(
      command,
      args,
      { timeout: 5_000, windowsHide: true, env: { ...process.env, LC_ALL: 'C' } },
      (_error, out) => resolve(out.trim().split('\n')[0]?.trim() || undefined),
    );
  });
}
