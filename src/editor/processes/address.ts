import { badAddress } from '../editorErrors';

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** `9229`, `host:9229`, `[::1]:9229`, or the `ws://…` that Node prints. Throws `badAddress`. */
export function parseAddress(text: string): Address {
  const trimmed = text.trim();
  const bare = trimmed.replace(/^(ws|wss|http|https|inspector):\/\//i, '').replace(/[/?#].*/s, '');
  const match = /^(?:\[([0-9a-fA-F:.%]+)\]:|([^\s:[\]]+):|:?)(\d{1,5})$/.exec(bare);
  const port = match ? Number(match[3]) : 0;
  if (!match || port < 1 || port > 65535) throw badAddress(trimmed);
  return { host: match[1] ?? match[2] ?? '127.0.0.1', port };
}

export function addressText({ host, port }: Address): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
