import { readOf } from '../../../core/database/mongo/commands/commandCollections';
import { compareRuns } from '../../../core/database/comparison/compareRuns';
import { EXPLAIN_MAX_TIME_MS } from '../../../core/database/mongo/commands/explainCommand';
import type { IndexTrial } from '../../../core/database/explainRun';
import { notARead, notRead } from '../../../core/database/mongo/errors/experimentErrors';
import { inDigits } from '../../../core/words/numbers';
import type { TargetFacts } from '../../../core/database/facts';
import type { IndexSuggestion } from '../../../core/database/indexes';
import { asDocument, asCount, plainNumbers, type EjsonDocument } from '../../../core/ejson/documents';
import { measureCopies } from './measure';
import type { MongoConnection } from './mongoConnection';
import {
  buildIndexes,
  copiedText,
  type IndexSpec,
  indexesThatMatter,
  readSample,
  SAMPLE_DOCUMENTS,
  type SampleSource,
  sampleSizes,
} from './sampling';
import { type Scratch, SCRATCH_DATABASE, withScratch } from './scratch';

const WHAT = 'Try It';

export interface TrialRequest {
  readonly database: string;
  /** As explained (`inner` of the explain command). Of a write, the find for its documents is tried. */
  readonly command: EjsonDocument;
  readonly suggestion: IndexSuggestion;
  /** To copy of each collection that the command reads; 10,000 when not given. Show `sampleSizes` to the user first. */
  readonly documents?: number;
  /** Server time for one explain, ms. */
  readonly maxTimeMS?: number;
}

export interface ExperimentOptions {
  readonly signal?: AbortSignal;
  /** `text` is for people, `fraction` of the whole. */
  readonly onProgress?: (progress: { readonly text: string; readonly fraction: number }) => void;
}

/**
 * Explains a command on a copy of a part of its collections, without and with the suggested index. Everything is written to
 * temporary collections of a database of our own, which are dropped however it ends; the collections themselves are only read.
 * Joined collections are copied in the same way, so fewer of their documents match: the trial says so. Throws a HeatlensError
 * for what cannot be copied, and when it was cancelled.
 */
export async function tryIndex(
  connection: MongoConnection,
  request: TrialRequest,
  options: ExperimentOptions = {},
): Promise<IndexTrial> {
  const { database, documents = SAMPLE_DOCUMENTS } = request;
  const { signal } = options;
  const read = readOf(request.command);
  if (!read) throw notARead(WHAT, request.command);
  const sources = await sampleSizes(connection, database, read.command, documents, { signal, what: WHAT });
  if (!sources.some(({ collection }) => collection === request.suggestion.target))
    throw notRead(WHAT, `${database}.${request.suggestion.target}`);
  const own = [
    ...(read.wasWrite && !('aggregate' in read.command) ? ['A write is tried as the find for its documents.'] : []),
    ...(read.command.hint === undefined ? [] : ['The statement has a hint, so the server may not take the new index.']),
  ];
  const reading = { ...request, command: read.command };
  const { result, left } = await withScratch(
    connection,
    WHAT,
    (scratch) => trial(connection, reading, sources, scratch, options),
    signal,
  );
  const notes = [
    ...own,
    ...sources.flatMap((source) => source.notes),
    ...joinNotes(sources),
    ...(result.notes ?? []),
    ...leftNotes(left),
  ];
  return { ...result, ...(notes.length ? { notes } : {}) };
}

export function joinNotes(sources: readonly SampleSource[]): string[] {
  return sources.slice(1).flatMap((source) => {
    if (source.documents === source.total && sources[0].documents === sources[0].total) return [];
    const part = source.documents === source.total ? 'all' : inDigits(source.documents);
    return [`Of ${source.collection} ${part} documents were copied, so the number that joins differs from the whole.`];
  });
}

export function leftNotes(left: readonly string[]): string[] {
  return left.map(
    (name) =>
      `The temporary collection ${SCRATCH_DATABASE}.${name} could not be dropped; that is tried again at the next connect.`,
  );
}

