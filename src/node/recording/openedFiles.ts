import { basename, dirname } from 'node:path';
import { errorText } from '../../core/errors';
import type { HeatSource } from '../../core/heat/heatSource';
import { Emitter } from '../../core/emitter';
import { profileWithoutPositions } from '../profiles/profileErrors';
import { asLimit, readProfile } from '../profiles/readProfile';
import { createMethodResolver } from '../sources/createMethodResolver';
import { heatOfThreads } from './heatOfThreads';
import { MeasuredThread } from './measuredThread';
import { createColumnsReader } from './recordedColumns';
import { RecordedThreads } from './recordedThreads';
import type { RecordingOptions } from './recordingTypes';

type FileOptions = Pick<RecordingOptions, 'pathMappings' | 'roots'>;

/**
 * Adds `.cpuprofile` and `.heapprofile` files, each as a target that has ended already, and resolves to what is wrong with
 * them and with what else is recorded: texts. A file that cannot be read is left out.
 */
export async function addFiles(
  recorded: RecordedThreads,
  paths: readonly string[],
  options: FileOptions,
): Promise<string[]> {
  const problems: string[] = [];
  for (const path of paths) {
    try {
      recorded.add([await openFile(path, options)]);
    } catch (error) {
      problems.push(errorText(error));
    }
  }
  for (const thread of recorded.all)
    thread.measurement('ordinary')?.problems.forEach((problem) => problems.push(`${thread.label}: ${problem}.`));
  return problems;
}

/** Heat of files alone, merged: nothing is attached, and nothing changes but the selection. */
export interface OpenedFiles extends HeatSource {
  readonly problems: readonly string[];
}

export async function openFiles(
  paths: readonly string[],
  options: FileOptions & Pick<RecordingOptions, 'cpuIntervalUs'>,
): Promise<OpenedFiles> {
  const recorded = new RecordedThreads();
  const changed = new Emitter<void>();
  const problems = await addFiles(recorded, paths, options);
  const window = 'cumulative';
  const heat = (): ReturnType<typeof heatOfThreads> =>
    heatOfThreads(recorded.shown(), { ...options, window }, recorded.summaries());
  let snapshot = await heat();
  return {
    problems,
    get snapshot() {
      return snapshot;
    },
    get targets() {
      return recorded.summaries();
    },
    get selected() {
      return recorded.selected;
    },
    select(ids) {
      recorded.select(ids);
      void heat().then((selected) => {
        snapshot = selected;
        changed.fire();
      });
    },
    measuredSource: (file) => recorded.measuredSource(file),
    openColumns: () =>
      createColumnsReader(
        () => recorded.shown(),
        () => window,
      ),
    onDidChange: changed.event,
  };
}

/** Rejects as `readProfile` does, and for formats without positions in files. */
async function openFile(path: string, options: FileOptions): Promise<MeasuredThread> {
  const file = await readProfile(path);
  if (file.format !== 'cpuprofile' && file.format !== 'heapprofile') throw profileWithoutPositions(path, file.format);
  const resolver = createMethodResolver({
    pathMappings: options.pathMappings,
    roots: [...options.roots, dirname(path)],
  });
  const thread = new MeasuredThread(`file:${path}`, basename(path), {}, resolver, () => undefined);
  thread.count(file.note.accuracy === 'exact' ? 'exact' : 'ordinary');
  try {
    if (file.format === 'cpuprofile') thread.addCpuColumns(file.profile);
    else thread.addHeapColumns(file.profile, file.note.measure, { startMs: 0, endMs: file.note.windowMs });
  } catch (error) {
    throw asLimit(path, error);
  }
  thread.ended();
  return thread;
}
