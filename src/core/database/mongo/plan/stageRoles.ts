import type { StageRole } from '../../plan';

/** By the name of a stage: of both engines, of pipelines, and of PostgreSQL's plans, which FerretDB answers with. */
const ROLES: ReadonlyMap<string, StageRole> = new Map(
  Object.entries({
    scan: ['COLLSCAN', 'Seq Scan'],
    indexScan: [
      'IXSCAN',
      'COUNT_SCAN',
      'DISTINCT_SCAN',
      'IDHACK',
      'CLUSTERED_IXSCAN',
      'EXPRESS_IXSCAN',
      'EXPRESS_CLUSTERED_IXSCAN',
      'GEO_NEAR_2D',
      'GEO_NEAR_2DSPHERE',
      'Index Scan',
      'Index Only Scan',
      'Bitmap Index Scan',
    ],
    fetch: ['FETCH', 'Bitmap Heap Scan'],
    sort: ['SORT', '$sort', 'sort', 'Sort'],
    join: [
      '$lookup',
      '$graphLookup',
      'EQ_LOOKUP',
      'EQ_LOOKUP_UNWIND',
      'HASH_JOIN_EMBEDDING',
      'NESTED_LOOP_JOIN_EMBEDDING',
      'INDEXED_NESTED_LOOP_JOIN_EMBEDDING',
      'Hash Join',
      'Merge Join',
      'Nested Loop',
    ],
    group: ['GROUP', '$group', '$bucket', '$bucketAuto', '$sortByCount', '$count', 'Aggregate'],
    limit: ['LIMIT', '$limit', 'Limit'],
  } satisfies Partial<Record<StageRole, readonly string[]>>).flatMap(([role, names]) =>
    names.map((name) => [name, role as StageRole] as const),
  ),
);

/** What a stage does, by the server's name for it. */
export function roleOf(name: string): StageRole {
  return ROLES.get(name) ?? 'other';
}
