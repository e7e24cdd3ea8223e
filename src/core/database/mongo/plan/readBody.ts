import { addProblem, type Body, type Draft, newDraft, type Place, type Reading } from './draft';
import { readPipeline } from './readPipeline';
import { noteFailure, readRejected, readSolution, withoutPlans } from './readSolution';
import { asDocument, asCount, asText, type EjsonDocument } from '../../../ejson/documents';

const NOTHING: Body = { top: null, fields: {} };

/** The part of an answer that holds a plan: of the whole command, of a `$cursor`, or of one shard of an aggregate. */
export function readBody(reading: Reading, body: EjsonDocument, place: Place): Body {
  if (Array.isArray(body.stages)) return readStages(reading, body.stages, place);
  const shards = asDocument(body.shards);
  if (shards) return readShardedPipeline(reading, body, shards, place);
  return readFind(reading, body, place);
}

function readFind(reading: Reading, body: EjsonDocument, place: Place): Body {
  const planner = asDocument(body.queryPlanner);
  const stats = asDocument(body.executionStats);
  if (!planner && !stats) return NOTHING;
  const planned = planner && (asDocument(planner.winningPlan) ?? planner);
  const top = readSolution(reading, { planned, executed: asDocument(stats?.executionStages) }, place);
  const namespace = asText(planner?.namespace) ?? firstShardNamespace(planned);
  if (namespace !== undefined) reading.namespace ??= namespace;
  if (planner) readRejected(reading, planner, stats, place);
  const fields: Record<string, unknown> = {};
  if (planner) {
    const facts = withoutPlans(planner);
    fields.planner = facts;
    reading.planner ??= facts;
  }
  if (!stats) return { top, fields };
  fields.execution = withoutPlans(stats);
  reading.executed = true;
  noteFailure(reading, stats);
  count(reading, 'entriesRead', asCount(stats.totalKeysExamined));
  count(reading, 'rowsRead', asCount(stats.totalDocsExamined));
  const millis = asCount(stats.executionTimeMillis);
  if (millis !== undefined) reading.millis = Math.max(reading.millis ?? 0, millis);
  return { top, fields, returned: asCount(stats.nReturned), millis };
}

function firstShardNamespace(planned: EjsonDocument | undefined): string | undefined {
  return Array.isArray(planned?.shards) ? asText(asDocument(planned.shards[0])?.namespace) : undefined;
}

/** Of several executions (shards, sub-pipelines) the work adds up; the time does not, they run side by side. */
function count(reading: Reading, counter: 'entriesRead' | 'rowsRead', value: number | undefined): void {
  if (value !== undefined) reading[counter] = (reading[counter] ?? 0) + value;
}

function readStages(reading: Reading, stages: readonly unknown[], place: Place): Body {
  const top = readPipeline(reading, stages, place);
  if (!top) addProblem(reading, 'The pipeline has no stages.');
  if (top?.millis !== undefined) reading.millis = Math.max(reading.millis ?? 0, top.millis);
  return { top, returned: top?.returned, millis: top?.millis, fields: {} };
}

/** Each shard ran its part; what merges them was only planned, so it has no counters. */
function readShardedPipeline(reading: Reading, body: EjsonDocument, shards: EjsonDocument, place: Place): Body {
  const parts: Draft[] = [];
  let returned: number | undefined = 0;
  let millis: number | undefined;
  for (const shard in shards) {
    const entry = asDocument(shards[shard]);
    const part = entry ? readBody(reading, withoutShards(entry), { ...place, shard }) : NOTHING;
    if (!entry || !part.top) {
      addProblem(reading, `Shard ${shard} tells no plan.`);
      continue;
    }
    part.top.fields.shardPlan = { ...withoutPlans({ ...entry, stages: undefined }), ...part.fields };
    parts.push(part.top);
    returned = returned === undefined || part.returned === undefined ? undefined : returned + part.returned;
    if (part.millis !== undefined) millis = Math.max(millis ?? 0, part.millis);
  }
  const split = asDocument(body.splitPipeline);
  const merger = readPipeline(reading, split?.mergerPart, place);
  const fields: Record<string, unknown> = {};
  if (!parts.length) return { top: merger, fields };
  const counters = { ...(returned === undefined ? {} : { returned }), ...(millis === undefined ? {} : { millis }) };
  if (!merger && parts.length === 1) return { top: parts[0], ...counters, fields };
  const first = merger ? bottomOf(merger) : newDraft('SHARD_MERGE', place);
  for (const part of parts) first.children.push(part);
  return { top: merger ?? first, ...counters, fields };
}

/** A shard's answer has no shards below it; one that says so would be read without end. */
function withoutShards(entry: EjsonDocument): EjsonDocument {
  return Array.isArray(entry.shards) || asDocument(entry.shards) ? { ...entry, shards: undefined } : entry;
}

/** The stage of the merging part that takes what the shards deliver; a `$facet` or `$unionWith` there has its own below. */
function bottomOf(merger: Draft): Draft {
  let bottom = merger;
  while (bottom.children.length) bottom = bottom.children[0];
  return bottom;
}
