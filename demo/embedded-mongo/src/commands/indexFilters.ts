import { badValue, ServerError } from '../errors';
import { shapeOfQuery } from '../planner/query';
import { normalise } from '../query/normalise';
import { parseQuery } from '../query/parse';
import { parseProjection } from '../query/projection';
import { parseSort } from '../query/sort';
import type { Collection } from '../storage/collection';
import { isDoc } from '../values/types';
import type { Doc } from '../values/types';
import { collectionName } from './context';
import type { CommandContext } from './context';

function existing(context: CommandContext): Collection {
  const name = collectionName(context);
  const found = context.database.collections.get(name);
  if (!found) throw badValue(`no such collection: ${name}`);
  return found;
}

function shapeOf({ query, sort, projection }: Doc): string {
  return shapeOfQuery({
    match: normalise(parseQuery(query ?? {})),
    sort: parseSort(sort),
    projection: parseProjection(projection),
  });
}

function docOf(value: unknown): Doc {
  return isDoc(value) ? value : {};
}

/** Limits the indexes that queries of one shape may use. */
export function setFilter(context: CommandContext): Doc {
  const { body } = context;
  const collection = existing(context);
  if (!isDoc(body.query)) throw badValue('required field query missing');
  if (!Array.isArray(body.indexes) || body.indexes.length === 0)
    throw badValue('required field indexes missing or empty');
  const filter = {
    query: body.query,
    sort: docOf(body.sort),
    projection: docOf(body.projection),
    indexes: body.indexes as unknown[],
  };
  collection.filters.set(shapeOf(body), filter);
  return {};
}

export function listFilters(context: CommandContext): Doc {
  return { filters: [...existing(context).filters.values()] };
}

export function clearFilters(context: CommandContext): Doc {
  const collection = existing(context);
  if (context.body.query === undefined) collection.filters.clear();
  else if (!collection.filters.delete(shapeOf(context.body))) throw new ServerError(2, 'no index filter of this shape');
  return {};
}
