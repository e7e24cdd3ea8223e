/** What Node, browsers and workers all offer, and `src/core` may therefore use. Only tsconfig.core.json includes this. */

interface TextDecoder {
  decode(input?: ArrayBuffer | ArrayBufferView, options?: { stream?: boolean }): string;
}
declare const TextDecoder: new (label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean }) => TextDecoder;

interface TextEncoder {
  encode(input?: string): Uint8Array<ArrayBuffer>;
  encodeInto(source: string, destination: Uint8Array): { read: number; written: number };
}
declare const TextEncoder: new () => TextEncoder;

interface URL {
  hash: string;
  host: string;
  hostname: string;
  readonly href: string;
  readonly origin: string;
  pathname: string;
  port: string;
  protocol: string;
  search: string;
  toString(): string;
}
declare const URL: { new (url: string, base?: string | URL): URL; canParse(url: string, base?: string): boolean };

declare function atob(data: string): string;
declare function btoa(data: string): string;

declare const performance: { now(): number };

interface TimerHandle {
  readonly __timer: never;
}
declare function setTimeout(callback: () => void, ms?: number): TimerHandle;
declare function clearTimeout(handle: TimerHandle | undefined): void;
declare function queueMicrotask(callback: () => void): void;
declare function structuredClone<T>(value: T): T;

interface AbortSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
  throwIfAborted(): void;
}
interface AbortController {
  readonly signal: AbortSignal;
  abort(reason?: unknown): void;
}
declare const AbortController: new () => AbortController;
