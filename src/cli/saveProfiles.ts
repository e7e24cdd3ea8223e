import { writeFile } from 'node:fs/promises';
import type { Accuracy } from '../core/heat/heatSnapshot';
import type { ProfileNote } from '../core/profile/profileNote';
import { toCpuProfile, toHeapProfile } from '../core/profile/writeProfile';
import type { MeasuredThread } from '../node/recording/measuredThread';
import { cannotWrite } from './cliErrors';

/**
 * Writes what was measured in V8's formats and resolves to the paths: `X.cpuprofile`, `X.heapprofile` (live bytes) and
 * `X.allocated.heapprofile`; workers get `X.worker-N.…`. An ending that is one of ours already is taken off `out` first.
 */
export async function saveProfiles(
  out: string,
  threads: readonly MeasuredThread[],
  accuracy: Accuracy,
): Promise<string[]> {
  const base = out.replace(/\.(cpuprofile|heapprofile)$/, '');
  const written: string[] = [];
  const write = async (path: string, profile: object): Promise<void> => {
    try {
      await writeFile(path, JSON.stringify(profile));
    } catch (error) {
      throw cannotWrite(path, error);
    }
    written.push(path);
  };
  for (const [index, thread] of threads.entries()) {
    const measurement = thread.measurement(accuracy);
    if (!measurement) continue;
    const stem =
      index === 0 ? base : `${base}.${thread.identity.threadId ? `worker-${thread.identity.threadId}` : thread.id}`;
    const { cpuTree, heapTree, samples, live, allocated } = measurement;
    const cpu = measurement.cpu('cumulative', Date.now());
    if (cpu)
      await write(`${stem}.cpuprofile`, {
        ...toCpuProfile(cpuTree, cpu.slice, samples),
        ...({ heatlens: { accuracy } } satisfies ProfileNote),
      });
    const byMeasure = { live: live && { ...live, windowMs: live.interval.endMs - live.interval.startMs }, allocated };
    for (const measure of ['live', 'allocated'] as const) {
      const bytes = byMeasure[measure];
      if (!bytes) continue;
      const note: ProfileNote = { heatlens: { accuracy, measure, windowMs: bytes.windowMs } };
      // The plain name is never missing: where only allocated bytes were measured, it holds those.
      const plain = measure === 'live' || !live;
      await write(`${stem}${plain ? '' : '.allocated'}.heapprofile`, {
        ...toHeapProfile(heapTree, bytes.slice),
        ...note,
      });
    }
  }
  return written;
}
