import { asCount, isDocument } from '../../../ejson/documents';
import type { Stage, StageMark } from '../../plan';
import { unboundedFields } from './bounds';
import type { Draft } from './draft';
import { roleOf } from './stageRoles';

/** What can be told of a stage without a word of MongoDB. */
export type StageFacts = Pick<
  Stage,
  | 'role'
  | 'unique'
  | 'unbounded'
  | 'sortBy'
  | 'limit'
  | 'skip'
  | 'memory'
  | 'tempBytes'
  | 'marks'
  | 'relation'
  | 'internal'
>;

/** Fields of a stage that have a place of their own in these facts; a view need not list them again. */
export const FIELDS_TOLD = ['sortPattern', 'limitAmount', 'skipAmount', 'branch', 'pipelineOf'] as const;

/** Gives every stage of some trees its facts. */
export function addStageFacts(roots: readonly Draft[]): void {
  const open = [...roots];
  for (let draft = open.pop(); draft; draft = open.pop()) {
    Object.assign(draft, stageFacts(draft));
    for (const child of draft.children) open.push(child);
  }
}

/** By its name and by the fields that servers of all versions have for the same thing. */
export function stageFacts(stage: Omit<Stage, 'role'>): StageFacts {
  const { name, fields } = stage;
  const role = roleOf(name);
  const facts: { -readonly [K in keyof StageFacts]: StageFacts[K] } = { role };
  if (fields.isUnique === true) facts.unique = true;
  const unbounded = stage.bounds && unboundedFields(stage);
  if (unbounded?.length) facts.unbounded = unbounded;
  const sortBy = sortKeyOf(fields);
  if (sortBy !== undefined) facts.sortBy = sortBy;
  const limit = plainNumber(fields.limitAmount) ?? (role === 'sort' ? plainNumber(fields.limit) : undefined);
  if (limit !== undefined) facts.limit = limit;
  const skip = plainNumber(fields.skipAmount);
  if (skip !== undefined) facts.skip = skip;
  const memory = memoryOf(fields);
  if (memory) facts.memory = memory;
  const tempBytes = firstNumber(fields, SPILLED);
  if (tempBytes !== undefined) facts.tempBytes = tempBytes;
  const marks = marksOf(stage);
  if (marks.length) facts.marks = marks;
  const relation = relationOf(stage);
  if (relation) facts.relation = relation;
  // The branches of a `$facet` begin with what they are fed.
  if (name.startsWith('$') && !stage.children.length) facts.internal = true;
  return facts;
}

function plainNumber(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

function firstNumber(fields: Stage['fields'], names: readonly string[]): number | undefined {
  for (const name of names) {
    const number = asCount(fields[name]);
    if (number !== undefined) return number;
  }
  return undefined;
}

function relationOf({ fields, target }: Omit<Stage, 'role'>): Stage['relation'] {
  if (typeof fields.branch === 'string') return { kind: 'branch', name: fields.branch };
  if (typeof fields.pipelineOf !== 'string') return undefined;
  // A union adds what its pipeline delivers to what it gets; a join only looks there.
  const kind = fields.pipelineOf === '$unionWith' ? 'union' : 'subplan';
  return { kind, name: target ?? fields.pipelineOf };
}

function marksOf({ name, fields }: Omit<Stage, 'role'>): StageMark[] {
  const marks: StageMark[] = [];
  if (fields.failed === true) marks.push('failed');
  if (fields.isMultiKey === true) marks.push('multikey');
  if (name === 'PROJECTION_COVERED') marks.push('covered');
  if (fields.isPartial === true || fields.isSparse === true) marks.push('partial');
  return marks;
}

const USED_MEMORY = [
  'peakTrackedMemBytes',
  'maxUsedMemBytes',
  'totalDataSizeSorted',
  'totalDataSizeSortedBytesEstimate',
  'memUsage',
  'memUsed',
] as const;
const MEMORY_LIMIT = ['memLimit', 'maxMemoryUsageBytes'] as const;
const SPILLED = ['spilledDataStorageSize', 'spilledBytes', 'numBytesSpilledEstimate', 'spillFileSizeBytes'] as const;

/** Bytes of memory that a stage took at most, and may take. */
function memoryOf(fields: Stage['fields']): Stage['memory'] {
  const accumulators = isDocument(fields.maxAccumulatorMemoryUsageBytes)
    ? Object.values(fields.maxAccumulatorMemoryUsageBytes).map(asCount)
    : [];
  const grouped = accumulators.length ? accumulators.reduce<number>((sum, bytes) => sum + (bytes ?? 0), 0) : undefined;
  const used = firstNumber(fields, USED_MEMORY) ?? grouped;
  const limit = firstNumber(fields, MEMORY_LIMIT);
  if (used === undefined && limit === undefined) return undefined;
  return { ...(used === undefined ? {} : { used }), ...(limit === undefined ? {} : { limit }) };
}

/** Fields and directions, however the stage tells them. */
function sortKeyOf(fields: Stage['fields']): unknown {
  return fields.sortPattern ?? (isDocument(fields.$sort) ? (fields.$sort.sortKey ?? fields.$sort) : undefined);
}
