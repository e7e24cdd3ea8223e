import { t } from '@vscode/l10n';
import type { HeatlensError } from '../../../errors';
import type { Plan } from '../../plan';
import type { PlanEngine } from './engines';
import { absurdNumber } from './absurdNumbers';
import { addStageFacts } from './stageFacts';
import { MONGO_WORDS } from './words';
import {
  addProblem,
  type Body,
  type Draft,
  finishReading,
  newDraft,
  newReading,
  type Reading,
  stageName,
} from './draft';
import { readBody } from './readBody';
import { isLegacy, readLegacy } from './readLegacy';
import { profileEntry, readProfile } from './readProfile';
import { readSolution, withoutPlans } from './readSolution';
import { addSelfTimes } from './selfTimes';
import {
  asCount,
  asDocument,
  asNumber,
  asText,
  isDocument,
  plainNumbers,
  type EjsonDocument,
} from '../../../ejson/documents';
import { noExplain, explainRefused } from '../errors/planErrors';
import { collectionNamed } from '../commands/commandCollections';

/**
 * The plan in what a server answered to `explain`, in an entry of `system.profile`, or in a slow-query line of its log. Takes
 * plain JSON, EJSON or BSON values. What is odd in it is told in `problems`; throws a HeatlensError (`noExplain`) when it is no
 * explain at all, or when the server refused.
 */
export function readPlan(explain: unknown): Plan {
  const answer = unwrapped(explain);
  const reading = newReading(readBody);
  const body = readAnswer(reading, answer);
  finishReading(reading);
  const absurd = absurdNumber(answer);
  if (absurd !== undefined)
    addProblem(reading, `The server counts what cannot be (${absurd}); such numbers are left out.`);
  const top = body?.top;
  if (!body || !top) throw noPlan(answer);
  addSelfTimes([top, ...reading.rejected]);
  addStageFacts([top, ...reading.rejected]);
  const command = commandOf(answer);
  const counts = countOf(top);
  const server = serverOf(answer);
  return {
    namespace: namespaceOf(reading, command),
    command,
    engine: engineOf(reading, answer),
    words: MONGO_WORDS,
    ...(server ? { server } : {}),
    executed: reading.executed && !reading.failure,
    ...(reading.failure ? { failure: reading.failure } : {}),
    totals: totalsOf(reading, body),
    ...(counts === undefined ? {} : { counts }),
    ...(command?.distinct === undefined ? {} : { distinct: true }),
    root: top,
    rejected: reading.rejected,
    facts: { ...reading.planner, ...reading.facts },
    problems: reading.problems,
  };
}

/** A cursor's answer is a list of one. */
function unwrapped(explain: unknown): EjsonDocument {
  const one = Array.isArray(explain) && explain.length > 0 ? (explain[0] as unknown) : explain;
  if (isDocument(one)) return one;
  throw noExplain(t('The text is not an object.'));
}

function readAnswer(reading: Reading, answer: EjsonDocument): Body | null {
  if (answer.queryPlanner === undefined && answer.executionStats === undefined && answer.stages === undefined) {
    if (isLegacy(answer)) return { ...readLegacy(reading, answer), fields: {} };
    const entry = profileEntry(answer);
    if (entry) return { ...readProfile(reading, entry), fields: {} };
    if (stageName(answer)) return bareStage(reading, answer);
  }
  const body = readBody(reading, answer, {});
  if (!body.top) {
    const planner = asDocument(answer.queryPlanner);
    // A planner that tells no plan is an explain all the same: its facts are worth showing.
    if (!planner && !isDocument(answer.executionStats)) return null;
    addProblem(reading, 'The answer tells no winning plan.');
    return { ...body, top: newDraft('UNKNOWN', {}) };
  }
  Object.assign(reading.facts, remainderOf(answer));
  return body;
}

/** Only the tree itself, as people paste it. */
function bareStage(reading: Reading, answer: EjsonDocument): Body | null {
  reading.executed = answer.nReturned !== undefined;
  const top = readSolution(reading, reading.executed ? { executed: answer } : { planned: answer }, {});
  return { top, returned: asCount(answer.nReturned), fields: {} };
}

const ELSEWHERE = new Set(['command', 'serverInfo', 'stages', 'ok', '$clusterTime', 'operationTime', 'signature']);

