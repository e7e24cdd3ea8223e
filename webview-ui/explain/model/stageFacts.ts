import {
  firstUnbounded,
  isNonEmpty,
  isUnbounded,
  leadingField,
} from '../../../src/core/database/mongo/findings/context';
import type { Stage } from '../../../src/core/database/plan';
import { asNumber, isDocument } from '../../../src/core/ejson/documents';

/** What flows into a stage and out of it; absent where the server does not tell. */
export interface Flow {
  readonly into?: number;
  readonly out?: number;
}

/** Into a scan flow the keys or documents that it examines, into anything else what the stages below it return. */
export function flowOf(stage: Stage): Flow {
  const out = stage.returned;
  const inputs = stage.children.filter(({ fields }) => fields.pipelineOf === undefined || stage.name === '$unionWith');
  // The branches of a `$facet` take what its input delivers.
  const fed = stage.name === '$facet' && inputs.length > 1 ? inputs.slice(0, 1) : inputs;
  if (!fed.length)
    return {
      into: stage.name.includes('COLLSCAN') ? stage.docsExamined : (stage.keysExamined ?? stage.docsExamined),
      out,
    };
  let into: number | undefined = 0;
  for (const { returned } of fed) into = into === undefined || returned === undefined ? undefined : into + returned;
  return { into, out };
}

export type BadgeKind =
  'spilled' | 'memory' | 'sortInMemory' | 'multikey' | 'fullIndex' | 'covered' | 'partial' | 'failed';

export interface Badge {
  readonly kind: BadgeKind;
  /** Worth a second look. */
  readonly bad: boolean;
  /** Bytes, of memory and of what was spilled. */
  readonly bytes?: number;
  readonly limit?: number;
}

export function badgesOf(stage: Stage): Badge[] {
  const { fields, name } = stage;
  const badges: Badge[] = [];
  const memory = memoryOf(stage);
  if (fields.failed === true) badges.push({ kind: 'failed', bad: true });
  if (stage.spilled) badges.push({ kind: 'spilled', bad: true, ...bytesOf(spilledBytes(stage)) });
  if (name === 'SORT' || name === '$sort' || name === 'sort')
    badges.push({ kind: 'sortInMemory', bad: !fields.limitAmount && !fields.limit });
  if (memory.used !== undefined && memory.used > 0) {
    const near = memory.limit !== undefined && memory.used > memory.limit / 2;
    badges.push({
      kind: 'memory',
      bad: near,
      bytes: memory.used,
      ...(memory.limit === undefined ? {} : { limit: memory.limit }),
    });
  }
  if (fields.isMultiKey === true) badges.push({ kind: 'multikey', bad: false });
  const leading = leadingField(stage.keyPattern);
  if (leading !== undefined && isUnbounded(stage.bounds?.[leading])) badges.push({ kind: 'fullIndex', bad: true });
  if (name === 'PROJECTION_COVERED') badges.push({ kind: 'covered', bad: false });
  if (fields.isPartial === true || fields.isSparse === true) badges.push({ kind: 'partial', bad: false });
  return badges;
}

function bytesOf(bytes: number | undefined): { bytes?: number } {
  return bytes === undefined ? {} : { bytes };
}

const USED_MEMORY = [
  'peakTrackedMemBytes',
  'maxUsedMemBytes',
  'totalDataSizeSorted',
  'totalDataSizeSortedBytesEstimate',
  'memUsage',
  'memUsed',
] as const;
const SPILLED = ['spilledDataStorageSize', 'spilledBytes', 'numBytesSpilledEstimate', 'spillFileSizeBytes'] as const;

/** Bytes of memory that a stage took at most, and may take. */
export function memoryOf({ fields }: Stage): { readonly used?: number; readonly limit?: number } {
  const told = USED_MEMORY.map((name) => asNumber(fields[name])).find((bytes) => bytes !== undefined);
  const accumulators = isDocument(fields.maxAccumulatorMemoryUsageBytes)
    ? Object.values(fields.maxAccumulatorMemoryUsageBytes).map(asNumber)
    : [];
  const grouped = accumulators.length ? accumulators.reduce<number>((sum, bytes) => sum + (bytes ?? 0), 0) : undefined;
  const used = told ?? grouped;
  const limit = asNumber(fields.memLimit) ?? asNumber(fields.maxMemoryUsageBytes);
  return { ...(used === undefined ? {} : { used }), ...(limit === undefined ? {} : { limit }) };
}

export function spilledBytes({ fields }: Stage): number | undefined {
  return SPILLED.map((name) => asNumber(fields[name])).find((bytes) => bytes !== undefined);
}

/** Fields that the details show in a place of their own. */
export const SORT_FIELDS = ['sortPattern', 'limitAmount', 'skipAmount'] as const;

/** Fields and directions that a stage sorts by, however it tells them. */
export function sortKeyOf({ fields }: Stage): unknown {
  return fields.sortPattern ?? (isDocument(fields.$sort) ? (fields.$sort.sortKey ?? fields.$sort) : undefined);
}

/** One field of the index with the intervals that are read; `whole` lets every key through. */
export interface BoundRow {
  readonly field: string;
  readonly direction: string;
  readonly intervals: readonly string[];
  readonly whole: boolean;
  /** A field after the first unbounded one narrows nothing by itself. */
  readonly afterWhole: boolean;
}

export function boundRows(stage: Stage): BoundRow[] {
  const { bounds, keyPattern } = stage;
  const first = firstUnbounded(stage);
  const fields = Object.keys(bounds ?? keyPattern ?? {});
  const at = first === null ? Infinity : fields.indexOf(first);
  return fields.map((field, index) => ({
    field,
    direction: directionText(keyPattern?.[field]),
    intervals: bounds?.[field] ?? [],
    whole: isUnbounded(bounds?.[field]),
    afterWhole: index > at,
  }));
}

function directionText(value: unknown): string {
  const number = asNumber(value);
  if (number === 1) return '↑';
  if (number === -1) return '↓';
  return typeof value === 'string' ? value : '';
}

export function hasFilter(stage: Stage): boolean {
  return isNonEmpty(stage.filter);
}
