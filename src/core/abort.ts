import type { Disposable } from './disposable';

/** Why an operation was aborted, as an error: an `AbortError` where nothing else was said. */
export function abortReason(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error(String(signal.reason));
}

/** Listens for an abort that is still to come, until it is disposed of; there may be no signal at all. */
export function onAbort(signal: AbortSignal | undefined, listener: (reason: Error) => void): Disposable {
  const abort = (): void => listener(abortReason(signal!));
  signal?.addEventListener('abort', abort, { once: true });
  return { dispose: () => signal?.removeEventListener('abort', abort) };
}

/** Resolves when the signal is aborted, also if it is already. */
export function whenAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** Rejects with the reason when the signal is aborted, also if it is already: the other side of a race. */
export async function rejectedOnAbort(signal: AbortSignal): Promise<never> {
  await whenAborted(signal);
  throw abortReason(signal);
}

/** Resolves after that many ms, or at once when the signal is aborted. */
export function abortableDelay(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      listening.dispose();
      resolve();
    };
    const timer = setTimeout(done, ms);
    const listening = onAbort(signal, done);
  });
}
