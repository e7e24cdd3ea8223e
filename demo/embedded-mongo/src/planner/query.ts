import type { Match } from '../query/match';
import type { Projection } from '../query/projection';
import type { Sort } from '../query/sort';
import type { Collation } from '../values/collation';
import { toQuery } from '../query/match';
import { isDoc, toNumber } from '../values/types';
import type { Doc } from '../values/types';

/** A query as the planner takes it. */
export interface Query {
  readonly match: Match;
  /** The `_id` that its filter gives plainly, and gives alone. */
  readonly byId?: { readonly id: unknown } | undefined;
  readonly sort?: Sort | undefined;
  readonly skip?: number | undefined;
  readonly limit?: number | undefined;
  readonly projection?: Projection | undefined;
  /** Name or key pattern of an index, or `{ $natural: ±1 }`. */
  readonly hint?: unknown;
  /** The first key of the hinted index to read, and the first one behind the last. */
  readonly min?: Doc | undefined;
  readonly max?: Doc | undefined;
  /** Direction of a scan of the collection that is asked for by `$natural`. */
  readonly natural?: 1 | -1 | undefined;
  readonly collation?: Collation | undefined;
  /** No field of the documents is needed: only how many there are. */
  readonly count?: boolean | undefined;
  readonly returnKey?: boolean;
  /** Bytes its sorts may hold. */
  readonly sortMemory?: number;
}

/** A hint as the planner takes it: an index, or a direction to read the collection in. */
export function readHint(hint: unknown): Pick<Query, 'hint' | 'natural'> {
  if (hint === undefined || hint === '' || (isDoc(hint) && Object.keys(hint).length === 0)) return {};
  if (isDoc(hint) && '$natural' in hint) return { natural: toNumber(hint.$natural) === -1 ? -1 : 1 };
  return hint === '$natural' ? { natural: 1 } : { hint };
}

function withoutValues(value: unknown): unknown {
  if (Array.isArray(value)) return value.every((item) => isDoc(item)) ? value.map(withoutValues) : '?';
  if (!isDoc(value)) return '?';
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutValues(item)]));
}

/** A text that is equal for queries that differ in their values only. */
export function shapeOfQuery({ match, sort, projection }: Pick<Query, 'match' | 'sort' | 'projection'>): string {
  return JSON.stringify([withoutValues(toQuery(match)), sort?.pattern ?? {}, projection?.spec ?? {}]);
}
