import WebSocket from 'ws';
import type { RawData } from 'ws';
import { errorText, isHeatlensError, type HeatlensError } from '../../core/errors';
import { connectionLost, noAnswer, tooMuchSent } from './inspectorErrors';
import type { Channel, ChannelClosed } from '../channel';
import { CdpDispatcher } from './cdpDispatcher';
import { onAbort } from '../../core/abort';

/** Bytes of one message, its fragments together. The heap profile of a large program has some 50 MB. */
const MOST_PAYLOAD = 128 * 1024 * 1024;
/** Node sends a message whole; a tunnel may cut it. */
const MOST_FRAGMENTS = 4_096;
/** Bytes that wait to be sent while pings are still answered: somebody who only pings never reads the answers. */
const MOST_WAITING = 64 * 1024;

export interface CdpSocketOptions {
  /** Names the other end in messages: `process 12`, `10.0.0.5:9229`. */
  readonly what: string;
  readonly signal?: AbortSignal;
  /** ms until the WebSocket must be open; default 10 s. */
  readonly openTimeoutMs?: number;
  /** Asked when the socket was cut without our doing: tells an ended process from a cut connection. */
  readonly explainLoss?: () => Promise<ChannelClosed | undefined>;
}

/**
 * Opens a CDP channel over a WebSocket (`ws://127.0.0.1:9229/uuid`).
 * Rejects with `noAnswer` or `connectionLost`, and with the signal's reason when aborted.
 */
export async function openCdpSocket(url: string, options: CdpSocketOptions): Promise<Channel> {
  options.signal?.throwIfAborted();
  const openTimeoutMs = options.openTimeoutMs ?? 10_000;
  const socket = new WebSocket(url, {
    // Node's inspector gains nothing from compression on loopback, and who sends packed data may make much of little.
    perMessageDeflate: false,
    // Checked by what a frame announces, before any of it is kept.
    maxPayload: MOST_PAYLOAD,
    maxFragments: MOST_FRAGMENTS,
    autoPong: false,
    skipUTF8Validation: true,
  });
  // A forwarded connection whose other end vanished is noticed in minutes, not in hours.
  socket.once('upgrade', (response) => void response.socket.setKeepAlive(true, 30_000));
  try {
    await new Promise<void>((resolve, reject) => {
      const { signal } = options;
      // The inspector may accept the TCP connection and never upgrade it, when the target's main thread is stuck.
      const timer = setTimeout(() => settle(() => reject(noAnswer(options.what, openTimeoutMs / 1000))), openTimeoutMs);
      const settle = (done: () => void): void => {
        clearTimeout(timer);
        listening.dispose();
        done();
      };
      socket.once('open', () => settle(resolve));
      socket.once('error', (error) => settle(() => reject(connectionLost(options.what, error))));
      socket.once('close', () => settle(() => reject(connectionLost(options.what))));
      const listening = onAbort(signal, (reason) => settle(() => reject(reason)));
    });
  } catch (error) {
    socket.on('error', () => undefined); // terminating a socket that is still connecting reports an error
    socket.terminate();
    throw error;
  }
  return channelOver(socket, options);
}

function channelOver(socket: WebSocket, options: CdpSocketOptions): Channel {
  const dispatcher = new CdpDispatcher(options.what, (text) => socket.send(text));
  let closedByUs = false;
  let lossDetail = '';
  let failure: HeatlensError | undefined;

  socket.removeAllListeners();
  socket.on('ping', (data: Buffer) => {
    if (socket.bufferedAmount < MOST_WAITING) socket.pong(data);
  });
  socket.on('message', (data: RawData) => {
    try {
      dispatcher.receive(data.toString());
    } catch (error) {
      // The answer is lost for good, so say so at once.
      if (isHeatlensError(error)) failure = error;
      lossDetail = errorText(error);
      socket.terminate();
    }
  });
  socket.on('error', (error: NodeJS.ErrnoException) => {
    lossDetail = error.message;
    if (error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH' || error.code === 'WS_ERR_TOO_MANY_BUFFERED_PARTS')
      failure = tooMuchSent(
        options.what,
        `it sends a message of more than ${MOST_PAYLOAD / 1024 ** 2} MB, or in too many parts`,
      );
    // Else the library says goodbye first, and reads on for half a minute meanwhile.
    socket.terminate();
  });
  socket.on('close', () => {
    void (async () => {
      if (closedByUs) return dispatcher.end({ reason: 'closed-by-us' });
      const explained = await options.explainLoss?.().catch(() => undefined);
      dispatcher.end(explained ?? { reason: 'connection-lost', detail: lossDetail || undefined, error: failure });
    })();
  });

  return {
    send: (method, params, sendOptions) => dispatcher.send(method, params, sendOptions),
    on: (event, listener) => dispatcher.on(event, listener),
    closed: dispatcher.closed,
    close: () => {
      if (closedByUs) return;
      closedByUs = true;
      dispatcher.end({ reason: 'closed-by-us' });
      socket.close();
      // A stuck target never answers the closing handshake; the target sees the end of the stream either way.
      const timer = setTimeout(() => socket.terminate(), 500);
      socket.once('close', () => clearTimeout(timer));
    },
  };
}
