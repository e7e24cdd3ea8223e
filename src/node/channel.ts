import type { Disposable } from '../core/disposable';
import type { HeatlensError } from '../core/errors';
import type { Guard } from '../core/protocol/guards';

/** Our name in a target's list of what is to be undone, and the signs of life that keep it from being undone. */
export interface Lease {
  /** Each connection is an owner of its own, and stays the same one when it has to reconnect. */
  readonly owner: string;
  /** Something is registered under our name, until disposed of. */
  hold(): Disposable;
  readonly isHeld: boolean;
  /** Has everything undone that is registered under our name. True when the inspector was closed with that. */
  end(timeoutMs: number): Promise<boolean>;
}

/**
 * A conversation in the Chrome DevTools Protocol with one V8 isolate (main thread or worker), whatever carries it:
 * a WebSocket to the inspector, a NodeWorker session inside one, or the agent's socket.
 */
export interface Channel {
  /**
   * Rejects with a HeatlensError `noAnswer` after `timeoutMs` (default 10 s), `connectionLost` when the carrier is gone,
   * `targetRefused` with V8's text when the target refuses, and `wrongAnswer` when the answer is none.
   */
  send<T = unknown>(method: string, params?: object, options?: SendOptions<T>): Promise<T>;
  on<T = unknown>(event: string, listener: (params: T) => void): Disposable;
  /** Resolves once, when the conversation is over for whatever reason; never rejects. */
  readonly closed: Promise<ChannelClosed>;
  close(): void;
}

export interface SendOptions<T> {
  /** ms to wait for the answer. */
  readonly timeoutMs?: number;
  /** Whether what came is an answer; without it the answer must not be looked at. */
  readonly answer?: Guard<T>;
}

export interface ChannelClosed {
  readonly reason: 'closed-by-us' | 'target-ended' | 'connection-lost';
  readonly detail?: string;
  /** What went wrong, where more is known of it than that the connection is cut. */
  readonly error?: HeatlensError;
}

/** One isolate of a target process. */
export interface TargetThread {
  /** `main`, or the worker's thread id. */
  readonly id: string;
  readonly kind: 'main' | 'worker';
  /** Script of a worker or '' */
  readonly title: string;
  readonly channel: Channel;
}

/** A process that we are connected to. */
export interface Connection {
  readonly pid: number;
  /** `v22.23.3` */
  readonly nodeVersion: string;
  readonly execArgv: readonly string[];
  readonly argv: readonly string[];
  readonly cwd: string;
  /** How we came in; `opened` means that `close` has to shut the inspector again. */
  readonly via: 'inspector-opened' | 'inspector-found' | 'host-port' | 'agent';
  /** What the user should know before going on, one line each. */
  readonly warnings: readonly string[];
  /** Under which the main thread undoes what is changed in the process. */
  readonly lease: Lease;
  readonly main: TargetThread;
  /** Workers that exist already are reported at once, later ones when they start. Nothing is paused. */
  onWorker(listener: (thread: TargetThread) => void): Disposable;
  readonly closed: Promise<ChannelClosed>;
  /**
   * Puts the process back as it was found: closes the inspector if we opened it. Resolves to what could not be put back
   * at once; never rejects, and is safe to call twice.
   */
  close(): Promise<LeftBehind | undefined>;
}

/** What is not yet in a process as it was found. */
export interface LeftBehind {
  /** For the user. */
  readonly error: HeatlensError;
  /** Resolves to true when it is as it was found, or has ended, and to false when that is waited for no longer. */
  readonly putBack: Promise<boolean>;
}
