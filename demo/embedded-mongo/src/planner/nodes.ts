import type { Match } from '../query/match';
import type { Projection } from '../query/projection';
import type { Sort } from '../query/sort';
import type { Index } from '../storage/collectionIndex';
import type { SeekPoint } from '../storage/tree';
import type { Interval } from './intervals';

export type Direction = 1 | -1;

/** One stage of a plan before it runs. Fields hold for the stages they are named after. */
export interface PlanNode {
  readonly stage: string;
  readonly children: readonly PlanNode[];
  readonly filter?: Match;
  readonly index?: Index;
  /** Of a scan. Bounds are ascending by value; the scan turns them by the directions of the index and its own. */
  readonly direction?: Direction;
  readonly bounds?: readonly (readonly Interval[])[];
  /** Of a scan that `min` and `max` limit: where it begins and ends in the order of the index. */
  readonly range?: { readonly start: SeekPoint; readonly end: SeekPoint };
  readonly sort?: Sort;
  /** Of SORT (top-k), LIMIT and MULTI_ITERATOR. */
  readonly limit?: number;
  /** Of SORT: bytes it may hold without going to disk. */
  readonly memory?: number;
  readonly skip?: number;
  readonly projection?: Projection;
  /** The `_id` of IDHACK. */
  readonly id?: unknown;
  /** Of DISTINCT_SCAN: how many leading fields make a value distinct. */
  readonly distinctFields?: number;
  /** Of TEXT stages: the stems searched, and those that must not occur. */
  readonly terms?: readonly string[];
  readonly phrases?: readonly string[];
  readonly term?: string;
  /** Of GEO_NEAR stages. */
  readonly near?: Match;
  /** Of UPDATE and DELETE: whether the changed document is returned. */
  readonly returns?: boolean;
}

export function hasStage(node: PlanNode, stage: string): boolean {
  return node.stage === stage || node.children.some((child) => hasStage(child, stage));
}

/** Whether the results of a stage are whole documents. */
export function isFetched(node: PlanNode): boolean {
  switch (node.stage) {
    case 'IXSCAN':
    case 'DISTINCT_SCAN':
    case 'COUNT_SCAN':
      return false;
    case 'COLLSCAN':
    case 'FETCH':
    case 'IDHACK':
    case 'MULTI_ITERATOR':
    case 'EOF':
    case 'TEXT':
    case 'GEO_NEAR_2DSPHERE':
      return true;
    default:
      return node.children.every(isFetched);
  }
}

/** Whether a field can be read from the results of a stage without the document. */
export function coversField(node: PlanNode, field: string): boolean {
  if (node.stage === 'IXSCAN' || node.stage === 'DISTINCT_SCAN') {
    const position = node.index?.fields.indexOf(field) ?? -1;
    if (!node.index || position < 0 || node.index.kind !== 'btree' || node.index.collation) return false;
    // One value after another is what a distinct scan is for, also of arrays.
    return node.stage === 'DISTINCT_SCAN' || !node.index.isMultikeyField(position);
  }
  return isFetched(node) || (node.children.length > 0 && node.children.every((child) => coversField(child, field)));
}
