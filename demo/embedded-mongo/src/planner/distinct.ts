import type { Collection } from '../storage/collection';
import type { Index } from '../storage/collectionIndex';
import { ALL } from './intervals';
import type { PlanNode } from './nodes';
import { finish, planQuery, usableIndexes } from './planner';
import type { Query } from './query';
import { scanOrder } from './order';
import { oneStretch, turnBounds } from '../execution/bounds';

function hasCondition({ match }: Query): boolean {
  return !(match.kind === 'and' && match.children.length === 0);
}

/** A scan that reads one key per value of a field; undefined when no index can give it. Strict: a document has one value. */
export function planDistinct(query: Query, collection: Collection, field: string, strict: boolean): PlanNode | undefined {
  const fits = (index: Index) => {
    const position = index.fields.indexOf(field);
    return index.kind === 'btree' && !index.collation && position >= 0 && !(strict && index.isMultikeyField(position));
  };
  if (!hasCondition(query)) {
    const indexes = usableIndexes(collection, query).filter((index) => {
      if (!fits(index) || index.fields[0] !== field || index.sparse || index.partial) return false;
      return !query.sort || scanOrder(index, index.fields.map(() => [ALL]), query.sort, query.collation) !== undefined;
    });
    const best = indexes.reduce<Index | undefined>((a, b) => (a && a.fields.length <= b.fields.length ? a : b), undefined);
    if (!best) return undefined;
    const bounds = best.fields.map(() => [ALL]);
    const direction = query.sort ? scanOrder(best, bounds, query.sort, query.collation) : 1;
    const scan: PlanNode = { stage: 'DISTINCT_SCAN', children: [], index: best, direction: direction ?? 1, bounds, distinctFields: 1 };
    return finish(scan, { ...query, sort: undefined });
  }
  for (const plan of planQuery(query, collection)) {
    const leaf = leafOf(plan);
    if (leaf?.stage !== 'IXSCAN' || !leaf.index || !fits(leaf.index)) continue;
    const converted = toDistinct(plan, field);
    if (converted) return converted;
  }
  return undefined;
}

function leafOf(plan: PlanNode): PlanNode | undefined {
  let node: PlanNode | undefined = plan;
  while (node && node.children.length > 0) node = node.children.length === 1 ? node.children[0] : undefined;
  return node;
}

function toDistinct(plan: PlanNode, field: string): PlanNode | undefined {
  if (plan.filter) return undefined;
  if (plan.stage === 'IXSCAN') {
    const position = plan.index?.fields.indexOf(field) ?? -1;
    return position < 0 ? undefined : { ...plan, stage: 'DISTINCT_SCAN', distinctFields: position + 1 };
  }
  if (plan.stage !== 'FETCH' && !plan.stage.startsWith('PROJECTION')) return undefined;
  const child = toDistinct(plan.children[0], field);
  return child && { ...plan, children: [child] };
}

/** Turns a plan that only has to count into a scan of keys; undefined when documents or several stretches must be read. */
export function toCountScan(plan: PlanNode): PlanNode | undefined {
  const scan = plan.stage === 'FETCH' && !plan.filter ? plan.children[0] : plan;
  if (scan.stage !== 'IXSCAN' || scan.filter || !scan.index || !scan.bounds || scan.index.kind !== 'btree') return undefined;
  if (!oneStretch(turnBounds(scan.index, scan.bounds, 1))) return undefined;
  return { stage: 'COUNT_SCAN', children: [], index: scan.index, bounds: scan.bounds, direction: 1 };
}

/** The first plan of a query that can be counted by its keys. */
export function planCount(query: Query, collection: Collection): PlanNode | undefined {
  if (!hasCondition(query)) return undefined;
  for (const plan of planQuery({ ...query, count: true, limit: undefined, skip: undefined }, collection)) {
    const scan = toCountScan(plan);
    if (scan) return scan;
  }
  return undefined;
}
