import { attributeHeat, type HeatPart } from '../../core/heat/attributeHeat';
import { buildSnapshot } from '../../core/heat/buildSnapshot';
import type { HeatSnapshot, MemorySummary, TargetSummary } from '../../core/heat/heatSnapshot';
import type { MethodResolver } from '../../core/heat/methodResolver';
import { spanOf, type Interval } from '../../core/interval';
import type { Accuracy } from '../../core/profile/accuracy';
import { frameCategory, type Frame } from '../../core/profile/frame';
import type { MeasuredThread } from './measuredThread';
import type { RecordingOptions } from './recordingTypes';

/** Which of its measurements an isolate is shown by. */
export interface ShownThread {
  readonly thread: MeasuredThread;
  readonly accuracy: Accuracy;
}

/**
 * After an exact run only what took part in it is shown: a worker that ended before it has no exact numbers, and must not
 * make those of the others approximate. Files are shown by what they hold.
 */
export function chooseMeasurements(threads: readonly MeasuredThread[], showExact: boolean): ShownThread[] {
  const hasExact = (thread: MeasuredThread): boolean => thread.measurement('exact') !== undefined;
  const onlyExact = showExact && threads.some((thread) => thread.identity.pid !== undefined && hasExact(thread));
  return threads
    .filter((thread) => !onlyExact || hasExact(thread))
    .map((thread) => ({ thread, accuracy: showExact && hasExact(thread) ? 'exact' : 'approximate' }));
}

/** Heat of the given isolates, merged. Undefined when nothing was measured on any of them. */
export async function heatOfThreads(
  shown: readonly ShownThread[],
  options: Pick<RecordingOptions, 'window' | 'cpuIntervalUs'>,
  targets: readonly TargetSummary[],
): Promise<HeatSnapshot | undefined> {
  const parts: HeatPart[] = [];
  let cpuInterval: Interval | undefined;
  let memory: Omit<MemorySummary, 'liveBytes' | 'allocatedBytes'> = { allocatedWindowMs: 0 };
  let measured = false;
  const now = Date.now();
  for (const { thread, accuracy } of shown) {
    const measurement = thread.measurement(accuracy);
    if (!measurement) continue;
    await prepareFrames(thread.resolver, measurement.table.frames);
    const cpu = measurement.cpu(options.window, now);
    const { live, allocated } = measurement;
    if (!cpu && !live && !allocated) continue;
    measured = true;
    cpuInterval = spanOf(cpuInterval, cpu?.interval);
    memory = {
      liveInterval: spanOf(memory.liveInterval, live?.interval),
      allocatedInterval: spanOf(memory.allocatedInterval, allocated?.interval),
      // Isolates sample side by side, so their windows are the same time and not more of it.
      allocatedWindowMs: Math.max(memory.allocatedWindowMs, allocated?.windowMs ?? 0),
    };
    parts.push(
      attributeHeat({
        resolver: thread.resolver,
        cpu: cpu && { tree: measurement.cpuTree, slice: cpu.slice, inlined: thread.inlinedTicks(accuracy) },
        live: live && { tree: measurement.heapTree, slice: live.slice },
        allocated: allocated && { tree: measurement.heapTree, slice: allocated.slice },
      }),
    );
  }
  if (!measured) return undefined;
  return buildSnapshot(parts, {
    accuracy: shown.every(({ accuracy }) => accuracy === 'exact') ? 'exact' : 'approximate',
    cpuInterval: cpuInterval ?? { startMs: now, endMs: now },
    samplingIntervalUs: options.cpuIntervalUs,
    memory,
    targets,
  });
}

/** Windows go on arriving while files are read: returns only when every frame of the table is prepared. */
async function prepareFrames(resolver: MethodResolver, frames: readonly Frame[]): Promise<void> {
  for (let prepared = 0; prepared < frames.length;) {
    const rest = frames.slice(prepared);
    prepared = frames.length;
    await resolver.prepare(rest.filter((frame) => frameCategory(frame) === 'source'));
  }
}
