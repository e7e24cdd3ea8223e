import type { V8CpuProfile, V8HeapProfile } from '../profile/v8/v8Profile';

/**
 * What the agent inside a target and its client say to each other: one JSON object per line, shaped like the Chrome
 * DevTools Protocol (`{id, method, params}`, answered by `{id, result}` or `{id, error}`; events are `{method, params}`).
 * The first request must be `Heatlens.hello`. Methods that are not listed here go to V8's inspector as they are.
 */
export interface AgentRequests {
  /**
   * Takes the thread for this client; the socket closes after a refusal. What is registered to be undone under the name of
   * `owner` is undone with the end of the conversation.
   */
  'Heatlens.hello': { params: { protocol: number; token?: string; owner?: string }; result: AgentHello | AgentRefusal };
  'Heatlens.capabilities': { params: object; result: AgentCapabilities };
  /** Windows may overlap. The interval counts for the first of them only: V8 cannot change it while it samples. */
  'Heatlens.startCpuWindow': { params: { title: string; intervalUs?: number }; result: object };
  'Heatlens.endCpuWindow': { params: { title: string }; result: { profile: V8CpuProfile } };
  /** Refused while another heap sampler runs: V8 has one per thread, and stopping ours would end the other. */
  'Heatlens.startLive': { params: { intervalBytes: number }; result: object };
  /** What was allocated since `startLive` and is still alive; goes on sampling. */
  'Heatlens.readLive': { params: object; result: { profile: V8HeapProfile } };
  'Heatlens.stopLive': { params: object; result: { profile: V8HeapProfile } };
}

export type AgentMethod = keyof AgentRequests;
export type AgentCpuProfile = V8CpuProfile;
export type AgentHeapProfile = V8HeapProfile;

/** Event before the agent's thread ends by itself: a closed socket after it is no lost connection. */
export const EXITING_EVENT = 'Heatlens.exiting';

export const AGENT_PROTOCOL_VERSION = 1;

export interface AgentHello {
  readonly protocol: number;
  readonly pid: number;
  /** 0 is the main thread. */
  readonly threadId: number;
  /** `v22.23.3` */
  readonly nodeVersion: string;
  readonly execArgv: readonly string[];
  readonly argv: readonly string[];
  /** Empty when it was removed. */
  readonly cwd: string;
}

export interface AgentRefusal {
  /** `busy`: another client has the thread. */
  readonly refused: 'busy' | 'token' | 'protocol';
}

export interface AgentCapabilities {
  /** What measures CPU windows. */
  readonly backend: 'v8-profiler-next' | 'inspector';
  readonly cpu: boolean;
  readonly live: boolean;
  readonly allocated: boolean;
  /**
   * `readLive` does not force a full collection, so it does not stall. What survived a minor collection and died since
   * the last major one still counts as live then.
   */
  readonly cheapHeapReads: boolean;
  /** Of v8-profiler-next, or of Node. */
  readonly version: string;
  /** Why v8-profiler-next is not used although it is installed. */
  readonly note?: string;
}

export interface AgentMessage {
  readonly id?: number;
  readonly method?: string;
  readonly params?: object;
  readonly result?: object;
  readonly error?: AgentError;
}

export interface AgentError {
  readonly code: number;
  readonly message: string;
}

/** As in JSON-RPC and CDP: -32600 is a request that can never work, -32000 one that failed now. */
export const agentErrorCode = { refused: -32600, failed: -32000 } as const;

/** One thread that an agent serves, as the names in the agent directory tell. */
export interface AgentThread {
  readonly pid: number;
  readonly threadId: number;
}

export interface AgentHost {
  readonly platform: string;
  /** Effective user id; undefined on Windows. */
  readonly uid: number | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly homeDirectory: string;
}

/**
 * Folders for what concerns this user's processes on this machine, the best first; the first that is, or can be made, the
 * user's own is used. Those that nobody else can make come before `/tmp`, where another user may be quicker. Not below
 * TMPDIR: a service and an editor often have different ones.
 */
export function ownFoldersOf(host: AgentHost): string[] {
  // Not measured on Windows. The folder of local application data is open to its user only.
  if (host.platform === 'win32')
    return [`${host.env['LOCALAPPDATA'] ?? `${host.homeDirectory}\\AppData\\Local`}\\heatlens`];
  const runtime = host.env['XDG_RUNTIME_DIR'];
  const folders = [
    `/run/user/${host.uid}/heatlens`,
    `/tmp/heatlens-${host.uid}`,
    `${host.homeDirectory}/.cache/heatlens`,
  ];
  if (runtime?.startsWith('/')) folders.unshift(`${runtime.replace(/\/$/, '')}/heatlens`);
  return folders.filter((folder, index) => folders.indexOf(folder) === index);
}

/**
 * Where agents of this user leave their sockets: each in the first folder that it can have, clients look into all of them.
 * `HEATLENS_AGENT_DIR` overrides it, on both sides.
 */
export function agentDirectoriesOf(host: AgentHost): string[] {
  const override = host.env['HEATLENS_AGENT_DIR'];
  if (override) return [override];
  return host.platform === 'win32' ? ownFoldersOf(host).map((folder) => `${folder}-agent`) : ownFoldersOf(host);
}

/** Name of the file that announces a thread: its socket, or on Windows the file with the pipe's token. */
export function agentFileName(thread: AgentThread, platform: string): string {
  return `${thread.pid}-${thread.threadId}.${platform === 'win32' ? 'token' : 'sock'}`;
}

export function agentPipeName(thread: AgentThread): string {
  return `\\\\.\\pipe\\heatlens-${thread.pid}-${thread.threadId}`;
}

/** Reads a file name of the agent directory, a socket's path or a pipe's name; undefined when it is none of them. */
export function agentThreadOf(name: string): AgentThread | undefined {
  const match = /(?:^|[\\/]|heatlens-)(\d+)-(\d+)(?:\.sock|\.token)?$/.exec(name);
  if (!match) return undefined;
  return { pid: Number(match[1]), threadId: Number(match[2]) };
}
