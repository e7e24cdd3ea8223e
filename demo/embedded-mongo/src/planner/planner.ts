import { badValue, ServerError } from '../errors';
import type { Match } from '../query/match';
import type { Collection } from '../storage/collection';
import type { Index } from '../storage/collectionIndex';
import { sameCollation } from '../values/collation';
import { compareValues } from '../values/compare';
import { isDoc } from '../values/types';
import { indexAccesses } from './access';
import { combineOr, fetch, leafOf } from './combine';
import type { Access } from './combine';
import { ALL } from './intervals';
import type { Direction, PlanNode } from './nodes';
import { coversField, hasStage, isFetched } from './nodes';
import { inOrder, prefixOrder } from './order';
import { shapeOfQuery } from './query';
import type { Query } from './query';
import { implies } from './relevance';
import { planNear, planRange, planText } from './special';

/** Indexes the planner may use for a query; throws when the hinted one does not exist. */
export function usableIndexes(collection: Collection, query: Query): Index[] {
  const filter = collection.filters.size > 0 ? collection.filters.get(shapeOfQuery(query)) : undefined;
  if (filter) {
    const allowed = filter.indexes.map((one) => findIndex(collection, one));
    return collection.indexes.filter(
      (index) => allowed.includes(index) && (!index.partial || implies(query.match, index.partial)),
    );
  }
  if (query.hint !== undefined) {
    const hinted = findIndex(collection, query.hint);
    if (!hinted || hinted.hidden)
      throw plannerError(collection.namespace, 2, 'hint provided does not correspond to an existing index');
    return [hinted];
  }
  return collection.indexes.filter((index) => !index.hidden && (!index.partial || implies(query.match, index.partial)));
}

export function plannerError(namespace: string, code: number, reason: string): ServerError {
  return new ServerError(
    code,
    `error processing query: ns=${namespace} planner returned error :: caused by :: ${reason}`,
  );
}

export function findIndex(collection: Collection, hint: unknown): Index | undefined {
  if (typeof hint === 'string') return collection.indexes.find((index) => index.name === hint);
  if (!isDoc(hint)) throw badValue('hint must be a string or an object');
  return collection.indexes.find((index) => compareValues(index.spec.key, hint) === 0);
}

/** The `_id` a query asks for and nothing else, so that it can be looked up; undefined otherwise. */
export function idOf(query: Query, collection: Collection): { id: unknown } | undefined {
  const { byId, hint, natural, collation } = query;
  if (!byId || hint !== undefined || natural || query.skip || query.min || query.max) return undefined;
  return sameCollation(collation, collection.collation) ? byId : undefined;
}

/** All plans worth trying for a query, in the order of preference for equal ones. */
export function planQuery(query: Query, collection: Collection): PlanNode[] {
  const id = idOf(query, collection);
  // There is one document at most: neither order nor limit matter.
  if (id)
    return [
      project(
        {
          stage: 'IDHACK',
          children: [],
          id: id.id,
          ...(collection.indexes[0] ? { index: collection.indexes[0] } : {}),
        },
        query,
      ),
    ];
  if (query.natural) return [finish(tableScan(query, query.natural), query)];
  const special = findKind(query.match, 'near') ? planNear : findKind(query.match, 'text') ? planText : undefined;
  if (special) return [finish(special(query, collection), query)];
  if (query.min || query.max) return [finish(planRange(query, collection), query)];
  const plans = planIndexes(query, collection, usableIndexes(collection, query)).map(({ plan }) => plan);
  return plans.length > 0 ? plans : [finish(tableScan(query, 1), query)];
}

/** A plan and the access it was made of; none where it reads a whole index. */
export interface IndexPlan {
  readonly plan: PlanNode;
  readonly access?: Access;
}

/** The plans of a query that read some of these indexes. */
export function planIndexes(query: Query, collection: Collection, indexes: readonly Index[]): IndexPlan[] {
  const accesses = hasFilter(query.match) ? indexAccesses(query.match, indexes, query.collation) : [];
  const plans = accesses.map((access): IndexPlan => ({ plan: finish(access.node, query), access }));
  return [
    ...plans,
    ...wholeIndexPlans(
      plans.map(({ plan }) => plan),
      indexes,
      query,
      collection,
    ).map((plan) => ({ plan })),
  ];
}

export function findKind(match: Match, kind: Match['kind']): Match | undefined {
  if (match.kind === kind) return match;
  return match.kind === 'and' ? match.children.find((child) => child.kind === kind) : undefined;
}

