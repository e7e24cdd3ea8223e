import { request } from 'node:http';
import { connectionRefused, hostHeaderRefused, hostUnreachable, noAnswer, notAnInspector } from './inspectorErrors';
import { abortReason, onAbort } from '../../core/abort';

/** host as a URL or Host header has it: IPv6 in brackets. */
export function hostAndPort(host: string, port: number): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/**
 * WebSocket URL of the inspector at that IP address and port. Rejects with `connectionRefused`, `hostUnreachable`,
 * `noAnswer`, `notAnInspector` or `hostHeaderRefused`.
 */
export async function inspectorUrl(
  address: string,
  port: number,
  options: { signal?: AbortSignal; timeoutMs?: number } = {},
): Promise<string> {
  const where = hostAndPort(address, port);
  const timeoutMs = options.timeoutMs ?? 10_000;
  const reply = await getJson(address, port, '/json/list', timeoutMs, options.signal);
  if (reply.status === 400) throw hostHeaderRefused(where);
  const path = debuggerPath(reply);
  if (reply.status !== 200 || path === undefined || path.length > LONGEST_PATH) {
    throw notAnInspector(where, `it answers HTTP ${reply.status}${reply.isJson ? ' without a debugger address' : ''}`);
  }
  return `ws://${where}${path}`;
}

/** Whether a Node inspector answers there; false for anything else, a refusal or silence included. */
export async function isInspector(address: string, port: number, timeoutMs: number): Promise<boolean> {
  try {
    const { status, body } = await getJson(address, port, '/json/version', timeoutMs);
    return status === 200 && isRecord(body) && String(body['Browser']).startsWith('node.js/');
  } catch {
    return false;
  }
}

/** Node's own is a slash and a UUID. */
const LONGEST_PATH = 1_000;

/**
 * Node writes the script's path into its list as it is: one with a line feed, a tab or a quotation mark makes it no JSON.
 * The target's id stands before everything that the program's names decide, and is the path of its WebSocket.
 */
function debuggerPath({ body, text }: JsonReply): string | undefined {
  const first: unknown = Array.isArray(body) ? body[0] : undefined;
  const url = isRecord(first) ? String(first['webSocketDebuggerUrl']) : '';
  // Behind a forwarded port the inspector names its own address: only the path is of use.
  const path = /^wss?:\/\/[^/]+(\/[^?#]*)/.exec(url)?.[1];
  if (path !== undefined || body !== undefined) return path;
  const id = NODE_TARGET_ID.exec(text)?.[1];
  return id === undefined ? undefined : `/${id}`;
}

const NODE_TARGET_ID = /"id": "([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"/;

interface JsonReply {
  readonly status: number;
  readonly isJson: boolean;
  /** Undefined for what is no JSON. */
  readonly body: unknown;
  readonly text: string;
}

function getJson(
  address: string,
  port: number,
  path: string,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<JsonReply> {
  const where = hostAndPort(address, port);
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(abortReason(signal));
    // The inspector refuses a Host header that is no IP address or localhost, hence an address and no name.
    const get = request({ host: address, port, path, agent: false, headers: { host: where, connection: 'close' } });
    const timer = setTimeout(() => fail(noAnswer(where, timeoutMs / 1000)), timeoutMs);
    const cleanUp = (): void => {
      clearTimeout(timer);
      listening.dispose();
    };
    const fail = (error: Error): void => {
      cleanUp();
      reject(error);
      get.destroy();
    };
    const listening = onAbort(signal, fail);
    get.on('error', (error: NodeJS.ErrnoException) => fail(connectError(where, error)));
    get.on('response', (response) => {
      const chunks: Buffer[] = [];
      let length = 0;
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        length += chunk.length;
        if (length > 1 << 20) fail(notAnInspector(where, 'it sends an endless answer'));
      });
      response.on('error', (error) => fail(connectError(where, error)));
      response.on('end', () => {
        cleanUp();
        const text = Buffer.concat(chunks).toString();
        const parsed = parseJson(text);
        resolve({ status: response.statusCode ?? 0, isJson: parsed !== undefined, body: parsed, text });
      });
    });
    get.end();
  });
}

function connectError(where: string, error: NodeJS.ErrnoException): Error {
  switch (error.code) {
    case 'ECONNREFUSED':
      return connectionRefused(where, error);
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ETIMEDOUT':
    case 'EADDRNOTAVAIL':
    case 'EACCES':
    case 'EPERM':
      return hostUnreachable(where, error.message, error);
    default:
      // ECONNRESET, HPE_INVALID_CONSTANT…: something listens there that does not speak HTTP.
      return notAnInspector(where, `it does not speak HTTP (${error.message})`);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
