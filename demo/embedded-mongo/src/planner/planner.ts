import { badValue, ServerError } from '../errors';
import type { Match } from '../query/match';
import { EVERYTHING } from '../query/match';
import type { Collection } from '../storage/collection';
import type { Index } from '../storage/collectionIndex';
import { sameCollation } from '../values/collation';
import { compareValues } from '../values/compare';
import { isDoc } from '../values/types';
import { combineOr, fetch, indexAccesses } from './access';
import { ALL } from './intervals';
import type { Direction, PlanNode } from './nodes';
import { coversField, hasStage, isFetched } from './nodes';
import { inOrder, scanOrder } from './order';
import type { Query } from './query';
import { implies } from './relevance';
import { planNear, planText } from './special';

/** Indexes the planner may use for a query; throws when the hinted one does not exist. */
export function usableIndexes(collection: Collection, query: Query): Index[] {
  if (query.hint !== undefined) {
    const hinted = findIndex(collection, query.hint);
    if (!hinted || hinted.hidden) throw plannerError(collection.namespace, 2, 'hint provided does not correspond to an existing index');
    return [hinted];
  }
  return collection.indexes.filter((index) => !index.hidden && (!index.partial || implies(query.match, index.partial)));
}

export function plannerError(namespace: string, code: number, reason: string): ServerError {
  return new ServerError(code, `error processing query: ns=${namespace} planner returned error :: caused by :: ${reason}`);
}

export function findIndex(collection: Collection, hint: unknown): Index | undefined {
  if (typeof hint === 'string') return collection.indexes.find((index) => index.name === hint);
  if (!isDoc(hint)) throw badValue('hint must be a string or an object');
  return collection.indexes.find((index) => compareValues(index.spec.key, hint) === 0);
}

/** The `_id` a query asks for and nothing else, so that it can be looked up; undefined otherwise. */
export function idOf(query: Query, collection: Collection): { id: unknown } | undefined {
  const { match, hint, natural, collation, returnKey } = query;
  if (match.kind !== 'eq' || match.path !== '_id' || hint !== undefined || natural || returnKey || query.skip) return undefined;
  if (Array.isArray(match.value) || match.value === null || match.value === undefined) return undefined;
  return sameCollation(collation, collection.collation) ? { id: match.value } : undefined;
}

/** All plans worth trying for a query, in the order of preference for equal ones. */
export function planQuery(query: Query, collection: Collection): PlanNode[] {
  const id = idOf(query, collection);
  if (id) return [finish({ stage: 'IDHACK', children: [], id: id.id, ...(collection.indexes[0] ? { index: collection.indexes[0] } : {}) }, query)];
  if (query.natural) return [finish(tableScan(query, query.natural), query)];
  const special = findKind(query.match, 'near') ? planNear : findKind(query.match, 'text') ? planText : undefined;
  if (special) return [finish(special(query, collection), query)];
  const indexes = usableIndexes(collection, query);
  const accesses = query.match === EVERYTHING || query.match.children.length + query.match.path.length === 0 ? [] : indexAccesses(query.match, indexes, query.collation);
  const plans = accesses.map((access) => finish(access, query));
  plans.push(...wholeIndexPlans(plans, indexes, query, collection));
  if (plans.length > 0) return plans;
  return [finish(tableScan(query, 1), query)];
}

export function findKind(match: Match, kind: Match['kind']): Match | undefined {
  if (match.kind === kind) return match;
  return match.kind === 'and' ? match.children.find((child) => child.kind === kind) : undefined;
}

/** Scans of a whole index: for the order it gives, or because a hint asks for it. */
function wholeIndexPlans(plans: readonly PlanNode[], indexes: readonly Index[], query: Query, collection: Collection): PlanNode[] {
  if (query.hint !== undefined) {
    if (plans.length > 0) return [];
    const [hinted] = indexes;
    if (hinted.partial && !implies(query.match, hinted.partial)) throw plannerError(collection.namespace, 2, 'hint provided cannot be used: partial index');
    return [finish(wholeScan(hinted, query), query)];
  }
  const { sort } = query;
  if (!sort || plans.some((plan) => !hasStage(plan, 'SORT'))) return [];
  return indexes
    .filter((index) => !index.sparse && !index.partial && scanOrder(index, index.fields.map(() => [ALL]), sort, query.collation) !== undefined)
    .map((index) => finish(wholeScan(index, query), query));
}

function hasFilter(match: Match): boolean {
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
  if (query.limit !== undefined && !hasStage(node, 'SORT')) node = { stage: 'LIMIT', children: [node], limit: query.limit };
  return beneathSort(node);
}

function fetched(node: PlanNode): PlanNode {
  return isFetched(node) ? node : fetch(node);
}

function project(node: PlanNode, { projection, returnKey, count }: Query): PlanNode {
  if (returnKey) return { stage: 'RETURN_KEY', children: [node] };
  if (!projection) return count && node.stage === 'IXSCAN' ? node : fetched(node);
  const { required, simple } = projection;
  if (!required || !required.every((field) => coversField(node, field)) || isFetched(node)) {
    return { stage: simple ? 'PROJECTION_SIMPLE' : 'PROJECTION_DEFAULT', children: [fetched(node)], projection };
  }
  const plain = simple && (node.stage === 'IXSCAN' || node.stage === 'DISTINCT_SCAN');
  return { stage: plain ? 'PROJECTION_COVERED' : 'PROJECTION_DEFAULT', children: [node], projection };
}

/** A sort without limit holds less when the fields it does not need are dropped before it. */
function beneathSort(node: PlanNode): PlanNode {
  const [sort] = node.children;
  if (!node.stage.startsWith('PROJECTION') || sort?.stage !== 'SORT' || sort.limit !== undefined || !node.projection) return node;
  if (Object.keys(node.projection.meta).length > 0) return node;
  const { spec, inclusion } = node.projection;
  const keeps = sort.sort?.parts.every(({ field, meta }) => {
    if (meta) return false;
    const flag = spec[field];
    if (inclusion) return flag === true || flag === 1 || (field === '_id' && flag === undefined);
    return !Object.keys(spec).some((name) => name === field || name.startsWith(`${field}.`) || field.startsWith(`${name}.`));
  });
  return keeps ? { ...sort, children: [{ ...node, children: sort.children }] } : node;
}

/** The branches of a query that is one `$or`, each planned by itself; undefined when they cannot be. */
export function planBranches(query: Query, collection: Collection): PlanNode[][] | undefined {
  const indexes = usableIndexes(collection, query);
  const branches = query.match.children.map((branch) => indexAccesses(branch, indexes, query.collation));
  return branches.every((list) => list.length > 0) ? branches : undefined;
}

export function needsSubplan({ match, hint, natural }: Query): boolean {
  return match.kind === 'or' && hint === undefined && !natural;
}

/** The plan of an `$or` from the chosen access of each branch. */
export function combineBranches(branches: readonly PlanNode[], query: Query): PlanNode {
  return finish(combineOr(branches), query);
}
