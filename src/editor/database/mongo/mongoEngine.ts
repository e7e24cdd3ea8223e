import { compareRuns } from '../../../core/database/comparison/compareRuns';
import { explainCommand, refusedVerbosities } from '../../../core/database/mongo/commands/explainCommand';
import { runView } from '../../../core/database/mongo/run/runView';
import { lensText } from '../../../core/database/runText';
import type { MongoConnection } from '../../../node/database/mongo/mongoConnection';
import { sampleValues } from '../../../node/database/mongo/collectionFacts';
import { explainStatement } from '../../../node/database/mongo/explainStatement';
import { scaleCheck } from '../../../node/database/mongo/scaleCheck';
import { tryIndex } from '../../../node/database/mongo/tryIndex';
import type { ExplainEngine, FilledStatement } from '../explain/explainEngine';
import type { EjsonDocument } from '../../../core/ejson/documents';

/** Explains on MongoDB. `get` gives a connection by its id; `timeLimit` is server time for one explain, ms. */
export function createMongoEngine(
  get: (id: string, signal: AbortSignal) => Promise<MongoConnection>,
  timeLimit: () => number,
): ExplainEngine {
  const inner = ({ statement, ...filled }: FilledStatement): EjsonDocument =>
    explainCommand(statement, { ...filled, verbosity: 'queryPlanner' }).inner;
  return {
    explain: async (id, { statement, ...filled }, verbosity, { signal }) =>
      explainStatement(await get(id, signal), statement, { ...filled, verbosity, maxTimeMS: timeLimit(), signal }),
    tryIndex: async (id, filled, suggestion, documents, { signal, onProgress }) =>
      tryIndex(
        await get(id, signal),
        { database: filled.database, command: inner(filled), suggestion, documents, maxTimeMS: timeLimit() },
        { signal, onProgress: ({ text, fraction }) => onProgress(text, fraction) },
      ),
    checkScale: async (id, filled, { signal, onProgress }) =>
      scaleCheck(
        await get(id, signal),
        { database: filled.database, command: inner(filled), maxTimeMS: timeLimit() },
        { signal, onProgress: ({ text, fraction }) => onProgress(text, fraction) },
      ),
    samples: async (id, database, collection, holes, signal) =>
      sampleValues(await get(id, signal), database, collection, holes, { signal, patienceMs: 4000 }),
    compare: compareRuns,
    summary: lensText,
    view: runView,
    refused: (statement, server) => refusedVerbosities(statement, server?.product),
  };
}
