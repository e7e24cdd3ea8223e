import { dirname, join } from 'node:path';
import type { Disposable } from '../../core/disposable';
import { Emitter } from '../../core/emitter';
import { agentFileName, AGENT_PROTOCOL_VERSION, agentThreadOf } from '../../core/protocol/agentProtocol';
import type { AgentHello } from '../../core/protocol/agentProtocol';
import { isAgentGreeting } from '../../core/protocol/targetGuards';
import { agentBusy, agentGone, agentRefused } from '../processes/agentErrors';
import type { Channel, Connection, TargetThread, Lease } from '../channel';
import { readForeignText } from '../files/readForeignFile';
import { createLease } from '../inspector/lease';
import { openAgentChannel } from './agentChannel';
import { agentDirectories, listAgentSockets } from '../processes/agentDirectory';

const WORKER_POLL_MS = 1_000;
const MAX_TOKEN_BYTES = 4_096;

interface AgentThreadConnection extends TargetThread {
  readonly hello: AgentHello;
  readonly lease: Lease;
}

/**
 * Connects to the agent of a process by its main thread's socket, as `listAgentSockets` gives it; workers are found by
 * their own. Rejects with `agentGone`, `agentBusy`, `agentRefused` or `noAnswer`. What the client starts ends with its
 * socket, so `close` needs no word to the target.
 */
export async function connectToAgent(socket: string): Promise<Connection> {
  const main = await connectThread(socket);
  const { hello, channel, lease } = main;
  const workers = new Map<number, TargetThread>();
  const workerStarted = new Emitter<TargetThread>();
  let isOver = false;

  const addWorker = async (threadId: number, path: string): Promise<void> => {
    const worker = await connectThread(path).catch(() => undefined); // it ended meanwhile, or another client has it
    if (!worker) return;
    if (isOver) return worker.channel.close();
    workers.set(threadId, worker);
    void worker.channel.closed.then(() => workers.delete(threadId));
    workerStarted.fire(worker);
  };
  const directory = process.platform === 'win32' ? agentDirectories()[0] : dirname(socket);
  const lookForWorkers = async (): Promise<void> => {
    const sockets = await listAgentSockets(directory).catch(() => []); // unsafe all of a sudden: the threads we have stay
    const added = sockets.filter(
      (each) => each.pid === hello.pid && each.threadId !== 0 && !workers.has(each.threadId),
    );
    await Promise.all(added.map((each) => addWorker(each.threadId, each.socket)));
  };
  const poll = repeat(lookForWorkers, WORKER_POLL_MS);

  void channel.closed.then(({ reason }) => {
    isOver = true;
    poll.dispose();
    // When the process has ended, each worker's own channel says so.
    if (reason !== 'target-ended') for (const worker of workers.values()) worker.channel.close();
    workerStarted.dispose();
  });

  return {
    pid: hello.pid,
    nodeVersion: hello.nodeVersion,
    execArgv: hello.execArgv,
    argv: hello.argv,
    cwd: hello.cwd,
    via: 'agent',
    warnings: [],
    lease,
    main,
    onWorker: (listener) => {
      for (const worker of workers.values()) listener(worker);
      return workerStarted.event(listener);
    },
    closed: channel.closed,
    close: async () => {
      channel.close();
      return undefined;
    },
  };
}

async function connectThread(socket: string): Promise<AgentThreadConnection> {
  const thread = agentThreadOf(socket);
  if (!thread) throw agentGone(socket);
  const what = thread.threadId === 0 ? `process ${thread.pid}` : `worker ${thread.threadId} of process ${thread.pid}`;
  const token = process.platform === 'win32' ? await tokenOf(thread, socket) : undefined;
  const channel = await openAgentChannel(socket, what);
  const lease = createLease(channel);
  const hello = await greet(channel, what, token, lease.owner);
  const isMain = hello.threadId === 0;
  return {
    id: isMain ? 'main' : String(hello.threadId),
    kind: isMain ? 'main' : 'worker',
    title: isMain ? '' : (hello.argv[1] ?? ''),
    channel,
    hello,
    lease,
  };
}

async function greet(channel: Channel, what: string, token: string | undefined, owner: string): Promise<AgentHello> {
  try {
    const reply = await channel.send(
      'Heatlens.hello',
      { protocol: AGENT_PROTOCOL_VERSION, token, owner },
      { answer: isAgentGreeting },
    );
    if (!('refused' in reply)) return reply;
    throw reply.refused === 'busy' ? agentBusy(what) : agentRefused(what, reply.refused);
  } catch (error) {
    channel.close();
    throw error;
  }
}

async function tokenOf(thread: { pid: number; threadId: number }, socket: string): Promise<string> {
  const folder = agentDirectories()[0];
  const file = await readForeignText(join(folder, agentFileName(thread, 'win32')), {
    maxBytes: MAX_TOKEN_BYTES,
    given: [folder],
  });
  if ('problem' in file) throw agentGone(socket);
  return file.text;
}

/** Runs at once and then again `pauseMs` after each end; keeps no process alive. */
function repeat(task: () => Promise<void>, pauseMs: number): Disposable {
  let timer: NodeJS.Timeout | undefined;
  let isDisposed = false;
  const run = async (): Promise<void> => {
    await task();
    if (!isDisposed) timer = setTimeout(() => void run(), pauseMs).unref();
  };
  void run();
  return {
    dispose: () => {
      isDisposed = true;
      clearTimeout(timer);
    },
  };
}
