import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { isHeatlensError } from '../../core/errors';
import type { Channel, Lease } from '../channel';
import { callTarget } from './callTarget';

/** The target gives up on us after ten seconds without a sign of life. */
const BEAT_MS = 2_500;

/** ms in which what is sent has left us. */
const SENT_MS = 50;

async function post(channel: Channel, owner: string): Promise<void> {
  const answer = callTarget(channel, 'leaveInspector', [owner]).catch(() => undefined);
  await Promise.race([answer, delay(SENT_MS)]);
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
    async end(timeoutMs) {
      stop();
      const isLast = await callTarget(channel, 'leave', [owner], { timeoutMs }).catch(async (error: unknown) => {
        // A blocked event loop comes to it when it turns: then all of it at once, and not when we are found missing.
        if (isHeatlensError(error, 'noAnswer')) await post(channel, owner);
        throw error;
      });
      if (!isLast) return false;
      // No reply comes back through an inspector that is closed: the end of the connection is the answer.
      await Promise.race([channel.closed, callTarget(channel, 'leaveInspector', [owner], { timeoutMs })]).catch(
        () => undefined,
      );
      return true;
    },
  };
}
