import type { Disposable } from '../../core/disposable';
import { Emitter } from '../../core/emitter';
import { isRecord } from '../../core/protocol/guards';
import { hasManyValues } from '../../core/jsonValues';
import { connectionLost, noAnswer, targetRefused, tooMuchSent, wrongAnswer } from './inspectorErrors';
import type { ChannelClosed, SendOptions } from '../channel';

const DEFAULT_TIMEOUT_MS = 10_000;

/**
 * Values of one message's JSON, each of which becomes up to 60 bytes of objects: a heap profile of 300,000 functions, or an hour of
 * samples. Short messages need not be counted.
 */
const MOST_VALUES = 5_000_000;
const UNCOUNTED = 1_000_000;

interface Pending {
  readonly method: string;
  readonly isAnswer: ((result: unknown) => boolean) | undefined;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

/** The bookkeeping of one CDP conversation, whatever carries its text: requests by id, events by name, one end. */
export class CdpDispatcher {
  private readonly pending = new Map<number, Pending>();
  private readonly events = new Map<string, Emitter<unknown>>();
  private lastId = 0;
  private ended: ChannelClosed | undefined;
  private resolveClosed!: (closed: ChannelClosed) => void;

  readonly closed = new Promise<ChannelClosed>((resolve) => {
    this.resolveClosed = resolve;
  });

  /** `what` names the other end in messages; `post` hands one message's text to the carrier. */
  constructor(
    private readonly what: string,
    private readonly post: (text: string) => void,
  ) {}

  get isEnded(): boolean {
    return this.ended !== undefined;
  }

  send<T>(method: string, params: object = {}, options: SendOptions<T> = {}): Promise<T> {
    if (this.ended) return Promise.reject(this.loss(this.ended));
    const id = ++this.lastId;
    const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    return new Promise<T>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.pending.delete(id);
        reject(noAnswer(this.what, timeoutMs / 1000));
      }, timeoutMs);
      const isAnswer = options.answer;
      this.pending.set(id, { method, isAnswer, resolve: (result) => resolve(result as T), reject, timer });
      try {
        this.post(JSON.stringify({ id, method, params }));
      } catch (error) {
        clearTimeout(timer);
        this.pending.delete(id);
        reject(connectionLost(this.what, error));
      }
    });
  }

  on<T>(event: string, listener: (params: T) => void): Disposable {
    let emitter = this.events.get(event);
    if (!emitter) this.events.set(event, (emitter = new Emitter()));
    return emitter.event((params) => listener(params as T));
  }

  /** Throws when the text is not JSON, or too much of it; answers that came too late are dropped, and so is what is no message. */
  receive(text: string): void {
    if (text.length > UNCOUNTED && hasManyValues(text, MOST_VALUES))
      throw tooMuchSent(this.what, `one message has more than ${MOST_VALUES.toLocaleString('en')} values`);
    const message: unknown = JSON.parse(text);
    if (!isRecord(message)) return;
    const { id, method } = message;
    if (id === undefined) {
      if (typeof method === 'string') this.events.get(method)?.fire(message['params'] ?? {});
      return;
    }
    const request = typeof id === 'number' ? this.pending.get(id) : undefined;
    if (!request) return;
    this.pending.delete(id as number);
    clearTimeout(request.timer);
    const { error, result } = message;
    if (error !== undefined && error !== null)
      request.reject(targetRefused(this.what, request.method, refusalText(error)));
    else if (request.isAnswer && !request.isAnswer(result)) request.reject(wrongAnswer(this.what, request.method));
    else request.resolve(result);
  }

  /** The first end counts; open requests reject with `connectionLost`. */
  end(closed: ChannelClosed): void {
    if (this.ended) return;
    this.ended = closed;
    for (const request of this.pending.values()) {
      clearTimeout(request.timer);
      request.reject(this.loss(closed));
    }
    this.pending.clear();
    this.resolveClosed(closed);
    for (const emitter of this.events.values()) emitter.dispose();
    this.events.clear();
  }

  private loss(closed: ChannelClosed): Error {
    return closed.error ?? connectionLost(this.what, closed.detail);
  }
}

function refusalText(error: unknown): string {
  if (!isRecord(error)) return 'for a reason that is none';
  const parts = [error['message'], error['data']].filter((part) => typeof part === 'string' && part !== '');
  return parts.map((part) => String(part).slice(0, 2_000)).join(': ');
}
