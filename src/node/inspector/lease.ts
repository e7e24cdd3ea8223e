import { randomUUID } from 'node:crypto';
import type { Disposable } from '../../core/disposable';
import type { Channel } from '../channel';
import { callTarget } from './callTarget';

/** The target gives up on us after ten seconds without a sign of life. */
const BEAT_MS = 2_500;

/** Our name in a target's list of what is to be undone, and the signs of life that keep it from being undone. */
export interface Lease {
  /** Each connection is an owner of its own, and stays the same one when it has to reconnect. */
  readonly owner: string;
  /** Something is registered under our name, until disposed of. */
  hold(): Disposable;
  readonly isHeld: boolean;
  /** Has everything undone that is registered under our name. True when the inspector is about to close with that. */
  end(timeoutMs: number): Promise<boolean>;
}

export function createLease(channel: Channel, owner: string = randomUUID()): Lease {
  let holders = 0;
  let timer: NodeJS.Timeout | undefined;
  const stop = (): void => {
    clearInterval(timer);
    timer = undefined;
  };
  const beat = (): void => {
    // A lost connection is reported by the channel's end, a silent target by whoever asks it something.
    callTarget(channel, 'beat', [owner]).catch(() => undefined);
  };
  void channel.closed.then(stop);
  return {
    owner,
    hold() {
      holders++;
      timer ??= setInterval(beat, BEAT_MS).unref();
      let isHeld = true;
      return {
        dispose() {
          if (!isHeld) return;
          isHeld = false;
          if (--holders === 0) stop();
        },
      };
    },
    get isHeld() {
      return holders > 0;
    },
    end(timeoutMs) {
      stop();
      return callTarget(channel, 'leave', [owner], { timeoutMs });
    },
  };
}
