import { parseProjection } from '../query/projection';
import { EVERYTHING } from '../query/match';
import type { Match } from '../query/match';
import { normalise } from '../query/normalise';
import { parseQuery, plainId } from '../query/parse';
import type { Variables } from '../query/parse';
import { parseSort } from '../query/sort';
import type { Sort } from '../query/sort';
import { readHint } from '../planner/query';
import type { Query } from '../planner/query';
import type { Collation } from '../values/collation';
import { isDoc, toNumber } from '../values/types';
import type { Doc } from '../values/types';
import { dependencies } from './dependencies';
import { isInclusion } from './optimise';
import type { Item } from './stages';

/** The part of a pipeline that the query planner takes, and the stages that are left. */
export interface Pushed {
  readonly query: Query;
  readonly rest: readonly Item[];
  /** The `$group` right behind it, when reading one document per group may answer it. */
  readonly distinct?: Distinct;
}

/** A `$group` by one field whose accumulators take the first document of each group. */
export interface Distinct {
  readonly field: string;
  readonly newRoot: Doc;
  readonly rest: readonly Item[];
}

export interface PushOptions {
  readonly hint?: unknown;
  readonly collation?: Collation | undefined;
  readonly variables?: Variables;
}

export function pushDown(items: readonly Item[], { hint, collation, variables }: PushOptions): Pushed {
  let at = 0;
  let match: Match = EVERYTHING;
  let sort: Sort | undefined;
  let limit: number | undefined;
  let skip: number | undefined;
  const byId = items[0]?.name === '$match' ? plainId(items[0].spec) : undefined;
  if (items[at]?.name === '$match') match = normalise(parseQuery(items[at++].spec, variables));
  if (items[at]?.name === '$sort') {
    sort = parseSort(items[at].spec);
    limit = items[at++].limit;
  }
  const distinct = limit === undefined ? distinctGroup(items.slice(at)) : undefined;
  for (; items[at]?.name === '$limit' || items[at]?.name === '$skip'; at++) {
    const count = toNumber(items[at].spec) ?? 0;
    if (items[at].name === '$limit') limit = Math.min(limit ?? Infinity, count);
    else {
      skip = (skip ?? 0) + count;
      if (limit !== undefined) limit -= count;
    }
    // Nothing is left: the stages stay behind the query.
    if (limit !== undefined && limit <= 0)
      return { query: { match: EVERYTHING, collation, count: false }, rest: items };
  }
  const next = items[at];
  let spec: Doc | undefined;
  let count = false;
  if (next?.name === '$project' && isInclusion(next.spec)) {
    spec = canonicalProjection(next.spec as Doc);
    at++;
  } else {
    const fields = dependencies(items.slice(at));
    count = fields?.length === 0;
    if (fields && !count)
      spec = {
        ...Object.fromEntries(fields.map((field) => [field, 1])),
        ...(fields.includes('_id') ? {} : { _id: 0 }),
      };
  }
  const query: Query = {
    match,
    sort,
    limit,
    skip,
    projection: parseProjection(spec),
    collation,
    count,
    byId,
    ...readHint(hint),
  };
  return { query, rest: items.slice(at), ...(distinct ? { distinct } : {}) };
}

/** A `$project` as explain prints it: flags as booleans, `_id` first when it stays. */
export function canonicalProjection(spec: Doc): Doc {
  const flags = Object.fromEntries(
    Object.entries(spec).map(([field, value]) => [field, value === 1 ? true : value === 0 ? false : value]),
  );
  const { _id, ...others } = flags;
  if (_id === false) return { ...others, _id };
  return isInclusion(spec) || _id !== undefined ? { _id: _id ?? true, ...others } : others;
}

function distinctGroup(items: readonly Item[]): Distinct | undefined {
  const [group] = items;
  if (group?.name !== '$group' || !isDoc(group.spec)) return undefined;
  const { _id, ...accumulators } = group.spec;
  if (typeof _id !== 'string' || !/^\$[^$]/.test(_id)) return undefined;
  const firsts = Object.entries(accumulators).map(([name, value]) => [
    name,
    isDoc(value) && Object.keys(value).length === 1 ? value.$first : undefined,
  ]);
  if (firsts.some(([, value]) => value === undefined)) return undefined;
  return { field: _id.slice(1), newRoot: { _id, ...(Object.fromEntries(firsts) as Doc) }, rest: items.slice(1) };
}
