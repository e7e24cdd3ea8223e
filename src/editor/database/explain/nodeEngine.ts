import { compareRuns } from '../../../core/database/comparison/compareRuns';
import { explainCommand, refusedVerbosities } from '../../../core/database/mongo/commands/explainCommand';
import { runView } from '../../../core/database/mongo/plan/runView';
import { lensText } from '../../../core/database/runText';
import type { EjsonDocument } from '../../../core/ejson/documents';
import { sampleValues } from '../../../node/database/mongo/collectionFacts';
import { explainStatement } from '../../../node/database/mongo/explainStatement';
import { scaleCheck } from '../../../node/database/mongo/scaleCheck';
import { tryIndex } from '../../../node/database/mongo/tryIndex';
import type { ExplainEngine, FilledStatement } from './explainEngine';

/** The engine below the editor. `timeLimit` is server time for one explain, ms. */
export function createNodeEngine(timeLimit: () => number): ExplainEngine {
  const inner = ({ statement, ...filled }: FilledStatement): EjsonDocument =>
    explainCommand(statement, { ...filled, verbosity: 'queryPlanner' }).inner;
  return {
    explain: (connection, { statement, ...filled }, verbosity, { signal }) =>
      explainStatement(connection, statement, { ...filled, verbosity, maxTimeMS: timeLimit(), signal }),
    tryIndex: (connection, filled, suggestion, documents, { signal, onProgress }) =>
      tryIndex(
        connection,
        { database: filled.database, command: inner(filled), suggestion, documents, maxTimeMS: timeLimit() },
        { signal, onProgress: ({ text, fraction }) => onProgress(text, fraction) },
      ),
    checkScale: (connection, filled, { signal, onProgress }) =>
      scaleCheck(
        connection,
        { database: filled.database, command: inner(filled), maxTimeMS: timeLimit() },
        { signal, onProgress: ({ text, fraction }) => onProgress(text, fraction) },
      ),
    samples: (connection, database, collection, holes, signal) =>
      sampleValues(connection, database, collection, holes, { signal, patienceMs: 4000 }),
    compare: compareRuns,
    summary: lensText,
    view: runView,
    refused: (statement, server) => refusedVerbosities(statement, server?.product),
  };
}
