import type { Disposable } from '../core/disposable';

export interface Throttled extends Disposable {
  (): void;
}

/** Runs at once, then at most once per `intervalMs`; a call in between runs at the end of the interval. */
export function throttle(run: () => void, intervalMs: number): Throttled {
  let timer: NodeJS.Timeout | undefined;
  let again = false;
  let disposed = false;
  const call = (): void => {
    if (disposed) return;
    if (timer) {
      again = true;
      return;
    }
    timer = setTimeout(() => {
      timer = undefined;
      if (!again) return;
      again = false;
      call();
    }, intervalMs);
    run();
  };
  const dispose = (): void => {
    disposed = true;
    clearTimeout(timer);
  };
  return Object.assign(call, { dispose });
}
