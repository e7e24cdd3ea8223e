import { abortableDelay } from '../../core/abort';
import type { Channel, Connection } from '../channel';
import { enterExactMode, EXACT_SETTLE_MS, type ExactMode } from '../instruments/exactMode';
import {
  CLOSE_HEAP_INTERVAL_BYTES,
  CLOSE_HEAP_SAMPLES_PER_SECOND,
  COARSE_HEAP_INTERVAL_BYTES,
} from '../instruments/heapSchedule';
import type { InstrumentOptions } from '../instruments/instrument';
import type { WindowUse } from './measuredThread';
import type { RecordingOptions } from './recordingTypes';

/** Exact mode counts bytes closely: 32-64 kB between samples is within 4 % of the truth, 512 kB within 13 %. */
const EXACT_HEAP_INTERVAL_BYTES = 32 * 1024;

const SHORTEST_CALIBRATION_MS = 4_000;
const LONGEST_CALIBRATION_MS = 10_000;

/** How long the window that calibrates a recording takes: as long as it, but enough to tell and no longer than that takes. In ms. */
export function calibrationMs(recordedMs: number): number {
  return Math.min(LONGEST_CALIBRATION_MS, Math.max(SHORTEST_CALIBRATION_MS, recordedMs));
}

export interface ExactRunOptions {
  readonly durationMs: number;
  /** What its windows count as. */
  readonly use: 'exact' | 'teacher';
  /** Nothing is measured after it; else ordinary windows go on. */
  readonly isLast?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (elapsedMs: number) => void;
}

/** What a run in exact mode needs of the process that is measured. */
export interface ExactProcess {
  readonly connection: Connection;
  options(): RecordingOptions;
  /** Those of the ordinary windows, to go on with afterwards. */
  instrumentOptions(): InstrumentOptions;
  /** Channels of the isolates that are connected; empty when the process has gone. */
  isolates(): readonly Channel[];
  /** Ends the windows of all isolates and opens those that count as `use`. */
  turnAll(use: WindowUse, change: Partial<InstrumentOptions>): Promise<void>;
  entered(): void;
  left(): void;
}

/** Exact mode changes what windows count as, and how they are sampled; the instruments go on as they are. */
export async function measureProcessExactly(process: ExactProcess, run: ExactRunOptions): Promise<void> {
  // A coarse look at how fast the target allocates bounds what the close one will cost.
  await process.turnAll('discard', {
    memory: process.options().memory === 'off' ? 'off' : 'allocated',
    heapIntervalBytes: COARSE_HEAP_INTERVAL_BYTES,
    interruptBudget: 0,
    endsAt: undefined,
  });
  let mode: ExactMode | undefined;
  try {
    mode = await enterExactMode(process.connection, process.isolates());
    process.entered();
    await abortableDelay(EXACT_SETTLE_MS, run.signal);
    if (!run.signal?.aborted) await measureForSoLong(process, run);
  } finally {
    if (process.isolates().length) {
      await mode?.leave(process.isolates()).catch(() => undefined);
      process.left();
      if (!run.isLast) await process.turnAll('ordinary', process.instrumentOptions()).catch(() => undefined);
    }
  }
}

async function measureForSoLong(process: ExactProcess, run: ExactRunOptions): Promise<void> {
  const { durationMs, use, signal, onProgress } = run;
  const start = Date.now();
  const { memory, heapIntervalBytes } = process.options();
  // Calls without inlining box doubles, and those samples tell nothing; so a window that teaches takes more of them.
  const isTeacher = use === 'teacher';
  await process.turnAll(use, {
    memory,
    heapSamplesPerSecond: isTeacher ? CLOSE_HEAP_SAMPLES_PER_SECOND : undefined,
    heapIntervalBytes: Math.min(heapIntervalBytes, isTeacher ? CLOSE_HEAP_INTERVAL_BYTES : EXACT_HEAP_INTERVAL_BYTES),
    endsAt: start + durationMs,
  });
  const progress = setInterval(() => onProgress?.(Date.now() - start), 250);
  await Promise.race([abortableDelay(durationMs, signal), process.connection.closed]);
  clearInterval(progress);
  await process.turnAll('discard', { memory: 'off' });
}
