import { execFile } from 'node:child_process';
import { userInfo } from 'node:os';
import { processListFailed } from './processListErrors';
import { isNodeExecutable } from './nodeExecutable';
import type { RawProcess } from './rawProcess';

// macOS (ps, lsof) and Windows (PowerShell). Written from the tools' manuals; not run on those systems yet.

export async function macNodeProcesses(): Promise<RawProcess[]> {
  const [executables, table] = await Promise.all([
    run('ps', ['-axww', '-o', 'pid=,comm=']),
    run('ps', ['-axww', '-o', 'pid=,ppid=,user=,rss=,%cpu=,lstart=,command=']),
  ]);
  const nodes = new Set<number>();
  for (const line of executables.split('\n')) {
    const match = /^\s*(\d+)\s(.*)$/s.exec(line);
    if (match && isNodeExecutable(match[2]?.trim() ?? '')) nodes.add(Number(match[1]));
  }
  const processes = parsePs(table).filter((each) => nodes.has(each.pid));
  if (processes.length === 0) return [];
  const pids = processes.map((each) => each.pid).join(',');
  const folders = parseLsofFolders(await run('lsof', ['-a', '-d', 'cwd', '-p', pids, '-Fpn']));
  return processes.map((each) => ({ ...each, cwd: folders.get(each.pid) }));
}

/** Lines of `ps -o pid=,ppid=,user=,rss=,%cpu=,lstart=,command=` in the C locale. */
export function parsePs(text: string): RawProcess[] {
  const us = userInfo().username;
  const pattern = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(\d+)\s+([\d.]+)\s+(\w+\s+\w+\s+\d+\s+[\d:]+\s+\d+)\s(.*)$/s;
  return text.split('\n').flatMap((line) => {
    const match = pattern.exec(line);
    if (!match) return [];
    const [, pid, ppid, user, rss, cpu, started, command] = match;
    return [
      {
        pid: Number(pid),
        ppid: Number(ppid),
        // ps joins the arguments with spaces: one that holds a space comes apart, which only blurs the label.
        argv: (command ?? '').trim().split(/\s+/),
        environment: {},
        user,
        own: user === us || us === 'root',
        residentBytes: Number(rss) * 1024,
        cpuShare: Number(cpu) / 100,
        startedAt: Date.parse(started ?? '') || undefined,
        birth: started,
      },
    ];
  });
}

/** Output of `lsof -d cwd -Fpn`: lines `pPID`, `fcwd`, `nPATH`. */
export function parseLsofFolders(text: string): Map<number, string> {
  const folders = new Map<number, string>();
  let pid = 0;
  for (const line of text.split('\n')) {
    if (line.startsWith('p')) pid = Number(line.slice(1));
    else if (line.startsWith('n')) folders.set(pid, line.slice(1));
  }
  return folders;
}

const WINDOWS_QUERY = `
$ErrorActionPreference = 'Stop'
Get-CimInstance Win32_Process -Filter "Name = 'node.exe'" | ForEach-Object {
  [pscustomobject]@{
    pid = $_.ProcessId; ppid = $_.ParentProcessId; commandLine = $_.CommandLine; resident = $_.WorkingSetSize
    cpuMs = ($_.KernelModeTime + $_.UserModeTime) / 10000
    startedAt = ([DateTimeOffset]$_.CreationDate).ToUnixTimeMilliseconds()
  }
} | ConvertTo-Json -Compress`;

export async function windowsNodeProcesses(): Promise<RawProcess[]> {
  return parseCim(await run('powershell.exe', ['-NoProfile', '-NonInteractive', '-Command', WINDOWS_QUERY]));
}

interface CimProcess {
  pid: number;
  ppid: number;
  commandLine: string | null;
  resident: number | null;
  cpuMs: number | null;
  startedAt: number | null;
}

/** JSON of {@link WINDOWS_QUERY}: one object, an array of them, or nothing. */
export function parseCim(text: string): RawProcess[] {
  if (!text.trim()) return [];
  const parsed = JSON.parse(text) as CimProcess | CimProcess[];
  return (Array.isArray(parsed) ? parsed : [parsed]).map((each) => ({
    pid: each.pid,
    ppid: each.ppid,
    argv: splitWindowsCommandLine(each.commandLine ?? 'node.exe'),
    environment: {},
    // Windows shows the command line of another user's process to administrators only.
    own: each.commandLine !== null,
    residentBytes: each.resident ?? undefined,
    cpuMs: each.cpuMs ?? undefined,
    startedAt: each.startedAt ?? undefined,
    birth: each.startedAt === null ? undefined : String(each.startedAt),
  }));
}

/** The rules of `CommandLineToArgvW`: quotes group, backslashes escape only before a quote. */
export function splitWindowsCommandLine(text: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quoted = false;
  for (let index = 0; index < text.length; index++) {
    const character = text.charAt(index);
    const slashes = /^\\*(?=")/.exec(text.slice(index))?.[0].length ?? 0;
    if (slashes > 0) {
      word = (word ?? '') + '\\'.repeat(slashes >> 1);
      index += slashes - 1;
      if (slashes % 2 === 1) word += text.charAt(++index); // the quote itself
    } else if (character === '"') {
      quoted = !quoted;
      word ??= '';
    } else if (/\s/.test(character) && !quoted) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else {
      word = (word ?? '') + character;
    }
  }
  if (word !== undefined) words.push(word);
  return words;
}

function run(command: string, args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { timeout: 15_000, windowsHide: true, maxBuffer: 64 << 20, env: { ...process.env, LC_ALL: 'C' } };
    execFile(command, args, options, (error, stdout) => {
      // lsof exits with 1 when one of several processes has gone meanwhile: what it printed still counts.
      if (error && !stdout && command !== 'lsof') reject(processListFailed(command, error));
      else resolve(stdout);
    });
  });
}
