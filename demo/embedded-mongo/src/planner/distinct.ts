import type { Collection } from '../storage/collection';
import type { Index } from '../storage/collectionIndex';
import { sameCollation } from '../values/collation';
import { fetch } from './combine';
import { ALL, isPoint } from './intervals';
import type { PlanNode } from './nodes';
import { finish, hasFilter, needsSubplan, planIndexes, planQuery, usableIndexes } from './planner';
import type { Query } from './query';
import { oneStretch, turnBounds } from '../execution/bounds';

/** What the indexes that hold a field can do for its different values. */
export interface DistinctPlan {
  /** A scan that reads one key per value. */
  readonly plan?: PlanNode;
  /** Whether an index holds the field, and whether one that does finds the documents of the query. */
  readonly held: boolean;
  readonly finds: boolean;
}

/** Plans to read the different values of a field. Strict: an array is one value, and a missing field is one too. */
export function planDistinct(query: Query, collection: Collection, field: string, strict: boolean): DistinctPlan {
  const indexes = usableIndexes(collection, query).filter((index) => {
    const position = index.fields.indexOf(field);
    return index.kind !== 'text' && position >= 0 && !(strict && (index.sparse || index.isMultikeyField(position)));
  });
  if (indexes.length === 0) return { held: false, finds: false };
  if (!hasFilter(query.match) && !query.sort) {
    const simple = simpleDistinct(query, indexes, field);
    if (simple) return { plan: simple, held: true, finds: true };
  }
  const plans = planIndexes(query, collection, indexes);
  for (const { plan } of plans) {
    const converted = toDistinct(plan, field, strict);
    if (converted) return { plan: converted, held: true, finds: true };
  }
  return { held: true, finds: plans.length > 0 };
}

/** A scan of the whole index with the fewest fields that begins with the field. */
function simpleDistinct(query: Query, indexes: readonly Index[], field: string): PlanNode | undefined {
  const fits = indexes.filter(
    (index) =>
      index.kind === 'btree' &&
      index.fields[0] === field &&
      !index.partial &&
      sameCollation(index.collation, query.collation),
  );
  const best = fits.reduce<Index | undefined>((a, b) => (a && a.fields.length <= b.fields.length ? a : b), undefined);
  if (!best) return undefined;
  const scan: PlanNode = {
    stage: 'DISTINCT_SCAN',
    children: [],
    index: best,
    direction: 1,
    bounds: best.fields.map(() => [ALL]),
    distinctFields: 1,
  };
  return finish(best.collation ? fetch(scan) : scan, query);
}

/** The plan with its scan reading one key per value; undefined when keys or documents must be checked, or values would be lost. */
function toDistinct(plan: PlanNode, field: string, strict: boolean): PlanNode | undefined {
  const isProjection = plan.stage.startsWith('PROJECTION');
  if (plan.stage !== 'FETCH' && !isProjection) return undefined;
  const fetched = plan.stage === 'FETCH' ? plan : plan.children[0].stage === 'FETCH' ? plan.children[0] : undefined;
  const [scan] = (fetched ?? plan).children;
  if (fetched?.filter || scan.stage !== 'IXSCAN' || scan.filter || scan.range || !scan.index || !scan.bounds)
    return undefined;
  const position = scan.index.fields.indexOf(field);
  if (position < 0 || scan.index.isMultikeyField(position)) return undefined;
  // Where an earlier field has several values, a value of this one may come several times.
  if (strict && !scan.bounds.slice(0, position).every((list) => list.length === 1 && isPoint(list[0])))
    return undefined;
  const distinct: PlanNode = { ...scan, stage: 'DISTINCT_SCAN', distinctFields: position + 1 };
  return { ...(fetched ?? plan), children: [distinct] };
}

/** Turns a plan that only has to count into a scan of keys; undefined when documents or several stretches must be read. */
export function toCountScan(plan: PlanNode): PlanNode | undefined {
  const scan = plan.stage === 'FETCH' && !plan.filter ? plan.children[0] : plan;
  if (scan.stage !== 'IXSCAN' || scan.filter || scan.range || !scan.index || !scan.bounds) return undefined;
  if (!oneStretch(turnBounds(scan.index, scan.bounds, 1))) return undefined;
  return { stage: 'COUNT_SCAN', children: [], index: scan.index, bounds: scan.bounds, direction: 1 };
}

/** The first plan of a query that can be counted by its keys. */
export function planCount(query: Query, collection: Collection): PlanNode | undefined {
  if ((!hasFilter(query.match) && query.hint === undefined) || needsSubplan(query)) return undefined;
  for (const plan of planQuery({ ...query, count: true, limit: undefined, skip: undefined }, collection)) {
    const scan = toCountScan(plan);
    if (scan) return scan;
  }
  return undefined;
}
