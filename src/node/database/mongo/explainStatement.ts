import { t } from '@vscode/l10n';
import { isHeatlensError } from '../../../core/errors';
import { jsonText } from '../../../core/jsonText';
import { collectionsOf } from '../../../core/database/mongo/commands/commandCollections';
import {
  type ExplainCommand,
  explainCommand,
  type ExplainRequest,
} from '../../../core/database/mongo/commands/explainCommand';
import type { ExplainRun } from '../../../core/database/explainRun';
import { findIn } from '../../../core/database/mongo/findings/findIn';
import { unknownCollection } from '../../../core/database/mongo/errors/mongoErrors';
import { nearNames } from '../../../core/database/nearNames';
import type { Plan } from '../../../core/database/plan';
import type { TargetFacts } from '../../../core/database/facts';
import type { IndexSuggestion } from '../../../core/database/indexes';
import { readPlan } from '../../../core/database/mongo/plan/readPlan';
import { asDocument, asText, documentsOf, type EjsonDocument } from '../../../core/ejson/documents';
import type { Statement } from '../../../core/database/statement';
import { shellText } from '../../../core/database/mongo/shell/shellText';
import { indexSuggestion } from '../../../core/database/mongo/indexes/createIndex';
import { suggestIndexes } from '../../../core/database/mongo/indexes/suggestIndexes';
import {
  allDocuments,
  allowed,
  collectionFacts,
  describePlace,
  MOST_COLLECTIONS,
  type Place,
  sourceOf,
} from './collectionFacts';
import type { MongoConnection, RunOptions, WalkOptions } from './mongoConnection';
import { databaseUnknown } from '../../../core/database/mongo/errors/statementErrors';
import { isRefusedOption } from '../../../core/database/mongo/errors/commandErrors';

export interface ExplainOptions extends Omit<ExplainRequest, 'product'> {
  readonly database: string;
  readonly signal?: AbortSignal;
}

/** ms that each look at what is explained may take (the server is given 2 s): a plan without facts is better than waiting for them. */
const LOOK_PATIENCE_MS = 2_500;
/** Twice what a sample is asked for. */
const LOOK_BYTES = 8_000_000;

/** A run as it is shown and kept, and the server's answer as indented EJSON. */
export interface ExplainResult {
  readonly run: ExplainRun;
  readonly raw: string;
}

/**
 * Explains a statement on a server and reads what is known of its collections. Nothing is written. Throws a HeatlensError
 * with cause and next step: holes without a value, an unknown collection, and whatever goes wrong on the way.
 */
export async function explainStatement(
  connection: MongoConnection,
  statement: Statement,
  options: ExplainOptions,
): Promise<ExplainResult> {
  const { database, signal } = options;
  const built = explainCommand(statement, { ...options, product: connection.server.product });
  const notes = [...built.notes];
  const looking: WalkOptions = {
    signal,
    patienceMs: LOOK_PATIENCE_MS,
    walkMs: LOOK_PATIENCE_MS,
    mostBytes: LOOK_BYTES,
    onCut: (text) => void (notes.includes(text) || notes.push(text)),
  };
  const place = await knownPlace(connection, database, built.collection, looking);
  const answer = await runExplain(connection, database, built, notes, { signal });
  const plan = readPlan(withCommand(answer, built, database));
  const facts = await factsFor(connection, database, place, built.inner, looking);
  notePlace(place, facts, notes);
  if (connection.withheld.length)
    notes.push(
      `${connection.name} names other members of its replica set, which the connection string does not; they were not talked to: ${connection.withheld.join(', ')}.`,
    );
  const run: ExplainRun = {
    at: Date.now(),
    connection: connection.name,
    database,
    target: built.collection,
    verbosity: built.verbosity,
    text: shellText(placed(statement, built.collection, database), options.values, options.choices).text,
    plan,
    findings: findIn(plan, facts.all, { statement }),
    suggestions: suggestionsFor(plan, facts, place, notes),
    facts: facts.all.get(built.collection) ?? {},
    notes,
  };
  return { run, raw: jsonText(answer) };
}

/** Names the collection and database that it was explained on. */
function placed(statement: Statement, collection: string, database: string): Statement {
  return {
    ...statement,
    collection,
    collectionHole: undefined,
    database: statement.database === database ? database : undefined,
  };
}

/** Servers before 4.9, and look-alikes, do not repeat what was explained; the rules need it. */
function withCommand(answer: EjsonDocument, { inner }: ExplainCommand, database: string): EjsonDocument {
  const told = asDocument(answer.command);
  return told && Object.keys(told).length ? answer : { ...answer, command: { ...inner, $db: database } };
}

