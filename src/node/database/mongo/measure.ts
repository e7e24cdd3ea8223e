import { withCollections } from '../../../core/database/mongo/commands/commandCollections';
import { EXPLAIN_COMMENT } from '../../../core/database/mongo/commands/explainCommand';
import type { ExplainRun } from '../../../core/database/explainRun';
import { findIn } from '../../../core/database/mongo/findings/findIn';
import type { Plan } from '../../../core/database/plan';
import type { TargetFacts } from '../../../core/database/facts';
import { readPlan } from '../../../core/database/mongo/plan/readPlan';
import { asDocument, type EjsonDocument } from '../../../core/ejson/documents';
import type { MongoConnection } from './mongoConnection';
import { SCRATCH_DATABASE } from './scratch';

export interface MeasureOptions {
  readonly signal?: AbortSignal;
  /** Server time for one explain, ms. */
  readonly maxTimeMS: number;
}

type Measured = Pick<ExplainRun, 'plan' | 'findings'>;

function explain({ server }: MongoConnection, command: EjsonDocument, maxTimeMS: number): EjsonDocument {
  const [major, minor] = server.version.split('.').map(Number);
  // Servers before 4.4 refuse a comment here, and some look-alikes do.
  const comment = server.product !== 'unknown' && major * 100 + minor >= 404 ? { comment: EXPLAIN_COMMENT } : {};
  return {
    explain: command,
    verbosity: 'executionStats',
    maxTimeMS: { $numberInt: String(Math.round(maxTimeMS)) },
    ...comment,
  };
}

/** Servers before 4.9 and look-alikes do not repeat the command, which the rules need. */
function read(answer: EjsonDocument, database: string, command: EjsonDocument): Plan {
  const told = asDocument(answer.command);
  return readPlan(told && Object.keys(told).length ? answer : { ...answer, command: { ...command, $db: database } });
}

/** Executes a reading command on its own database, as an explain. */
export async function measure(
  connection: MongoConnection,
  database: string,
  command: EjsonDocument,
  { signal, maxTimeMS }: MeasureOptions,
): Promise<Measured> {
  const plan = read(
    await connection.run(database, explain(connection, command, maxTimeMS), { signal }),
    database,
    command,
  );
  return { plan, findings: findIn(plan) };
}

/** Executes a reading command on copies; in the result they have the names of what they are copies of. */
export async function measureCopies(
  connection: MongoConnection,
  database: string,
  command: EjsonDocument,
  copies: ReadonlyMap<string, string>,
  { signal, maxTimeMS, facts }: MeasureOptions & { readonly facts: ReadonlyMap<string, TargetFacts> },
): Promise<Measured> {
  const explained = explain(connection, withCollections(command, copies), maxTimeMS);
  const answer = await connection.run(SCRATCH_DATABASE, explained, { signal, readPreference: 'primary' });
  let text = JSON.stringify(answer).replaceAll(`"${SCRATCH_DATABASE}"`, JSON.stringify(database));
  // The names of the copies occur nowhere else: they are random.
  for (const [name, copy] of copies) {
    const own = JSON.stringify(name).slice(1, -1);
    text = text
      .replaceAll(`${SCRATCH_DATABASE}.${copy}`, `${JSON.stringify(database).slice(1, -1)}.${own}`)
      .replaceAll(copy, own);
  }
  const plan = read(JSON.parse(text) as EjsonDocument, database, command);
  return { plan, findings: findIn(plan, facts) };
}
