import { compareRuns } from '../../../core/mongo/compareRuns';
import { explainCommand, refusedVerbosities } from '../../../core/mongo/explainCommand';
import { lensText } from '../../../core/mongo/runText';
import type { EjsonDocument } from '../../../node/mongo/mongoConnection';
import { sampleValues } from '../../../node/mongo/collectionFacts';
import { explainStatement } from '../../../node/mongo/explainStatement';
import { scaleCheck } from '../../../node/mongo/scaleCheck';
import { tryIndex } from '../../../node/mongo/tryIndex';
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
    refused: (statement, server) => refusedVerbosities(statement, server?.product),
  };
}
