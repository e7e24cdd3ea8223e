import { basename, dirname } from 'node:path';
import { profileWithoutPositions } from '../profiles/profileErrors';
import { readProfile } from '../profiles/readProfile';
import { createMethodResolver } from '../sources/createMethodResolver';
import { MeasuredThread } from './measuredThread';
import type { RecordingOptions } from './recordingTypes';

/**
 * A `.cpuprofile` or `.heapprofile` file as a target that has ended already. Rejects as `readProfile` does, and for
 * formats without positions in files.
 */
export async function openFile(
  path: string,
  options: Pick<RecordingOptions, 'pathMappings' | 'roots'>,
): Promise<MeasuredThread> {
  const file = await readProfile(path);
  if (file.format !== 'cpuprofile' && file.format !== 'heapprofile') throw profileWithoutPositions(path, file.format);
  const resolver = createMethodResolver({
    pathMappings: options.pathMappings,
    roots: [...options.roots, dirname(path)],
  });
  const thread = new MeasuredThread(`file:${path}`, basename(path), {}, resolver, () => undefined);
  thread.count(file.note.accuracy);
  if (file.format === 'cpuprofile') thread.addCpuColumns(file.profile);
  else thread.addHeapColumns(file.profile, file.note.measure, { startMs: 0, endMs: file.note.windowMs });
  thread.ended();
  return thread;
}
