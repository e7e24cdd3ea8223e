import { readdirSync, readlinkSync } from 'node:fs';
import { readProcText } from './linuxProc';
import type { TcpListener } from './tcpSockets';

interface TcpRow {
  readonly address: string;
  readonly port: number;
  /** '0A' listening, '01' established. */
  readonly state: string;
  readonly uid: number;
  readonly inode: string;
}

const LISTENING = '0A';
const ESTABLISHED = '01';

export function listenersOfLinux(pid: number): TcpListener[] {
  const rows = tcpRows(pid).filter((row) => row.state === LISTENING);
  if (rows.length === 0) return [];
  const own = socketInodes(pid);
  return rows.filter((row) => own.has(row.inode)).map(({ address, port }) => ({ address, port }));
}

export function clientsOfLinux(pid: number, port: number): number {
  const rows = tcpRows(pid).filter((row) => row.state === ESTABLISHED && row.port === port);
  if (rows.length === 0) return 0;
  const own = socketInodes(pid);
  return rows.filter((row) => own.has(row.inode)).length;
}

/** The rows are those of the process's own network namespace, so a container's 9229 does not count as ours. */
export function portHolderLinux(pid: number, port: number): { pid?: number } | undefined {
  const blocking = new Set(['127.0.0.1', '0.0.0.0', '::']);
  const rowOf = (): TcpRow | undefined =>
    tcpRows(pid).find((each) => each.state === LISTENING && each.port === port && blocking.has(each.address));
  for (let row = rowOf(); row;) {
    for (const name of readdirSync('/proc')) {
      if (/^\d+$/.test(name) && socketInodes(Number(name)).has(row.inode)) return { pid: Number(name) };
    }
    // Nobody's that we may look into, unless it was closed while we looked.
    const now = rowOf();
    if (now?.inode === row.inode) return {};
    row = now;
  }
  return undefined;
}

/** Of all that accept connections to that address; on other addresses the port may be anybody's. */
export function portOwnersLinux(address: string, port: number): { uid: number; pid?: number }[] {
  const accepting = new Set([address, '0.0.0.0', '::']);
  return tcpRows('self')
    .filter((row) => row.state === LISTENING && row.port === port && accepting.has(row.address))
    .map(({ uid, inode }) => {
      const pid = readdirSync('/proc').find((name) => /^\d+$/.test(name) && socketInodes(Number(name)).has(inode));
      return { uid, pid: pid === undefined ? undefined : Number(pid) };
    });
}

function socketInodes(pid: number): Set<string> {
  const inodes = new Set<string>();
  let names: string[];
  try {
    names = readdirSync(`/proc/${pid}/fd`);
  } catch {
    return inodes; // gone, or another user's
  }
  for (const name of names) {
    try {
      const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${name}`))?.[1];
      if (inode) inodes.add(inode);
    } catch {
      // closed since the directory was read
    }
  }
  return inodes;
}

function tcpRows(pid: number | 'self'): TcpRow[] {
  return ['net/tcp', 'net/tcp6'].flatMap((name) => parseTcpTable(readProcText(pid, name) ?? ''));
}

/** Rows of `/proc/PID/net/tcp` or `tcp6`; odd lines are skipped. */
export function parseTcpTable(text: string): TcpRow[] {
  const rows: TcpRow[] = [];
  for (const line of text.split('\n').slice(1)) {
    const columns = line.trim().split(/\s+/);
    const [address, port] = (columns[1] ?? '').split(':');
    const state = columns[3];
    const uid = columns[7];
    const inode = columns[9];
    if (!address || !port || !state || !uid || !inode) continue;
    rows.push({ address: addressText(address), port: Number.parseInt(port, 16), state, uid: Number(uid), inode });
  }
  return rows;
}

/** The kernel prints addresses as 32-bit words in host order; all platforms that run VS Code are little-endian. */
function addressText(hex: string): string {
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap((word) => [...Buffer.from(word, 'hex')].reverse());
  const isMapped = bytes.length === 16 && bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 0xff;
  if (bytes.length === 4 || isMapped) return bytes.slice(-4).join('.');
  if (bytes.every((byte) => byte === 0)) return '::';
  if (bytes.slice(0, 15).every((byte) => byte === 0) && bytes[15] === 1) return '::1';
  return (Buffer.from(bytes).toString('hex').match(/.{4}/g) ?? []).join(':');
}
