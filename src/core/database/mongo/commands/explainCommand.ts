import type { Verbosity } from '../../explainRun';
import { explainableOperation } from './bulkOperation';
import { innerDocuments } from './commandParts';
import { documentsOf, isDocument, type EjsonDocument } from '../../../ejson/documents';
import type { Statement } from '../../statement';
import type { Choices, HoleValues } from '../../../evaluate/choose';
import { fillHoles } from '../calls/fillHoles';
import { insertHasNoPlan, nothingRead, notStages, writesInside } from '../errors/statementErrors';

/** What asks for the plan, in the server's log and profiler. */
export const EXPLAIN_COMMENT = 'heatlens explain';
/** ms that a server may spend on an explain, unless the user allows more. */
export const EXPLAIN_MAX_TIME_MS = 5_000;

export interface ExplainRequest {
  readonly values?: HoleValues;
  readonly choices?: Choices;
  /** Where the text does not give it, or another one than the text's. */
  readonly collection?: string | null;
  readonly verbosity: Verbosity;
  /** Server time, ms. */
  readonly maxTimeMS?: number;
  /** `product` of the connection. */
  readonly product?: string;
}

/** A command as it is sent, in canonical EJSON. */
export interface ExplainCommand {
  /** `{ explain: inner, verbosity, … }` */
  readonly command: EjsonDocument;
  /** What is explained; its first value is the collection. */
  readonly inner: EjsonDocument;
  readonly collection: string;
  /** Writes are explained as planned, never run, whatever was asked for. */
  readonly isWrite: boolean;
  readonly verbosity: Verbosity;
  /** What differs from the statement as written, and why; one sentence each. */
  readonly notes: readonly string[];
}

/**
 * The explain command of a statement. It never writes: `$out` and `$merge` are cut off, and updates, deletes and
 * findAndModify are only planned. Throws a HeatlensError for what has no plan (an insert), and for holes without a value.
 */
export function explainCommand(statement: Statement, request: ExplainRequest): ExplainCommand {
  const { values, choices, collection = statement.collection, maxTimeMS = EXPLAIN_MAX_TIME_MS } = request;
  const notes: string[] = [];
  const one = singleCommand(statement, request, notes);
  const isWrite = writes(one);
  const verbosity = allowedVerbosity(one, request, notes);
  const inner = serverCommand(one, fillHoles(one, values, choices, collection), notes);
  noteScripts(inner, verbosity, notes);
  const command = {
    explain: inner,
    verbosity,
    maxTimeMS: { $numberInt: String(Math.round(maxTimeMS)) },
    comment: EXPLAIN_COMMENT,
  };
  return { command, inner, collection: String(Object.values(inner)[0]), isWrite, verbosity, notes };
}

/** Verbosities that are not offered for a statement on a server, each with the reason; all of them where nothing can be explained. */
export function refusedVerbosities(
  statement: Statement,
  product?: string,
): Readonly<Partial<Record<Verbosity, string>>> {
  const { kind } = statement.command;
  if (kind === 'insert' || (kind === 'bulkWrite' && !explainableOperation(statement))) {
    const reason =
      kind === 'insert' ? 'An insert has no plan: it reads nothing.' : 'The bulk write has no operation that reads.';
    return { queryPlanner: reason, executionStats: reason, allPlansExecution: reason };
  }
  const reason = writes(statement)
    ? 'A statement that writes is only planned, never run.'
    : product === 'cosmos'
      ? 'Cosmos DB runs a command in full when it explains it with execution.'
      : undefined;
  return reason === undefined ? {} : { executionStats: reason, allPlansExecution: reason };
}

function writes({ command: { kind } }: Statement): boolean {
  return (
    kind === 'update' ||
    kind === 'delete' ||
    kind === 'replace' ||
    kind === 'findAndModify' ||
    kind === 'bulkWrite' ||
    kind === 'insert'
  );
}

function allowedVerbosity(statement: Statement, { verbosity, product }: ExplainRequest, notes: string[]): Verbosity {
  const reason = refusedVerbosities(statement, product)[verbosity];
  if (reason === undefined) return verbosity;
  notes.push(`${reason} It was explained with queryPlanner.`);
  return 'queryPlanner';
}

