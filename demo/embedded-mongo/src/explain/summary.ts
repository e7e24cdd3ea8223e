import { createHash } from 'node:crypto';
import type { PlanNode } from '../planner/nodes';
import { isDoc } from '../values/types';
import type { Doc } from '../values/types';

const SCANS = new Set(['COLLSCAN', 'IXSCAN', 'COUNT_SCAN', 'DISTINCT_SCAN', 'IDHACK', 'EOF', 'RECORD_STORE_FAST_COUNT']);

/** The scans of a plan in one line, as the profiler writes it. */
export function planSummary(node: PlanNode): string {
  if (SCANS.has(node.stage)) {
    if (!node.index || node.stage === 'IDHACK') return node.stage;
    const key = Object.entries(node.index.spec.key).map(([field, direction]) => `${field}: ${JSON.stringify(direction)}`);
    return `${node.stage} { ${key.join(', ')} }`;
  }
  return [...new Set(node.children.map(planSummary))].join(', ');
}

function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.every((item) => isDoc(item)) ? value.map(shapeOf) : '?';
  if (!isDoc(value)) return '?';
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, shapeOf(item)]));
}

/** Eight hex digits that are equal for queries that differ in their values only. */
export function shapeHash(query: Doc, sort: Doc | undefined, projection: Doc | undefined): string {
  const text = JSON.stringify([shapeOf(query), sort ?? {}, projection ?? {}]);
  return createHash('sha256').update(text).digest('hex').slice(0, 8).toUpperCase();
}
