import { NumberMap } from '../../core/collections/numberMap';
import type { CpuSlice } from '../../core/measurement/cpuSlice';
import type { Measurement } from '../../core/measurement/measurement';
import { scaleOf } from './coverage';
import type { MeasuredThread } from './measuredThread';
import type { RecordingOptions } from './recordingTypes';

/** What was sampled of a thread, its times scaled to all that it did: one that is measured in turn would seem cool. */
export function shownCpu(
  thread: Pick<MeasuredThread, 'coverage' | 'measurement'>,
  measurement: Measurement,
  window: RecordingOptions['window'],
  now: number,
): ReturnType<Measurement['cpu']> {
  const cpu = measurement.cpu(window, now);
  // Turns stand still while an exact window is measured.
  const scale = thread.measurement('exact') === measurement ? 1 : scaleOf(thread.coverage);
  return cpu && scale !== 1 ? { ...cpu, slice: scaled(cpu.slice, scale) } : cpu;
}

/** Times only: samples tell how certain they are. */
function scaled(slice: CpuSlice, scale: number): CpuSlice {
  const selfUs = new NumberMap();
  slice.selfUs.forEach((us, node) => selfUs.add(node, us * scale));
  return { ...slice, selfUs };
}
