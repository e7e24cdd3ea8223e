import type { PlanNode } from '../planner/nodes';
import { CollectionScan, CountScan, DistinctScan, IdLookup, IndexScan, RandomScan } from './scans';
import { GeoNear, TextMatch, TextOr } from './search';
import { SortMerge, SortStage } from './sorting';
import type { Context, Stage } from './stage';
import {
  AndSorted,
  Count,
  Eof,
  FastCount,
  Fetch,
  Limit,
  Or,
  Pass,
  Project,
  ReturnKey,
  Skip,
  WouldWrite,
} from './stages';

const STAGES: Readonly<Record<string, new (node: PlanNode, children: readonly Stage[], context: Context) => Stage>> = {
  COLLSCAN: CollectionScan,
  IXSCAN: IndexScan,
  COUNT_SCAN: CountScan,
  DISTINCT_SCAN: DistinctScan,
  IDHACK: IdLookup,
  FETCH: Fetch,
  SORT: SortStage,
  SORT_MERGE: SortMerge,
  OR: Or,
  AND_SORTED: AndSorted,
  LIMIT: Limit,
  SKIP: Skip,
  PROJECTION_SIMPLE: Project,
  PROJECTION_DEFAULT: Project,
  PROJECTION_COVERED: Project,
  RETURN_KEY: ReturnKey,
  COUNT: Count,
  RECORD_STORE_FAST_COUNT: FastCount,
  UPDATE: WouldWrite,
  DELETE: WouldWrite,
  SUBPLAN: Pass,
  TEXT: Pass,
  TEXT_MATCH: TextMatch,
  TEXT_OR: TextOr,
  GEO_NEAR_2DSPHERE: GeoNear,
  GEO_NEAR_2D: GeoNear,
  EOF: Eof,
  MULTI_ITERATOR: RandomScan,
};

/** The running stages of a plan. */
export function build(node: PlanNode, context: Context): Stage {
  return new STAGES[node.stage](
    node,
    node.children.map((child) => build(child, context)),
    context,
  );
}
