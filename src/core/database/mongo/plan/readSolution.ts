import { addProblem, type Draft, newDraft, type Place, type Reading, stageName } from './draft';
import { fillStage, nodesBelow } from './fillStage';
import { groupSlotStages, joinSlotStages, type SlotGroups } from './slotStages';
import {
  asDocument,
  asNumber,
  asText,
  documentsOf,
  plainNumbers,
  type EjsonDocument,
  setOwn,
} from '../../../ejson/documents';

/** The two halves that the server tells about one plan: what was planned, and what happened. Either may be missing. */
export interface Solution {
  readonly planned?: EjsonDocument;
  readonly executed?: EjsonDocument;
}

const QUERY_PLAN = new Set(['queryPlan', 'slotBasedPlan', 'shards']);

/** The tree of one plan. The root is there at once, the rest when the reading is finished. Null when neither half is a plan. */
export function readSolution(reading: Reading, { planned, executed }: Solution, place: Place): Draft | null {
  const queryPlan = asDocument(planned?.queryPlan) ?? postgresPlan(planned);
  if (planned && queryPlan) return readSlotBased(reading, { planned, queryPlan, executed }, place);
  return readClassic(reading, { planned, executed }, place);
}

function readClassic(reading: Reading, { planned, executed }: Solution, place: Place): Draft | null {
  const node = [executed, planned].find((half) => half && stageName(half) !== undefined);
  const name = node && stageName(node);
  if (!node || name === undefined) return null;
  const draft = newDraft(name || 'UNKNOWN', place);
  // Without its plan, slot-based stages are shown as they are.
  if (!place.rejected) reading.engines.add(node.planNodeId === undefined ? 'classic' : 'sbe');
  reading.queue.push(() => fillClassic(reading, draft, node, node === planned ? undefined : planned, place));
  return draft;
}

/** FerretDB 1 answers with PostgreSQL's plan. */
function postgresPlan(planned: EjsonDocument | undefined): EjsonDocument | undefined {
  const plan = asDocument(planned?.Plan);
  return plan && stageName(plan) !== undefined ? plan : undefined;
}

function fillClassic(
  reading: Reading,
  draft: Draft,
  node: EjsonDocument,
  planned: EjsonDocument | undefined,
  place: Place,
): void {
  const below = nodesBelow(node);
  const shards = documentsOf(node.shards);
  fillStage(draft, node, below.keys);
  const plannedBelow = planned ? nodesBelow(planned) : undefined;
  const alike = planned !== undefined && stageName(planned) === stageName(node);
  if (planned && plannedBelow) {
    if (alike) fillStage(draft, planned, plannedBelow.keys, node);
    // Another stage was planned here than ran; nothing of it is to be lost.
    else draft.fields.planned = plainNumbers(planned);
  }
  const matches = alike && plannedBelow?.nodes.length === below.nodes.length;
  if (alike && !matches) draft.fields.planned = plainNumbers(planned);
  for (let index = 0; index < below.nodes.length; index++) {
    const child = below.nodes[index];
    const name = stageName(child);
    // Entries of old profilers have inner stages whose every field is empty.
    if (name === '' && !nodesBelow(child).nodes.length) continue;
    const inner = newDraft(name || 'UNKNOWN', place);
    draft.children.push(inner);
    const counterpart = matches ? plannedBelow.nodes[index] : undefined;
    reading.queue.push(() => fillClassic(reading, inner, child, counterpart, place));
  }
  if (shards.length) readShards(reading, draft, shards, alike ? documentsOf(planned.shards) : [], place);
}

/** The shards below SHARD_MERGE and its like: each has a plan of its own. */
function readShards(
  reading: Reading,
  draft: Draft,
  shards: readonly EjsonDocument[],
  planned: readonly EjsonDocument[],
  place: Place,
): void {
  const plannedByName = new Map(planned.map((shard) => [asText(shard.shardName), shard]));
  for (const [index, entry] of shards.entries()) {
    const shard = asText(entry.shardName) ?? `#${index + 1}`;
    const plan = asText(entry.shardName) === undefined ? planned[index] : plannedByName.get(shard);
    const executed = asDocument(entry.executionStages);
    const winner = asDocument(plan?.winningPlan) ?? asDocument(entry.winningPlan);
    const inner = readSolution(reading, { planned: winner, executed }, { ...place, shard });
    if (!inner) {
      addProblem(reading, `Shard ${shard} tells no plan.`);
      continue;
    }
    draft.children.push(inner);
    inner.fields.shardPlan = withoutPlans({ ...plan, ...entry });
    noteFailure(reading, entry);
    readRejected(reading, plan ?? entry, entry, { ...place, shard });
  }
}

