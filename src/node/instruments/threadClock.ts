import type { ThreadReadings } from '../../core/measurement/threadReadings';

/** Reads, while a thread is measured, how much of its time it runs. */
export interface ThreadClock {
  /** Never rejects: where nothing can be read, there are no readings. */
  start(): Promise<void>;
  /** To be called after a window has ended. Never rejects. */
  mark(): Promise<void>;
  /** From before `startUs` on, by the thread's clock; undefined where its time cannot be told then. */
  readings(startUs: number, endUs: number): ThreadReadings | undefined;
  stop(): void;
}
