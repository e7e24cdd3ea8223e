import type { Disposable } from '../../core/disposable';
import { Emitter } from '../../core/emitter';
import type { Channel, TargetThread } from '../channel';
import {
  isAttachedToWorker,
  isDetachedFromWorker,
  isMessageFromWorker,
  type AttachedToWorker,
} from '../../core/protocol/targetGuards';
import { CdpDispatcher } from './cdpDispatcher';

/**
 * Worker threads of one process that are measured; each costs a conversation, and is remembered after its end. Those beyond are left
 * alone.
 */
const MOST_AT_ONCE = 256;
const MOST_EVER = 10_000;
const LONGEST_TITLE = 1_000;

interface Worker {
  readonly thread: TargetThread;
  readonly dispatcher: CdpDispatcher;
}

export interface Workers {
  /** Fires at once for each worker that runs already. */
  onWorker(listener: (thread: TargetThread) => void): Disposable;
  /** Detaches from every worker; they go on undisturbed. Never throws. */
  detach(): Promise<void>;
}

/**
 * Follows the worker threads of a process, those that other workers start included, over the main thread's channel.
 * Nothing is paused: a worker runs for some milliseconds before it is attached to.
 */
export async function followWorkers(main: Channel, what: string): Promise<Workers> {
  const workers = new Map<string, Worker>();
  const added = new Emitter<TargetThread>();
  let seen = 0;

  const end = (sessionId: string, reason: 'target-ended' | 'connection-lost' | 'closed-by-us'): void => {
    const worker = workers.get(sessionId);
    workers.delete(sessionId);
    worker?.dispatcher.end({ reason });
  };
  const letGo = (sessionId: string): void => {
    main.send('NodeWorker.detach', { sessionId }).catch(() => undefined); // it may have ended meanwhile
  };

  const listeners = [
    main.on('NodeWorker.attachedToWorker', (params) => {
      if (!isAttachedToWorker(params)) return;
      const { sessionId, workerInfo } = params;
      if (workers.has(sessionId) || workers.size >= MOST_AT_ONCE || seen >= MOST_EVER) return;
      seen++;
      const id = /^\[worker (\d+)\]/.exec(workerInfo.title)?.[1] ?? workerInfo.workerId;
      const dispatcher = new CdpDispatcher(`worker ${id} of ${what}`, (message) => {
        main.send('NodeWorker.sendMessageToWorker', { sessionId, message }).catch(() => undefined); // timed out by the caller
      });
      const channel: Channel = {
        send: (method, params, options) => dispatcher.send(method, params, options),
        on: (event, listener) => dispatcher.on(event, listener),
        closed: dispatcher.closed,
        close: () => {
          if (dispatcher.isEnded) return;
          end(sessionId, 'closed-by-us');
          letGo(sessionId);
        },
      };
      const thread: TargetThread = { id, kind: 'worker', title: titleOf(workerInfo), channel };
      workers.set(sessionId, { thread, dispatcher });
      // Asking a worker for `NodeRuntime.waitingForDisconnect`, as is done for the process, would make it wait: its
      // `terminate()` then never settles, even after `NodeWorker.disable`. Unasked, it ends under our hands.
      added.fire(thread);
    }),
    main.on('NodeWorker.receivedMessageFromWorker', (params) => {
      if (!isMessageFromWorker(params)) return;
      const { sessionId, message } = params;
      try {
        workers.get(sessionId)?.dispatcher.receive(message);
      } catch {
        // Not JSON, or too much of it: with this worker nobody can speak, with the others one can.
        end(sessionId, 'connection-lost');
        letGo(sessionId);
      }
    }),
    main.on('NodeWorker.detachedFromWorker', (params) => {
      if (isDetachedFromWorker(params)) end(params.sessionId, 'target-ended');
    }),
  ];
  void main.closed.then(({ reason }) => {
    for (const sessionId of [...workers.keys()]) end(sessionId, reason);
    added.dispose();
  });
  await main.send('NodeWorker.enable', { waitForDebuggerOnStart: false });

  return {
    onWorker: (listener) => {
      for (const { thread } of [...workers.values()]) listener(thread);
      return added.event(listener);
    },
    detach: async () => {
      for (const listener of listeners) listener.dispose();
      for (const sessionId of [...workers.keys()]) end(sessionId, 'closed-by-us');
      await main.send('NodeWorker.disable', {}, { timeoutMs: 1_000 }).catch(() => undefined);
    },
  };
}

function titleOf(info: AttachedToWorker['workerInfo']): string {
  return (info.url || info.title.replace(/^\[worker \d+\]\s*(WorkerThread)?/, '')).slice(0, LONGEST_TITLE);
}
