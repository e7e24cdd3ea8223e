import type { Disposable } from '../../core/disposable';
import { Emitter } from '../../core/emitter';
import { connectionLost, noAnswer } from './inspectorErrors';
import type { ChannelClosed } from '../channel';

const DEFAULT_TIMEOUT_MS = 10_000;

interface Pending {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

interface Message {
  id?: number;
  method?: string;
  params?: unknown;
  result?: unknown;
  error?: { message?: string; data?: string };
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

  send<T>(method: string, params: object = {}, options: { timeoutMs?: number } = {}): Promise<T> {
    if (this.ended) return Promise.reject(connectionLost(this.what, this.ended.detail));
    const id = ++this.lastId;
    const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    return new Promise<T>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.pending.delete(id);
        reject(noAnswer(this.what, timeoutMs / 1000));
      }, timeoutMs);
      this.pending.set(id, { resolve: (result) => resolve(result as T), reject, timer });
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

  /** Throws when the text is not JSON; answers that came too late are dropped. */
  receive(text: string): void {
    const message = JSON.parse(text) as Message;
    if (message.id === undefined) {
      if (message.method) this.events.get(message.method)?.fire(message.params ?? {});
      return;
    }
    const request = this.pending.get(message.id);
    if (!request) return;
    this.pending.delete(message.id);
    clearTimeout(request.timer);
    if (message.error) {
      request.reject(new Error([message.error.message, message.error.data].filter(Boolean).join(': ')));
    } else {
      request.resolve(message.result);
    }
  }

  /** The first end counts; open requests reject with `connectionLost`. */
  end(closed: ChannelClosed): void {
    if (this.ended) return;
    this.ended = closed;
    for (const request of this.pending.values()) {
      clearTimeout(request.timer);
      request.reject(connectionLost(this.what, closed.detail));
    }
    this.pending.clear();
    this.resolveClosed(closed);
    for (const emitter of this.events.values()) emitter.dispose();
    this.events.clear();
  }
}
