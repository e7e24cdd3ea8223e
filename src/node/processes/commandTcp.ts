import { execFile } from 'node:child_process';
import type { TcpListener } from './tcpSockets';

// macOS (lsof) and Windows (netstat). Written from the tools' manuals; not run on those systems yet.

interface TcpSocket {
  readonly pid: number;
  readonly address: string;
  readonly port: number;
  readonly state: 'listening' | 'established' | 'other';
}

export async function listenersByCommand(pid: number): Promise<TcpListener[]> {
  const sockets = await socketsByCommand(pid);
  return sockets
    .filter((socket) => socket.pid === pid && socket.state === 'listening')
    .map(({ address, port }) => ({ address, port }));
}

export async function clientsByCommand(pid: number, port: number): Promise<number> {
  const sockets = await socketsByCommand(pid);
  return sockets.filter((each) => each.pid === pid && each.port === port && each.state === 'established').length;
}

export async function portHolderByCommand(port: number): Promise<{ pid?: number } | undefined> {
  const blocking = new Set(['127.0.0.1', '0.0.0.0', '::']);
  const sockets = await socketsByCommand();
  const holder = sockets.find((each) => each.port === port && each.state === 'listening' && blocking.has(each.address));
  return holder && { pid: holder.pid };
}

/** On macOS, of the processes that this user may look into. */
export async function portOwnersByCommand(port: number): Promise<{ uid: number; pid?: number }[]> {
  const holder = await portHolderByCommand(port);
  if (holder?.pid === undefined) return [];
  const uid = Number.parseInt(await run('ps', ['-o', 'uid=', '-p', String(holder.pid)]), 10);
  return Number.isNaN(uid) ? [] : [{ uid, pid: holder.pid }];
}

async function socketsByCommand(pid?: number): Promise<TcpSocket[]> {
  if (process.platform === 'win32') {
    const outputs = await Promise.all(['TCP', 'TCPv6'].map((protocol) => run('netstat', ['-ano', '-p', protocol])));
    return outputs.flatMap(parseNetstat);
  }
  const ofProcess = pid === undefined ? [] : ['-a', '-p', String(pid)];
  return parseLsof(await run('lsof', ['-nP', '-iTCP', ...ofProcess, '-F', 'pnT']));
}

/** Output of `lsof -nP -iTCP -F pnT`: lines `pPID`, then per socket `fFD`, `nLOCAL[->REMOTE]`, `TST=STATE`. */
export function parseLsof(text: string): TcpSocket[] {
  const sockets: TcpSocket[] = [];
  let pid = 0;
  let name = '';
  for (const line of text.split('\n')) {
    const value = line.slice(1);
    if (line.startsWith('p')) pid = Number(value);
    else if (line.startsWith('n')) name = value;
    else if (line.startsWith('TST=')) {
      const end = splitEndpoint(name.split('->')[0] ?? '');
      if (end) sockets.push({ pid, ...end, state: stateOf(line.slice('TST='.length)) });
    }
  }
  return sockets;
}

/** Output of `netstat -ano`: `TCP  127.0.0.1:9229  0.0.0.0:0  LISTENING  4242`. State names may be translated. */
export function parseNetstat(text: string): TcpSocket[] {
  const sockets: TcpSocket[] = [];
  for (const line of text.split('\n')) {
    const columns = line.trim().split(/\s+/);
    if (columns.length < 5 || !columns[0]?.startsWith('TCP')) continue;
    const end = splitEndpoint(columns[1] ?? '');
    const remotePort = splitEndpoint(columns[2] ?? '')?.port;
    if (!end) continue;
    // A listening socket is the one without a remote port, whatever the language of the state column.
    const state = remotePort === 0 ? 'listening' : stateOf(columns[3] ?? '');
    sockets.push({ pid: Number(columns[4]), ...end, state });
  }
  return sockets;
}

function stateOf(name: string): TcpSocket['state'] {
  if (name.startsWith('LISTEN')) return 'listening';
  return name === 'ESTABLISHED' ? 'established' : 'other';
}

function splitEndpoint(text: string): { address: string; port: number } | undefined {
  const match = /^(.*):(\d+)$/.exec(text);
  if (!match) return undefined;
  const address = (match[1] ?? '').replace(/^\[|\]$/g, '');
  return { address: address === '*' ? '0.0.0.0' : address, port: Number(match[2]) };
}

/** Output of the command; empty when it fails (lsof exits with 1 when it finds nothing). */
function run(command: string, args: string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(command, args, { timeout: 5_000, windowsHide: true, maxBuffer: 64 << 20 }, (_error, stdout) =>
      resolve(stdout),
    );
  });
}
