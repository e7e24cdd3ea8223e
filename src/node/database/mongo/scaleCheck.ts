import { errorText, isHeatlensError } from '../../../core/errors';
import { readOf } from '../../../core/database/mongo/commands/commandCollections';
import { EXPLAIN_MAX_TIME_MS } from '../../../core/database/mongo/commands/explainCommand';
import type { ScaleCheck, ScalePoint } from '../../../core/database/explainRun';
import { notARead, scaleStopped } from '../../../core/database/mongo/errors/experimentErrors';
import { inDigits } from '../../../core/words/numbers';
import { scaleCheckOf } from '../../../core/database/growth';
import { MONGO_WORDS } from '../../../core/database/mongo/plan/words';
import type { Plan } from '../../../core/database/plan';
import { measure, measureCopies } from './measure';
import type { MongoConnection } from './mongoConnection';
import type { EjsonDocument } from '../../../core/ejson/documents';
import {
  buildIndexes,
  copiedText,
  indexesThatMatter,
  readSample,
  type SampleReader,
  type SampleSource,
  sampleSizes,
} from './sampling';
import { type Scratch, withScratch } from './scratch';
import { type ExperimentOptions, joinNotes, leftNotes } from './tryIndex';

const WHAT = 'The scale check';
const SCALE_SIZES: readonly number[] = [1000, 10_000, 100_000];

export interface ScaleRequest {
  readonly database: string;
  /** As explained (`inner` of the explain command): find, aggregate, count or distinct. */
  readonly command: EjsonDocument;
  /** Documents of the samples, ascending; sizes that the collection does not have are left out. */
  readonly sizes?: readonly number[];
  /** Server time for each explain, ms. */
  readonly maxTimeMS?: number;
}

/**
 * Executes a command on growing samples of its collection, with the same indexes, and at last on the collection itself. Joined
 * collections are sampled in the same proportion. One size that takes too long, or cancelling, ends it with what it has until
 * then, and a note; it throws a HeatlensError when it has nothing.
 */
export async function scaleCheck(
  connection: MongoConnection,
  request: ScaleRequest,
  options: ExperimentOptions = {},
): Promise<ScaleCheck> {
  const { database, maxTimeMS = EXPLAIN_MAX_TIME_MS } = request;
  const { signal, onProgress } = options;
  const read = readOf(request.command);
  if (!read || (read.wasWrite && !('aggregate' in read.command))) throw notARead(WHAT, request.command);
  const { command } = read;
  const largest = Math.max(1, ...(request.sizes ?? SCALE_SIZES));
  const sources = await sampleSizes(connection, database, command, largest, { signal, what: WHAT });
  const { total } = sources[0];
  const sizes = [...new Set(request.sizes ?? SCALE_SIZES)]
    .filter((size) => size >= 1 && size < total)
    .sort((a, b) => a - b);
  const points: ScalePoint[] = [];
  const notes: string[] = [];
  const check = {
    connection,
    database,
    command,
    sizes,
    sources: proportional(sources, sizes),
    maxTimeMS,
    points,
    notes,
  };
  try {
    if (sizes.length)
      notes.push(
        ...leftNotes((await withScratch(connection, WHAT, (scratch) => samples(check, scratch, options), signal)).left),
      );
    onProgress?.({ text: `Explaining on all ${inDigits(total)} documents`, fraction: 0.95 });
    const { plan } = await measure(connection, database, command, { signal, maxTimeMS });
    addPoint(check, total, false, plan);
  } catch (error) {
    if (!isHeatlensError(error) || !points.length) throw error;
    notes.push(`It ended early. ${errorText(error)}`);
  }
  const all = [
    ...sources.flatMap((source) => source.notes),
    ...(points.some(({ sampled }) => sampled) ? joinNotes(check.sources) : []),
    ...notes,
  ];
  return { ...scaleCheckOf(points, MONGO_WORDS), ...(all.length ? { notes: all } : {}) };
}

interface Check {
  readonly connection: MongoConnection;
  readonly database: string;
  readonly command: EjsonDocument;
  readonly sizes: readonly number[];
  readonly sources: readonly SampleSource[];
  readonly maxTimeMS: number;
  readonly points: ScalePoint[];
  readonly notes: string[];
}

/** What is copied at most: the largest sample of the own collection, and the same part of each joined one. */
function proportional(sources: readonly SampleSource[], sizes: readonly number[]): SampleSource[] {
  const largest = sizes.at(-1) ?? 0;
  return sources.map((source) => ({ ...source, documents: partOf(source, largest / sources[0].total) }));
}

function partOf({ total }: SampleSource, part: number): number {
  return Math.min(total, Math.ceil(total * part));
}

async function samples(check: Check, scratch: Scratch, { signal, onProgress }: ExperimentOptions): Promise<void> {
  const { connection, database, command, sizes, sources, maxTimeMS } = check;
  const copies = new Map<string, string>();
  const readers: SampleReader[] = [];
  const whole = sources.reduce((sum, source) => sum + source.documents, 0);
  const held = new Map<string, number>();
  const onCopied = (source: SampleSource, copied: number): void => {
    held.set(source.collection, copied);
    const done = [...held.values()].reduce((sum, one) => sum + one, 0);
    onProgress?.({ text: `Copying ${copiedText(source, copied)}`, fraction: (0.9 * done) / Math.max(1, whole) });
  };
  try {
    for (const source of sources) {
      const target = await scratch.newCollection();
      copies.set(source.collection, target);
      const indexes = await indexesThatMatter(connection, database, source.collection, [command], { signal });
      check.notes.push(...(await buildIndexes(connection, target, source.collection, indexes, signal)));
      readers.push(readSample(connection, database, source, target, { signal, onCopied }));
    }
    for (const size of sizes) {
      let documents = 0;
      for (const reader of readers) {
        const copied = await reader.copyUpTo(partOf(reader.source, size / sources[0].total));
        if (reader === readers[0]) documents = copied;
      }
      onProgress?.({
        text: `Explaining on ${inDigits(documents)} documents`,
        fraction: (0.9 * size) / (sizes.at(-1) ?? size),
      });
      const { plan } = await measureCopies(connection, database, command, copies, {
        signal,
        maxTimeMS,
        facts: new Map(),
      });
      addPoint(check, documents, true, plan);
    }
  } finally {
    for (const reader of readers) {
      if (reader.refused)
        check.notes.push(`${inDigits(reader.refused)} documents of ${reader.source.collection} could not be copied.`);
      await reader.close();
    }
  }
}

/** The numbers of an explain that stopped early say less than nothing: it ends the check. */
function addPoint({ points }: Check, documents: number, sampled: boolean, { totals, failure }: Plan): void {
  if (failure) {
    throw scaleStopped(inDigits(documents), failure.message);
  }
  points.push({ rows: documents, sampled, ...totals });
}
