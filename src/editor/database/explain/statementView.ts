import { basename } from 'node:path';
import type { StatementView } from '../../../core/protocol/explain';
import type { ConnectionStatus } from '../connections/connection';
import type { ExplainEngine } from './explainEngine';
import type { ExplainSession } from './explainSession';
import { decidedConditions } from '../../../core/database/mongo/calls/conditions';
import { markedText } from './markedText';

/** What the page shows of a statement before it runs. */
export function statementView(
  session: ExplainSession,
  file: string,
  connection: ConnectionStatus | undefined,
  engine: Pick<ExplainEngine, 'refused'>,
): StatementView {
  const { statement, inputs } = session;
  const { values } = inputs.values(statement);
  const collection = session.collection ?? null;
  // A name that the user gave is shown as if the text had it.
  const named = statement.collection === null && collection !== null ? { ...statement, collection } : statement;
  const refused = engine.refused(statement, connection?.connection?.server);
  return {
    place: `${basename(file)}:${statement.span.start.line + 1}`,
    api: statement.api,
    ...markedText(named, values, inputs.choices),
    holes: inputs.fields(statement),
    choices: decidedConditions(statement, values, inputs.choices),
    collection,
    ...(statement.collectionHole === undefined ? {} : { collectionHole: statement.collectionHole }),
    database: session.database ?? null,
    databases: session.databases,
    connection: connection ? { name: connection.name, state: connection.state } : null,
    verbosity: refused[inputs.verbosity] === undefined ? inputs.verbosity : 'queryPlanner',
    refused,
    problems: statement.problems,
    blocked: session.blocked,
  };
}
