import { writeFile } from 'node:fs/promises';
import type { WindowKind } from '../core/profile/accuracy';
import { measuredBytes, measuredCpu } from '../core/measurement/measuredColumns';
import { writeCpuProfile, writeHeapProfile } from '../core/profile/formats/writeV8';
import type { MeasuredThread } from '../node/recording/measuredThread';
import { cannotWrite } from './cliErrors';

/**
 * Writes what was measured in V8's formats and resolves to the paths: `X.cpuprofile`, `X.heapprofile` (live bytes) and
 * `X.allocated.heapprofile`; workers get `X.worker-N.…`. An ending that is one of ours already is taken off `out` first.
 */
export async function saveProfiles(
  out: string,
  threads: readonly MeasuredThread[],
  kind: WindowKind,
): Promise<string[]> {
  const accuracy = kind === 'exact' ? 'exact' : 'approximate';
  const base = out.replace(/\.(cpuprofile|heapprofile)$/, '');
  const written: string[] = [];
  const write = async (path: string, chunks: Iterable<string>): Promise<void> => {
    try {
      await writeFile(path, chunks);
    } catch (error) {
      throw cannotWrite(path, error);
    }
    written.push(path);
  };
  for (const [index, thread] of threads.entries()) {
    const measurement = thread.measurement(kind);
    if (!measurement) continue;
    const stem =
      index === 0 ? base : `${base}.${thread.identity.threadId ? `worker-${thread.identity.threadId}` : thread.id}`;
    const { cpuTree, heapTree, samples, live, allocated } = measurement;
    const cpu = measurement.cpu('cumulative', Date.now());
    if (cpu) {
      const columns = measuredCpu(cpuTree, cpu.slice, samples, thread.label);
      await write(`${stem}.cpuprofile`, writeCpuProfile(columns, 0, { accuracy }));
    }
    const byMeasure = { live: live && { ...live, windowMs: live.interval.endMs - live.interval.startMs }, allocated };
    for (const measure of ['live', 'allocated'] as const) {
      const bytes = byMeasure[measure];
      if (!bytes) continue;
      // The plain name is never missing: where only allocated bytes were measured, it holds those.
      const plain = measure === 'live' || !live;
      const columns = measuredBytes(heapTree, bytes.slice, measure, thread.label);
      await write(
        `${stem}${plain ? '' : '.allocated'}.heapprofile`,
        writeHeapProfile(columns, 0, { accuracy, windowMs: bytes.windowMs }),
      );
    }
  }
  return written;
}
