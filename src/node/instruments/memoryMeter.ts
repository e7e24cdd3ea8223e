import type { MemoryUse } from '../../core/protocol/targetFunctions';
import type { Channel } from '../channel';
import { callTarget } from '../inspector/callTarget';
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
  let memory: MemoryUse | undefined;
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
      memory = await callTarget(channel, 'memoryUse', [], { timeoutMs: PATIENT_MS });
    },
  };
}