function remainderOf(answer: EjsonDocument): Record<string, unknown> {
  const rest = withoutPlans(answer);
  for (const key of ELSEWHERE) delete rest[key];
  if (typeof answer.command === 'string') rest.command = answer.command;
  return rest;
}

function totalsOf(reading: Reading, body: Body): Plan['totals'] {
  const totals: { -readonly [K in keyof Plan['totals']]: number } = {};
  const returned = body.returned ?? body.top?.returned;
  if (returned !== undefined && reading.executed) totals.returned = returned;
  if (reading.entriesRead !== undefined) totals.entriesRead = reading.entriesRead;
  if (reading.rowsRead !== undefined) totals.rowsRead = reading.rowsRead;
  const millis = reading.millis ?? body.millis;
  if (millis !== undefined) totals.millis = millis;
  return totals;
}

/** Of a plan that only counts: the count. */
function countOf({ name, fields }: Draft): number | undefined {
  return /^(COUNT|RECORD_STORE_FAST_COUNT|RECORD_COUNT)$/.test(name) ? asCount(fields.nCounted) : undefined;
}

function commandOf(answer: EjsonDocument): Plan['command'] {
  const command = [answer.command, asDocument(answer.attr)?.command, answer.query]
    .map(asDocument)
    .find((one) => one && Object.keys(one).length);
  if (!command) return null;
  return (plainNumbers(asDocument(command.explain) ?? command) as EjsonDocument | undefined) ?? null;
}

/** The name that the user gave, of a view or a time series not the one that the server read. */
function namespaceOf(reading: Reading, command: Plan['command']): string | null {
  const read = reading.namespace?.replace(/^([^.]*)\.system\.buckets\./, '$1.') ?? null;
  const name = command ? collectionNamed(command) : undefined;
  const database = asText(command?.$db) ?? read?.split('.', 1)[0];
  return name !== undefined && database !== undefined ? `${database}.${name}` : read;
}

function serverOf(answer: EjsonDocument): Plan['server'] {
  const info = asDocument(answer.serverInfo);
  const version = asText(info?.version);
  const host = asText(info?.host) ?? asText(answer.server);
  if (version === undefined && host === undefined) return undefined;
  return { ...(version === undefined ? {} : { version }), ...(host === undefined ? {} : { host }) };
}

/** MongoDB names no engine; a look-alike is known by what it answers otherwise. */
function engineOf(reading: Reading, answer: EjsonDocument): PlanEngine {
  const { engines } = reading;
  const planner = asDocument(answer.queryPlanner);
  if (asDocument(answer.serverInfo)?.ferretdb !== undefined || engines.has('ferretdb')) return 'ferretdb';
  if (engines.has('cosmos') || answer.estimatedDelayFromRateLimitingInMilliseconds !== undefined) return 'cosmos';
  const amazon = asDocument(answer.executionStats)?.planningTimeMillis !== undefined;
  if (answer.explainCommandPlanningTimeMillis !== undefined || typeof answer.explainVersion === 'number' || amazon)
    return 'documentdb';
  if (engines.has('legacy')) return 'legacy';
  const name = asText(asDocument(planner?.winningPlan)?.stage);
  if (name?.startsWith('EXPRESS_')) return 'express';
  if (engines.has('sbe')) return runsClassicStages(answer, engines) ? 'mixed' : 'sbe';
  return engines.has('classic') || Array.isArray(answer.stages) ? 'classic' : 'unknown';
}

function runsClassicStages(answer: EjsonDocument, engines: ReadonlySet<PlanEngine>): boolean {
  const shards = asDocument(answer.shards);
  const bodies = shards ? Object.values(shards) : [answer];
  const stages = bodies.some((body) => Array.isArray(asDocument(body)?.stages));
  // Merging is always done by the classic engine, on the router or a shard; only what ran below counts.
  return (
    stages || (engines.has('classic') && asDocument(asDocument(answer.queryPlanner)?.winningPlan)?.shards === undefined)
  );
}

function noPlan(answer: EjsonDocument): HeatlensError {
  const message = asText(answer.errmsg) ?? asText(asDocument(answer.error)?.message);
  if (message === undefined)
    return noExplain(t('It has none of queryPlanner, executionStats, stages, shards, execStats or cursor.'));
  const code = asNumber(answer.code) ?? asNumber(asDocument(answer.error)?.code);
  return explainRefused(message, code);
}