function singleCommand(statement: Statement, { values, choices }: ExplainRequest, notes: string[]): Statement {
  const { kind } = statement.command;
  if (kind === 'insert') {
    throw insertHasNoPlan();
  }
  if (kind !== 'bulkWrite') return statement;
  const operation = explainableOperation(statement, values, choices);
  if (!operation) {
    throw nothingRead();
  }
  notes.push(
    `Of the ${operation.count === 1 ? 'bulk write' : `${operation.count} operations of the bulk write`} ${operation.name} was explained, operation ${operation.at + 1}.`,
  );
  return operation.statement;
}

const WRITING_STAGES = ['$out', '$merge'] as const;

function serverCommand(statement: Statement, filled: EjsonDocument, notes: string[]): EjsonDocument {
  // Ours stand beside `explain`; a limit or comment inside would not count, and some servers refuse it there.
  const { maxTimeMS: _limit, comment: _comment, ...given } = filled;
  const command = withFilter(given);
  if (statement.command.kind === 'estimatedCount')
    notes.push('estimatedDocumentCount reads a number that the server keeps; no documents are counted.');
  if (statement.command.kind === 'count') return countingPipeline(command, notes);
  return statement.command.kind === 'aggregate'
    ? { ...command, pipeline: withoutWrites(stagesOf(command.pipeline), notes) }
    : command;
}

/** A filter that a condition leaves out selects everything. */
function withFilter(command: EjsonDocument): EjsonDocument {
  const missing = (['filter', 'query'] as const).filter(
    (name) => Object.hasOwn(command, name) && command[name] === null,
  );
  return missing.length ? { ...command, ...Object.fromEntries(missing.map((name) => [name, {}])) } : command;
}

/** What drivers send for `countDocuments`; the server's `count` would be another plan. */
function countingPipeline({ count, query, skip, limit, ...options }: EjsonDocument, notes: string[]): EjsonDocument {
  notes.push('countDocuments is sent as an aggregation that counts, and explained as that.');
  const pipeline = [
    { $match: query ?? {} },
    ...(skip === undefined ? [] : [{ $skip: skip }]),
    ...(limit === undefined ? [] : [{ $limit: limit }]),
    { $group: { _id: { $numberInt: '1' }, n: { $sum: { $numberInt: '1' } } } },
  ];
  return { aggregate: count, pipeline, cursor: {}, ...options };
}

function stagesOf(pipeline: unknown): readonly EjsonDocument[] {
  const stages = documentsOf(pipeline);
  if (Array.isArray(pipeline) && stages.length === pipeline.length) return stages;
  throw notStages();
}

function withoutWrites(pipeline: readonly EjsonDocument[], notes: string[]): readonly EjsonDocument[] {
  let end = pipeline.length;
  const writing = (stage: EjsonDocument | undefined): string | undefined =>
    WRITING_STAGES.find((name) => stage !== undefined && Object.hasOwn(stage, name));
  for (let name = writing(pipeline[end - 1]); name; name = writing(pipeline[end - 1])) {
    notes.push(`${name} was cut off: explaining must not write.`);
    end--;
  }
  const read = pipeline.slice(0, end);
  for (const stage of innerPipelines(read)) {
    const name = writing(stage);
    if (name) throw writesInside(name);
  }
  return read;
}

/** The stages and those of the pipelines inside them. */
function* innerPipelines(pipeline: readonly EjsonDocument[]): Generator<EjsonDocument> {
  const open: EjsonDocument[] = [...pipeline];
  for (let stage = open.pop(); stage; stage = open.pop()) {
    yield stage;
    for (const content of Object.values(stage)) {
      if (!isDocument(content)) continue;
      for (const inner of Object.values(content))
        if (Array.isArray(inner)) for (const one of inner) if (isDocument(one)) open.push(one);
    }
  }
}

const SCRIPTS = ['$where', '$function', '$accumulator'];

function noteScripts(inner: EjsonDocument, verbosity: Verbosity, notes: string[]): void {
  for (const document of innerDocuments(inner)) {
    const script = SCRIPTS.find((name) => Object.hasOwn(document, name));
    if (!script) continue;
    notes.push(
      `${script} runs JavaScript on the server for every document${verbosity === 'queryPlanner' ? '' : ', also while it is explained'}.`,
    );
    return;
  }
}
