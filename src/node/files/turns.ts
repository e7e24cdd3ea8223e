import { onAbort } from '../../core/abort';

/** Runs tasks, no more than some of them at once; the others wait in order. */
export interface Turns {
  /** Rejects with the signal's reason, and with a `StuckError` when the task takes too long. */
  run<T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T>;
}

/** A task has not ended in time. It keeps its turn: nothing can end a call of the operating system. */
export class StuckError extends Error {}

/**
 * `atOnce` tasks at a time. One that takes longer than `patienceMs` (a disk of another machine that does not answer) is
 * given up; when all turns are held by such, the next ones fail at once instead of waiting for ever.
 */
export function createTurns(atOnce: number, patienceMs: number): Turns {
  const waiting: (() => void)[] = [];
  let running = 0;
  let stuck = 0;

  const next = (): void => {
    while (waiting.length > 0 && (running < atOnce || stuck >= atOnce)) waiting.shift()?.();
  };

  return {
    run<T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T> {
      return new Promise<T>((resolve, reject) => {
        signal?.throwIfAborted();
        let isOver = false;
        const listening = onAbort(signal, (reason) => settle(() => reject(reason)));
        const settle = (tell: () => void): void => {
          if (isOver) return;
          isOver = true;
          listening.dispose();
          tell();
        };
        const start = (): void => {
          if (isOver) return;
          if (running >= atOnce) return settle(() => reject(new StuckError('does not answer')));
          running++;
          let isStuck = false;
          const patience = setTimeout(() => {
            isStuck = true;
            stuck++;
            settle(() => reject(new StuckError('does not answer')));
            next();
          }, patienceMs).unref();
          const end = (tell: () => void): void => {
            clearTimeout(patience);
            running--;
            if (isStuck) stuck--;
            settle(tell);
            next();
          };
          task().then(
            (value) => end(() => resolve(value)),
            (error: unknown) => end(() => reject(error instanceof Error ? error : new Error(String(error)))),
          );
        };
        waiting.push(start);
        next();
      });
    },
  };
}
