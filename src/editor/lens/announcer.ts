import type { Disposable } from '../../core/disposable';

export interface Announcer extends Disposable {
  /** Something that is shown has changed. */
  changed(): void;
  /** The editor has asked for what is shown now. */
  asked(): void;
}

export interface AnnouncerOptions {
  readonly announce: () => void;
  /** At least so long between an answer and the next announcement. */
  readonly intervalMs: number;
  /** Nobody may be looking; after so long without a question the next change is announced all the same. */
  readonly patienceMs: number;
}

/**
 * Announces a change only when the one before has been asked for. The editor waits with its question until no change
 * was announced for a while, and that while grows to seconds when the machine is busy: announced at every refresh, the
 * lenses of a busy service were never asked for.
 */
export function createAnnouncer({ announce, intervalMs, patienceMs }: AnnouncerOptions): Announcer {
  let timer: NodeJS.Timeout | undefined;
  let waiting = false;
  let again = false;
  let disposed = false;

  const startTimer = (ms: number): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      timer = undefined;
      waiting = false;
      if (again) tell();
    }, ms);
  };
  const tell = (): void => {
    again = false;
    waiting = true;
    startTimer(patienceMs);
    announce();
  };

  return {
    changed: () => {
      if (disposed) return;
      if (timer) again = true;
      else tell();
    },
    asked: () => {
      if (disposed || !waiting) return;
      waiting = false;
      startTimer(intervalMs);
    },
    dispose: () => {
      disposed = true;
      clearTimeout(timer);
    },
  };
}
