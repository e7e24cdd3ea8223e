import type { Match } from '../query/match';
import type { Projection } from '../query/projection';
import type { Sort } from '../query/sort';
import type { Collation } from '../values/collation';

/** A query as the planner takes it. */
export interface Query {
  readonly match: Match;
  readonly sort?: Sort | undefined;
  readonly skip?: number | undefined;
  readonly limit?: number | undefined;
  readonly projection?: Projection | undefined;
  /** Name or key pattern of an index, or `{ $natural: ±1 }`. */
  readonly hint?: unknown;
  /** Direction of a scan of the collection that is asked for by `$natural`. */
  readonly natural?: 1 | -1 | undefined;
  readonly collation?: Collation | undefined;
  /** No field of the documents is needed: only how many there are. */
  readonly count?: boolean;
  readonly returnKey?: boolean;
}
