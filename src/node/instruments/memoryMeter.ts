import type { Channel } from '../channel';
import { evaluate } from '../inspector/evaluate';
import { PATIENT_MS } from './samplingBackend';

const POLL_MS = 10_000;

/** How much memory an isolate holds, in bytes: shown, and the measure of what reading its heap will cost. */
export interface MemoryMeter {
  readonly heapUsed: number | undefined;
  readonly external: number | undefined;
  /** Asks the target, unless it did so less than ten seconds ago. */
  ask(): Promise<void>;
}

export function createMemoryMeter(channel: Channel): MemoryMeter {
  let memory: { heapUsed: number; external: number } | undefined;
  let askedAt = 0;
  return {
    get heapUsed() {
      return memory?.heapUsed;
    },
    get external() {
      return memory?.external;
    },
    async ask() {
      if (Date.now() - askedAt < POLL_MS) return;
      askedAt = Date.now();
      memory = await evaluate(
        channel,
        '(({ heapUsed, external }) => ({ heapUsed, external }))(process.memoryUsage())',
        { timeoutMs: PATIENT_MS },
      );
    },
  };
}