/** Scans of a whole index: for the order it gives, or because a hint asks for it. */
function wholeIndexPlans(
  plans: readonly PlanNode[],
  indexes: readonly Index[],
  query: Query,
  collection: Collection,
): PlanNode[] {
  if (query.hint !== undefined) {
    if (plans.length > 0) return [];
    const [hinted] = indexes;
    if (!hinted || (hinted.partial && !implies(query.match, hinted.partial)))
      throw plannerError(collection.namespace, 2, 'hint provided cannot be used');
    return [finish(wholeScan(hinted, query), query)];
  }
  const { sort, collation } = query;
  if (!sort || plans.some((plan) => !hasStage(plan, 'SORT'))) return [];
  return indexes
    .filter(
      (index) =>
        index.kind === 'btree' &&
        !index.sparse &&
        sameCollation(index.collation, collation) &&
        prefixOrder(index, 0, sort) !== undefined,
    )
    .map((index) => finish(wholeScan(index, query), query));
}

export function hasFilter(match: Match): boolean {
  return !(match.kind === 'and' && match.children.length === 0);
}

function wholeScan(index: Index, { match }: Query): PlanNode {
  const scan: PlanNode = { stage: 'IXSCAN', children: [], index, direction: 1, bounds: index.fields.map(() => [ALL]) };
  return hasFilter(match) ? fetch(scan, match) : scan;
}

function tableScan({ match }: Query, direction: Direction): PlanNode {
  return { stage: 'COLLSCAN', children: [], direction, ...(hasFilter(match) ? { filter: match } : {}) };
}

/** The stages above an access: order, skip, projection (with the fetch it needs), limit. */
export function finish(access: PlanNode, query: Query): PlanNode {
  let node = inOrder(access, query);
  if (query.skip) node = { stage: 'SKIP', children: [node], skip: query.skip };
  node = project(node, query);
  if (query.limit !== undefined && !hasStage(node, 'SORT'))
    node = { stage: 'LIMIT', children: [node], limit: query.limit };
  return beneathSort(node);
}

function fetched(node: PlanNode): PlanNode {
  return isFetched(node) ? node : fetch(node);
}

function project(node: PlanNode, { projection, returnKey, count }: Query): PlanNode {
  if (returnKey) return { stage: 'RETURN_KEY', children: [node] };
  if (!projection) return count ? node : fetched(node);
  const { required, simple } = projection;
  if (isFetched(node) || !required?.every((field) => coversField(node, field))) {
    return { stage: simple ? 'PROJECTION_SIMPLE' : 'PROJECTION_DEFAULT', children: [fetched(node)], projection };
  }
  return { stage: simple && leafOf(node) ? 'PROJECTION_COVERED' : 'PROJECTION_DEFAULT', children: [node], projection };
}

/** A sort without limit holds less when the fields it does not need are dropped before it; computed ones might be larger. */
function beneathSort(node: PlanNode): PlanNode {
  const [sort] = node.children;
  if (
    !node.stage.startsWith('PROJECTION') ||
    sort?.stage !== 'SORT' ||
    sort.limit !== undefined ||
    !node.projection?.plain
  )
    return node;
  if (Object.keys(node.projection.meta).length > 0) return node;
  const { spec, inclusion } = node.projection;
  const keeps = sort.sort?.parts.every(({ field, meta }) => {
    if (meta) return false;
    if (!inclusion)
      return !Object.keys(spec).some(
        (name) => name === field || name.startsWith(`${field}.`) || field.startsWith(`${name}.`),
      );
    if (field === '_id') return spec._id === undefined || Boolean(spec._id);
    return Object.entries(spec).some(
      ([name, flag]) => Boolean(flag) && (name === field || field.startsWith(`${name}.`)),
    );
  });
  return keeps ? { ...sort, children: [{ ...node, children: sort.children }] } : node;
}

/** The branches of a query that is one `$or`, each planned by itself; undefined when one of them finds no index. */
export function planBranches(query: Query, collection: Collection): IndexPlan[][] | undefined {
  const indexes = usableIndexes(collection, query);
  const { sort, projection, collation, count } = query;
  const branches = query.match.children.map((match) =>
    planIndexes({ match, sort, projection, collation, count }, collection, indexes),
  );
  return branches.every((list) => list.length > 0) ? branches : undefined;
}

export function needsSubplan({ match, hint, natural, min, max }: Query): boolean {
  return match.kind === 'or' && hint === undefined && !natural && !min && !max;
}

/** The plan of an `$or` from the chosen access of each branch. */
export function combineBranches(branches: readonly Access[], query: Query, collection: Collection): PlanNode {
  return finish(combineOr(branches, collection.indexes).node, query);
}
