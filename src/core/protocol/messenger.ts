import { isRecord, type Guard } from './guards';
import { onAbort } from '../abort';

/** What one side of a channel may be told, and what it may be asked. */
export interface Side {
  readonly event: { readonly type: string };
  readonly requests: Readonly<Record<string, { readonly params: unknown; readonly result: unknown }>>;
}

export type NoRequests = Readonly<Record<never, never>>;

/** What a side accepts: nothing else gets through. Guards of events need not look at `type`. */
export interface SideGuards<S extends Side> {
  readonly events: {
    readonly [Type in S['event']['type']]: Guard<Omit<Extract<S['event'], { readonly type: Type }>, 'type'>>;
  };
  readonly requests: {
    readonly [Name in keyof S['requests']]: {
      readonly params: Guard<S['requests'][Name]['params']>;
      readonly result: Guard<S['requests'][Name]['result']>;
    };
  };
}

export type Answers<S extends Side> = {
  readonly [Name in keyof S['requests']]: (
    params: S['requests'][Name]['params'],
    /** Aborted when the one who asked gave up, or is gone. */
    signal: AbortSignal,
  ) => Promise<S['requests'][Name]['result']>;
};

/** One end of a channel: `Own` is what this side may be told and asked, `Other` what the other one may be. */
export interface Port<Own extends Side, Other extends Side> {
  readonly own: SideGuards<Own>;
  readonly other: SideGuards<Other>;
  readonly answers: Answers<Own>;
  receive(event: Own['event']): void;
  post(message: { readonly type: string }, transfer: ArrayBuffer[]): void;
  /** Something came that is unknown, malformed or oversized; it has no other consequence. */
  dropped(reason: string): void;
}

export interface Messenger<Other extends Side> {
  send(event: Other['event'], transfer?: ArrayBuffer[]): void;
  /** Rejects with what the other side says, with the signal's reason, or with what `reset` was given. */
  ask<Name extends keyof Other['requests'] & string>(
    name: Name,
    params: Other['requests'][Name]['params'],
    signal?: AbortSignal,
  ): Promise<Other['requests'][Name]['result']>;
  /** Takes whatever came from the other side. */
  take(message: unknown): void;
  /** The other side is gone, and perhaps replaced by one that knows nothing. */
  reset(reason: Error): void;
}

/**
 * Events, requests and replies over a channel that carries messages both ways. An event crosses as it is; a request has an
 * id, which its reply repeats, so that neither a failure elsewhere nor the answer to another request is taken for it.
 */
export function createMessenger<Own extends Side, Other extends Side>(port: Port<Own, Other>): Messenger<Other> {
  const asking = createAsking(port);
  const answering = createAnswering(port);
  const events = port.own.events as Readonly<Record<string, Guard<unknown>>>;
  return {
    send: (event, transfer = []) => port.post(event, transfer),
    ask: asking.ask,
    take: (message) => {
      if (!isRecord(message) || typeof message.type !== 'string') return port.dropped('what is no message');
      if (message.type === 'request') return void answering.take(message);
      if (message.type === 'abort') return answering.abort(message.id);
      if (message.type === 'reply') return asking.take(message);
      const guard = ownEntry(events, message.type);
      if (guard?.(message)) return port.receive(message as { readonly type: string });
      return port.dropped(`${guard ? 'a malformed' : 'an unknown'} message ${quoted(message.type)}`);
    },
    reset: (reason) => {
      answering.reset();
      asking.reset(reason);
    },
  };
}

type Fields = Readonly<Record<string, unknown>>;

interface Asked {
  readonly name: string;
  readonly settle: (outcome: { readonly result: unknown } | { readonly error: Error }) => void;
}

/** What this side asks, until the other one has answered. */
function createAsking({ post, other, dropped }: Port<never, Side>) {
  const asked = new Map<unknown, Asked>();
  // Goes on after a reset: what the one before still says is meant for nobody.
  let lastId = 0;
  return {
    ask: (name: string, params: unknown, signal?: AbortSignal): Promise<never> =>
      new Promise((resolve, reject) => {
        signal?.throwIfAborted();
        const id = ++lastId;
        const listening = onAbort(signal, (error) => {
          post({ type: 'abort', id } as { type: string }, []);
          asked.get(id)?.settle({ error });
        });
        const settle: Asked['settle'] = (outcome) => {
          asked.delete(id);
          listening.dispose();
          if ('error' in outcome) reject(outcome.error);
          else resolve(outcome.result as never);
        };
        asked.set(id, { name, settle });
        post({ type: 'request', id, name, params } as { type: string }, []);
      }),
    take: ({ id, error, result }: Fields): void => {
      const waiting = asked.get(id);
      // Given up meanwhile.
      if (!waiting) return;
      if (typeof error === 'string') waiting.settle({ error: new Error(error) });
      else if (ownEntry(other.requests, waiting.name)?.result(result)) waiting.settle({ result });
      else {
        dropped(`a malformed reply to "${waiting.name}"`);
        waiting.settle({ error: new Error(`the reply to "${waiting.name}" was malformed`) });
      }
    },
    reset: (error: Error): void => {
      for (const { settle } of [...asked.values()]) settle({ error });
    },
  };
}

/** What the other side asks, until it is answered. */
function createAnswering({ post, own, answers, dropped }: Port<Side, never>) {
  const answering = new Map<unknown, AbortController>();
  return {
    take: async ({ id, name, params }: Fields): Promise<void> => {
      if (typeof id !== 'number' || typeof name !== 'string') return dropped('a malformed request');
      const reply = (outcome: object, transfer: ArrayBuffer[] = []): void =>
        post({ type: 'reply', id, ...outcome } as { type: string }, transfer);
      const guard = ownEntry(own.requests, name);
      if (!guard?.params(params)) {
        dropped(`${guard ? 'a malformed' : 'an unknown'} request ${quoted(name)}`);
        return reply({ error: `${quoted(name)} cannot be answered` });
      }
      const abort = new AbortController();
      answering.set(id, abort);
      try {
        const result = await answers[name](params, abort.signal);
        if (!abort.signal.aborted) reply({ result }, result instanceof ArrayBuffer ? [result] : []);
      } catch (error) {
        if (!abort.signal.aborted) reply({ error: error instanceof Error ? error.message : String(error) });
      } finally {
        // After a reset the id may be another page's.
        if (answering.get(id) === abort) answering.delete(id);
      }
    },
    abort: (id: unknown): void => answering.get(id)?.abort(),
    reset: (): void => {
      for (const abort of answering.values()) abort.abort();
      answering.clear();
    },
  };
}

/** Names come from the other side: what every object inherits is none of them. */
function ownEntry<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

function quoted(name: string): string {
  return JSON.stringify(name.slice(0, 40));
}