async function trial(
  connection: MongoConnection,
  request: TrialRequest,
  sources: readonly SampleSource[],
  scratch: Scratch,
  { signal, onProgress }: ExperimentOptions,
): Promise<IndexTrial> {
  const { database, command, suggestion, maxTimeMS = EXPLAIN_MAX_TIME_MS } = request;
  const total = sources.reduce((sum, source) => sum + source.documents, 0);
  const notes: string[] = [];
  const copies = new Map<string, string>();
  const facts = new Map<string, TargetFacts>();
  const kept = new Map<string, readonly IndexSpec[]>();
  let before = 0;
  let sampled = 0;
  for (const source of sources) {
    const { collection } = source;
    const target = await scratch.newCollection();
    copies.set(collection, target);
    const onCopied = (of: SampleSource, copied: number): void => {
      onProgress?.({ text: `Copying ${copiedText(of, copied)}`, fraction: (0.9 * (before + copied)) / total });
    };
    const reader = readSample(connection, database, source, target, { signal, onCopied });
    let copied: number;
    try {
      copied = await reader.copyUpTo(source.documents);
    } finally {
      await reader.close();
    }
    before += source.documents;
    if (collection === sources[0].collection) sampled = copied;
    if (reader.refused) notes.push(`${inDigits(reader.refused)} documents of ${collection} could not be copied.`);
    const indexes = await indexesThatMatter(connection, database, collection, [command, suggestion.columns], {
      signal,
    });
    notes.push(...(await buildIndexes(connection, target, collection, indexes, signal)));
    kept.set(collection, indexes);
    facts.set(collection, factsOf(copied, indexes));
  }
  const target = copies.get(suggestion.target) ?? '';
  onProgress?.({ text: 'Explaining without the index', fraction: 0.9 });
  const without = await measureCopies(connection, database, command, copies, { signal, maxTimeMS, facts });
  const existing = kept.get(suggestion.target) ?? [];
  const index = indexSpec(suggestion, existing);
  onProgress?.({ text: `Building the index ${index.name} on the sample`, fraction: 0.93 });
  await connection.run(
    SCRATCH_DATABASE,
    { createIndexes: target, indexes: [index] },
    { readPreference: 'primary', patienceMs: 60_000 },
  );
  const withIndex = new Map(facts).set(
    suggestion.target,
    factsOf(facts.get(suggestion.target)?.rows ?? 0, [...existing, index]),
  );
  onProgress?.({ text: 'Explaining with the index', fraction: 0.97 });
  const after = await measureCopies(connection, database, command, copies, { signal, maxTimeMS, facts: withIndex });
  const stats = await connection.run(SCRATCH_DATABASE, { collStats: target }, { signal, readPreference: 'primary' });
  const indexBytes = asCount(asDocument(stats.indexSizes)?.[index.name]);
  return {
    suggestion,
    sampled,
    rows: sources[0].total,
    before: without,
    after,
    comparison: compareRuns(without, after),
    ...(indexBytes === undefined ? {} : { indexBytes }),
    notes,
  };
}

function factsOf(documents: number, indexes: readonly IndexSpec[]): TargetFacts {
  const all = indexes.map(({ name, key, ...options }) => ({
    name,
    columns: asDocument(plainNumbers(key)) ?? {},
    options: asDocument(plainNumbers(options)) ?? {},
  }));
  return { rows: documents, indexes: [{ name: '_id_', columns: { _id: 1 }, options: {} }, ...all] };
}

/** Named as a server names it; where that name is taken by another index, otherwise. */
function indexSpec({ columns: key, options }: IndexSuggestion, existing: readonly IndexSpec[]): IndexSpec {
  const usual = Object.entries(key)
    .map(([field, order]) => `${field}_${order}`)
    .join('_');
  const name = existing.some((index) => index.name === usual) ? `${usual}_suggested` : usual;
  return { ...options, key, name };
}