const PLANS = new Set([
  'winningPlan',
  'rejectedPlans',
  'executionStages',
  'allPlansExecution',
  'queryPlanner',
  'executionStats',
  'shards',
]);

/** What a planner or an execution says besides its plans. */
export function withoutPlans(document: EjsonDocument): Record<string, unknown> {
  const rest: Record<string, unknown> = {};
  for (const key in document) if (!PLANS.has(key)) setOwn(rest, key, plainNumbers(document[key]));
  return rest;
}

interface SlotBased extends Solution {
  readonly planned: EjsonDocument;
  readonly queryPlan: EjsonDocument;
}

function readSlotBased(reading: Reading, { planned, queryPlan, executed }: SlotBased, place: Place): Draft | null {
  const groups = executed ? groupSlotStages(executed) : null;
  // The plan is told in the new way and was run by the classic engine.
  if (executed && !groups && stageName(executed) !== undefined)
    return readClassic(reading, { planned: queryPlan, executed }, place);
  const draft = newDraft(stageName(queryPlan) || 'UNKNOWN', place);
  if (!place.rejected) reading.engines.add(planned.Plan === queryPlan ? 'ferretdb' : 'sbe');
  for (const key in planned)
    if (!QUERY_PLAN.has(key) && key !== 'Plan') setOwn(draft.fields, key, plainNumbers(planned[key]));
  if (planned.slotBasedPlan !== undefined) draft.fields.slotBasedPlan = planned.slotBasedPlan;
  let pending = 1;
  const fill = (target: Draft, node: EjsonDocument): void => {
    const below = nodesBelow(node);
    fillStage(target, node, below.keys);
    const id = asNumber(node.planNodeId);
    if (groups && id !== undefined) joinSlotStages(target, id, groups);
    for (const child of below.nodes) {
      const inner = newDraft(stageName(child) || 'UNKNOWN', place);
      target.children.push(inner);
      pending++;
      reading.queue.push(() => fill(inner, child));
    }
    if (--pending === 0) joinRest(draft, groups);
  };
  reading.queue.push(() => fill(draft, queryPlan));
  return draft;
}

/** Slot-based stages of plan nodes that the plan does not show. */
function joinRest(root: Draft, groups: SlotGroups | null): void {
  if (!groups?.size) return;
  const own = (root.fields.slotStages as EjsonDocument[] | undefined) ?? [];
  root.fields.slotStages = [...own, ...[...groups.values()].flatMap(({ stages }) => stages)];
}

/** Plans that were not taken, with what they did in the trial where the answer has it. */
export function readRejected(
  reading: Reading,
  planner: EjsonDocument,
  stats: EjsonDocument | undefined,
  place: Place,
): void {
  const plans = documentsOf(planner.rejectedPlans);
  const trials = documentsOf(stats?.allPlansExecution);
  const taken = takenTrial(trials, plans.length);
  const winnerTrial = taken && trialFields(taken);
  if (winnerTrial) reading.facts.winnerTrial ??= winnerTrial;
  const others = trials.filter((trial) => trial !== taken && trial.executionStages !== undefined);
  for (const [index, planned] of plans.entries()) {
    const trial = others.length === plans.length ? others[index] : undefined;
    const draft = readSolution(
      reading,
      { planned, executed: asDocument(trial?.executionStages) },
      { ...place, rejected: true },
    );
    if (!draft) continue;
    if (trial) draft.fields.trial = trialFields(trial);
    if (winnerTrial) draft.fields.winnerTrial = winnerTrial;
    reading.rejected.push(draft);
  }
}

/** Of the whole plan, with what its top stage says about the steps of the trial. */
function trialFields(trial: EjsonDocument): Record<string, unknown> {
  const fields = withoutPlans(trial);
  const top = asDocument(trial.executionStages);
  for (const key of ['works', 'advanced', 'isEOF'])
    if (top && top[key] !== undefined) fields[key] ??= plainNumbers(top[key]);
  return fields;
}

/** The server lists the winner first, and only when there was a trial. */
function takenTrial(trials: readonly EjsonDocument[], rejected: number): EjsonDocument | undefined {
  return trials.length === rejected + 1 ? trials[0] : undefined;
}

/** Error of a server whose `maxTimeMS` is over. */
const MAX_TIME_EXPIRED = 50;

export function noteFailure(reading: Reading, stats: EjsonDocument): void {
  if (stats.executionSuccess !== false) return;
  const code = asNumber(stats.errorCode);
  reading.failure ??= {
    message: asText(stats.errorMessage) ?? 'The server does not say why.',
    ...(code === undefined ? {} : { code }),
    ...(code === MAX_TIME_EXPIRED ? { timedOut: true } : {}),
  };
}