/** Throws where the collection does not exist, and names those that do. */
async function knownPlace(
  connection: MongoConnection,
  database: string,
  name: string,
  options: WalkOptions,
): Promise<Place> {
  const place = await describePlace(connection, database, name, options);
  if (place.type !== 'missing') return place;
  const listed =
    (await allowed(
      allDocuments(
        connection,
        database,
        { listCollections: 1, nameOnly: true, cursor: {} },
        { ...options, most: MOST_COLLECTIONS },
      ),
    )) ?? [];
  const names = listed
    .map((one) => asText(one.name))
    .filter((one): one is string => one !== undefined && !one.startsWith('system.'));
  throw unknownCollection(database, name, nearNames(name, names));
}

/** Other ways to ask, for servers that refuse this one. */
async function runExplain(
  connection: MongoConnection,
  database: string,
  built: ExplainCommand,
  notes: string[],
  options: RunOptions,
): Promise<EjsonDocument> {
  // A write is planned where it would be carried out.
  const run: RunOptions = { ...options, ...(built.isWrite ? { readPreference: 'primary' } : {}) };
  const { comment: _comment, ...withoutComment } = built.command;
  const { maxTimeMS: _limit, ...bare } = withoutComment;
  // What executes is never asked for without its limit.
  const ways = [built.command, withoutComment, ...(built.verbosity === 'queryPlanner' ? [bare] : [])];
  let last: unknown;
  for (const command of ways) {
    try {
      return await connection.run(database, command, run);
    } catch (error) {
      last = error;
      if (!isRefusedOption(error)) break;
    }
  }
  const { aggregate } = built.inner;
  if (aggregate === undefined || built.verbosity !== 'queryPlanner' || !isUnknownCommand(last)) throw last;
  const answer = await connection.run(database, { ...built.inner, explain: true }, run);
  notes.push(`${connection.name} has no explain command; the aggregation was asked for its plan itself.`);
  return answer;
}

function isUnknownCommand(error: unknown): boolean {
  return isHeatlensError(error, 'mongoUnsupported');
}

interface Facts {
  readonly all: ReadonlyMap<string, TargetFacts>;
  /** What the view or time series reads in the end; the place itself otherwise. */
  readonly source: Place;
}

async function factsFor(
  connection: MongoConnection,
  database: string,
  place: Place,
  inner: EjsonDocument,
  options: WalkOptions,
): Promise<Facts> {
  const source = await sourceOf(connection, database, place, options);
  const all = new Map<string, TargetFacts>();
  const own = await collectionFacts(connection, database, source.name, options);
  all.set(source.name, own);
  all.set(place.name, own);
  const views = place.type === 'view' ? documentsOf(place.options.pipeline) : [];
  for (const name of collectionsOf({ pipeline: [...views, ...documentsOf(inner.pipeline)] }).names) {
    if (!all.has(name)) all.set(name, await collectionFacts(connection, database, name, { ...options, sample: false }));
  }
  return { all, source };
}

function notePlace(place: Place, { all, source }: Facts, notes: string[]): void {
  if (place.type === 'view')
    notes.push(`${place.name} is a view of ${source.name}: documents and indexes are those of ${source.name}.`);
  if (place.type === 'timeseries')
    notes.push(`${place.name} is a time series: the plan counts buckets of measurements, not single ones.`);
  if (place.capped) notes.push(`${place.name} is capped: the oldest documents go as new ones come.`);
  if (all.get(source.name)?.rows === 0)
    notes.push(`${source.name} is empty: plans and numbers on an empty collection say nothing about a full one.`);
}

function suggestionsFor(plan: Plan, { all, source }: Facts, place: Place, notes: string[]): readonly IndexSuggestion[] {
  const found = suggestIndexes(plan, all);
  if (place.type !== 'view') return found;
  const own = found.filter((one) => one.target === place.name);
  if (!own.length) return found;
  // A view that only selects has the fields of its source; others may have renamed or computed them.
  if (documentsOf(place.options.pipeline).every((stage) => stage.$match !== undefined)) {
    return found.map((one) => (one.target === place.name ? indexSuggestion({ ...one, target: source.name }) : one));
  }
  notes.push(
    `No index is suggested: ${place.name} changes the documents of ${source.name}, so its fields may not be those that an index has.`,
  );
  return found.filter((one) => one.target !== place.name);
}

/** The database to explain in: the one given, else the statement's own, else the connection's. */
export function databaseFor(connection: MongoConnection, statement: Statement, given?: string): string {
  const database = given ?? statement.database ?? connection.defaultDatabase;
  if (database !== undefined) return database;
  throw databaseUnknown(connection.name, t('Choose one.'));
}
