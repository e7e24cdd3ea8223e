import { attributeHeat } from '../../core/heat/attributeHeat';
import type { HeatPart } from '../../core/heat/heatPart';
import { buildSnapshot, type SnapshotContext } from '../../core/heat/buildSnapshot';
import type { HeatSnapshot, TargetSummary } from '../../core/heat/heatSnapshot';
import type { MethodResolver } from '../../core/heat/methodResolver';
import { spanOf, type Interval } from '../../core/interval';
import type { Accuracy, WindowKind } from '../../core/profile/accuracy';
import type { Measurement } from '../../core/measurement/measurement';
import { frameCategory } from '../../core/profile/frame';
import type { MeasuredThread } from './measuredThread';
import type { RecordingOptions } from './recordingTypes';
import { shownCpu } from './shownCpu';

/** Which of its measurements an isolate is shown by. */
export interface ShownThread {
  readonly thread: MeasuredThread;
  readonly kind: WindowKind;
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
    .map((thread) => ({ thread, kind: showExact && hasExact(thread) ? 'exact' : 'ordinary' }));
}

/** Heat of the given isolates, merged. Undefined when nothing was measured on any of them. */
export async function heatOfThreads(
  shown: readonly ShownThread[],
  options: Pick<RecordingOptions, 'window' | 'cpuIntervalUs'>,
  targets: readonly TargetSummary[],
): Promise<HeatSnapshot | undefined> {
  const parts: HeatPart[] = [];
  let cpuInterval: Interval | undefined;
  let memory: SnapshotContext['memory'] = { allocatedWindowMs: 0 };
  let measured = false;
  const now = Date.now();
  for (const { thread, kind } of shown) {
    const measurement = thread.measurement(kind);
    if (!measurement) continue;
    await prepareFrames(thread.resolver, measurement);
    const teacher = kind === 'exact' ? undefined : thread.teacher;
    if (teacher) await prepareFrames(thread.resolver, teacher);
    const cpu = shownCpu(thread, measurement, options.window, now);
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
        cpu: cpu && { tree: measurement.cpuTree, slice: cpu.slice, inlining: thread.inlining(kind) },
        live: live && { tree: measurement.heapTree, ...live },
        allocated: allocated && { tree: measurement.heapTree, ...allocated },
        bytesTeacher: teacher && { tree: teacher.heapTree, live: teacher.live, allocated: teacher.allocated },
      }),
    );
  }
  if (!measured) return undefined;
  return buildSnapshot(parts, {
    accuracy: accuracyOfParts(shown, parts),
    cpuInterval: cpuInterval ?? { startMs: now, endMs: now },
    samplingIntervalUs: options.cpuIntervalUs,
    memory,
    targets,
  });
}

function accuracyOfParts(shown: readonly ShownThread[], parts: readonly HeatPart[]): Accuracy {
  if (shown.every(({ kind }) => kind === 'exact')) return 'exact';
  return parts.some(({ isCalibrated }) => isCalibrated) ? 'calibrated' : 'approximate';
}

/** Windows go on arriving while files are read: returns only when every frame is prepared. */
async function prepareFrames(resolver: MethodResolver, { table, interrupts }: Measurement): Promise<void> {
  let frames = 0;
  let sites = 0;
  while (frames < table.frames.length || sites < interrupts.frames.length) {
    const newFrames = table.frames.slice(frames).filter((frame) => frameCategory(frame) === 'source');
    const newSites = interrupts.frames.slice(sites).filter(({ line, url }) => line >= 0 && !url.startsWith('node:'));
    frames = table.frames.length;
    sites = interrupts.frames.length;
    await resolver.prepare(newFrames, newSites);
  }
}
