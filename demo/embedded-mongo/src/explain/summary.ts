import { createHash } from 'node:crypto';
import { shownKey } from '../storage/collectionIndex';
import type { PlanNode } from '../planner/nodes';
import { shapeOfQuery } from '../planner/query';
import type { Query } from '../planner/query';

const SCANS = new Set([
  'COLLSCAN',
  'IXSCAN',
  'COUNT_SCAN',
  'DISTINCT_SCAN',
  'IDHACK',
  'EOF',
  'RECORD_STORE_FAST_COUNT',
  'MULTI_ITERATOR',
]);

/** The scans of a plan in one line, as the profiler writes it. */
export function planSummary(node: PlanNode): string {
  const isNear = node.stage.startsWith('GEO_NEAR');
  if (!isNear && !SCANS.has(node.stage)) return node.children.map(planSummary).join(', ');
  if (!node.index || node.stage === 'IDHACK') return node.stage;
  const key = Object.entries(shownKey(node.index)).map(
    ([field, direction]) => `${field}: ${JSON.stringify(direction)}`,
  );
  return `${node.stage} { ${key.join(', ')} }`;
}

/** Eight hex digits that are equal for queries that differ in their values only. */
export function shapeHash(query: Query): string {
  return createHash('sha256').update(shapeOfQuery(query)).digest('hex').slice(0, 8).toUpperCase();
}
