import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { errorText, isHeatlensError, type HeatlensError } from '../../core/errors';
import { lineReader } from '../../core/protocol/agentLines';
import { EXITING_EVENT } from '../../core/protocol/agentProtocol';
import { agentGone } from '../processes/agentErrors';
import type { Channel, ChannelClosed } from '../channel';
import { CdpDispatcher } from '../inspector/cdpDispatcher';
import { tooMuchSent } from '../inspector/inspectorErrors';
import { somebodyListens } from '../processes/agentDirectory';

/** Characters of one message; see the inspector's own limit. */
const LONGEST_LINE = 128 * 1024 * 1024;

/** Opens the agent's socket; nothing is said yet. Rejects with `agentGone` when nobody listens. */
export async function openAgentChannel(path: string, what: string): Promise<Channel> {
  const socket = connect(path);
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', () => reject(agentGone(what)));
  });
  return channelOver(socket, path, what);
}

function channelOver(socket: Socket, path: string, what: string): Channel {
  const dispatcher = new CdpDispatcher(what, (text) => void socket.write(`${text}\n`));
  let hasExited = false;
  let lossDetail = '';
  let failure: HeatlensError | undefined;

  dispatcher.on(EXITING_EVENT, () => {
    hasExited = true;
  });
  const tooLong = (): void => {
    failure = tooMuchSent(what, `it sends a message of more than ${LONGEST_LINE / 1024 ** 2} MB`);
    socket.destroy();
  };
  const read = lineReader(
    (line) => {
      try {
        dispatcher.receive(line);
      } catch (error) {
        if (isHeatlensError(error)) failure = error;
        lossDetail = errorText(error);
        socket.destroy();
      }
    },
    { limit: LONGEST_LINE, report: tooLong },
  );
  socket.setEncoding('utf8');
  socket.on('data', (text) => read(String(text)));
  socket.on('error', (error) => {
    lossDetail = error.message;
  });
  socket.on('close', () => {
    void (async () => {
      if (hasExited || (await isGone(path))) return dispatcher.end({ reason: 'target-ended' });
      const lost: ChannelClosed = { reason: 'connection-lost', detail: lossDetail || undefined, error: failure };
      dispatcher.end(lost);
    })();
  });

  return {
    send: (method, params, options) => dispatcher.send(method, params, options),
    on: (event, listener) => dispatcher.on(event, listener),
    closed: dispatcher.closed,
    close: () => {
      dispatcher.end({ reason: 'closed-by-us' });
      socket.destroy();
    },
  };
}

/** A killed thread says nothing. Its sockets close one after the other, so the listening one gets a moment. */
async function isGone(path: string): Promise<boolean> {
  for (let attempt = 0; attempt < 5; attempt++) {
    if (!(await somebodyListens(path))) return true;
    await delay(40);
  }
  return false;
}
