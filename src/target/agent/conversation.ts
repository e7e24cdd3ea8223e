import type { Socket } from 'node:net';
import { threadId } from 'node:worker_threads';
import { lineReader } from '../../core/protocol/agentLines';
import { agentErrorCode, AGENT_PROTOCOL_VERSION, EXITING_EVENT } from '../../core/protocol/agentProtocol';
import type { AgentError, AgentHello, AgentMessage, AgentRefusal } from '../../core/protocol/agentProtocol';
import { Measurement } from './measurement';
import { RefusedError } from './refusedError';

const HELLO_TIMEOUT_MS = 5_000;
const STALLED_WRITE_MS = 5_000;
const LONGEST_REQUEST = 16 << 20;

export interface Conversation {
  /** Says that the thread ends and stops what the client has started. */
  exiting(): void;
}

/** The place of the one client that a thread serves. */
export interface Seat {
  readonly token: string | undefined;
  /** False while another client holds the thread. */
  claim(): boolean;
  ended(): void;
}

/** Serves one client until its socket closes; whatever it has started is stopped then. */
export function converse(socket: Socket, seat: Seat): Conversation {
  let measurement: Measurement | undefined;
  let isOver = false;
  let stalled: NodeJS.Timeout | undefined;

  // A client that connects and says nothing (the list of agents looks whether somebody listens) takes no place.
  const silence = setTimeout(() => socket.destroy(), HELLO_TIMEOUT_MS).unref();

  const send = (message: AgentMessage): void => {
    if (isOver || socket.writableEnded) return;
    if (!socket.write(`${JSON.stringify(message)}\n`)) waitForReader();
  };

  // A pending write keeps the process alive, unlike the socket itself: a suspended client must not hold up the exit.
  const waitForReader = (): void => {
    stalled ??= setTimeout(() => socket.destroy(), STALLED_WRITE_MS).unref();
  };

  const greet = (message: AgentMessage): AgentHello | AgentRefusal => {
    if (message.method !== 'Heatlens.hello') {
      throw new RefusedError(agentErrorCode.refused, 'The first request must be Heatlens.hello.');
    }
    const { protocol, token, owner } = (message.params ?? {}) as {
      protocol?: unknown;
      token?: unknown;
      owner?: unknown;
    };
    if (seat.token !== undefined && token !== seat.token) return { refused: 'token' };
    if (protocol !== AGENT_PROTOCOL_VERSION) return { refused: 'protocol' };
    if (!seat.claim()) return { refused: 'busy' };
    measurement = new Measurement(
      (method, params) => send({ method, params }),
      typeof owner === 'string' ? owner : undefined,
    );
    clearTimeout(silence);
    const { pid, version, execArgv, argv } = process;
    return {
      protocol: AGENT_PROTOCOL_VERSION,
      pid,
      threadId,
      nodeVersion: version,
      execArgv,
      argv,
      cwd: workingDirectory(),
    };
  };

  const receive = async (line: string): Promise<void> => {
    let id: number | undefined;
    try {
      const message = parse(line);
      id = message.id;
      const result = measurement
        ? await measurement.request(message.method ?? '', message.params ?? {})
        : greet(message);
      send({ id, result });
    } catch (error) {
      send({ id, error: asAgentError(error) });
    }
    if (!measurement) socket.end();
  };

  const finish = (): void => {
    if (isOver) return;
    isOver = true;
    clearTimeout(silence);
    clearTimeout(stalled);
    measurement?.dispose();
    seat.ended();
  };

  socket.unref();
  socket.setEncoding('utf8');
  const onText = lineReader((line) => void receive(line), { limit: LONGEST_REQUEST, report: () => socket.destroy() });
  socket.on('data', (text) => onText(String(text)));
  socket.on('drain', () => {
    clearTimeout(stalled);
    stalled = undefined;
  });
  socket.on('error', () => socket.destroy()); // a client that went away while we wrote; `close` follows
  socket.on('close', finish);

  return {
    exiting: () => {
      send({ method: EXITING_EVENT, params: {} });
      finish();
    },
  };
}

function workingDirectory(): string {
  try {
    return process.cwd();
  } catch {
    return ''; // removed under the process
  }
}

function parse(line: string): AgentMessage {
  let message: unknown;
  try {
    message = JSON.parse(line);
  } catch {
    throw new RefusedError(agentErrorCode.refused, 'The line is not JSON.');
  }
  if (typeof message !== 'object' || message === null)
    throw new RefusedError(agentErrorCode.refused, 'The line is not a request.');
  return message;
}

function asAgentError(error: unknown): AgentError {
  if (error instanceof RefusedError) return { code: error.code, message: error.message };
  return { code: agentErrorCode.failed, message: error instanceof Error ? error.message : String(error) };
}
