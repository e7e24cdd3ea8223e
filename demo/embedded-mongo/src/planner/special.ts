import { ServerError } from '../errors';
import type { Match } from '../query/match';
import type { Collection } from '../storage/collection';
import type { Index } from '../storage/collectionIndex';
import { termsOf } from '../storage/text';
import { isDoc } from '../values/types';
import type { Doc } from '../values/types';
import type { PlanNode } from './nodes';
import { fetch, together } from './combine';
import { ALL, interval } from './intervals';
import { findIndex, findKind, hasFilter, plannerError } from './planner';
import type { Query } from './query';

function rest(query: Query, without: Match): { filter?: Match } {
  const others = query.match.kind === 'and' ? query.match.children.filter((child) => child !== without) : [];
  const filter = together(others);
  return filter ? { filter } : {};
}

/** The plan of a query with `$near` and the like: documents by distance, read through a geo index. */
export function planNear(query: Query, collection: Collection): PlanNode {
  const near = findKind(query.match, 'near');
  const index = collection.indexes.find(
    (one) => !one.hidden && (one.kind === '2dsphere' || one.kind === '2d') && one.fields[0] === near?.path,
  );
  if (!near || !index) throw plannerError(collection.namespace, 291, 'unable to find index for $geoNear query');
  const scan: PlanNode = { stage: 'IXSCAN', children: [], index, direction: 1, bounds: index.fields.map(() => [ALL]) };
  const node: PlanNode = {
    stage: index.kind === '2d' ? 'GEO_NEAR_2D' : 'GEO_NEAR_2DSPHERE',
    children: [fetch(scan)],
    near,
    index,
  };
  const { filter } = rest(query, near);
  return filter ? fetch(node, filter) : node;
}

/** The plan of a query with `min` or `max`: one stretch of the hinted index. */
export function planRange({ match, hint, min, max }: Query, collection: Collection): PlanNode {
  const index = hint === undefined ? undefined : findIndex(collection, hint);
  if (hint === undefined)
    throw new ServerError(51173, 'When using min()/max() a hint of which index to use must be provided');
  if (!index || index.hidden)
    throw plannerError(collection.namespace, 2, 'hint provided does not correspond to an existing index');
  const keyOf = (doc: Doc): unknown[] => {
    if (Object.keys(doc).join() !== index.fields.join())
      throw new ServerError(51174, 'The index chosen is not compatible with min/max');
    return Object.values(doc);
  };
  const range = {
    start: { prefix: min ? keyOf(min) : [], after: false },
    end: { prefix: max ? keyOf(max) : [], after: !max },
  };
  const scan: PlanNode = {
    stage: 'IXSCAN',
    children: [],
    index,
    direction: 1,
    bounds: index.fields.map(() => [ALL]),
    range,
  };
  return hasFilter(match) ? fetch(scan, match) : scan;
}

/** The plan of a `$text` query: one scan per word, joined, scored when the score is asked for. */
export function planText(query: Query, collection: Collection): PlanNode {
  const text = findKind(query.match, 'text');
  const index = collection.indexes.find((one) => one.kind === 'text' && !one.hidden);
  if (!text || !index) throw new ServerError(27, 'text index required for $text query');
  const given = isDoc(text.value) ? String(text.value.$search) : '';
  const phrases = [...given.matchAll(/(?<!-)"([^"]+)"/g)].map(([, phrase]) => phrase.toLowerCase());
  const search = given.replace(/"/g, ' ');
  const excluded = new Set((search.match(/(?<=(?:^|\s)-)\S+/g) ?? []).flatMap(termsOf));
  const terms = [...new Set(termsOf(search.replace(/(?:^|\s)-\S+/g, ' ')))]
    .filter((term) => !excluded.has(term))
    .sort();
  const scans = terms.map((term) => wordScan(index, term));
  const scored = query.sort?.parts.some((part) => part.meta) || Object.keys(query.projection?.meta ?? {}).length > 0;
  const inner: PlanNode = { stage: scored ? 'TEXT_OR' : 'OR', children: scans, index };
  const joined: PlanNode = scored ? inner : { stage: 'FETCH', children: [inner] };
  const match: PlanNode = {
    stage: 'TEXT_MATCH',
    children: [joined],
    index,
    terms: [...excluded].map((term) => `-${term}`),
    phrases,
  };
  const node: PlanNode = { stage: 'TEXT', children: [match], index, terms };
  const { filter } = rest(query, text);
  return filter ? fetch(node, filter) : node;
}

function wordScan(index: Index, term: string): PlanNode {
  const bounds = [[interval(term, true, term, true)], [ALL]];
  return { stage: 'IXSCAN', children: [], index, direction: -1, bounds, term };
}
