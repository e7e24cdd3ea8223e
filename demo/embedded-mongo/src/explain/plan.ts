import { printInterval } from '../planner/intervals';
import type { PlanNode } from '../planner/nodes';
import { toQuery } from '../query/match';
import type { Doc } from '../values/types';
import { shownKey } from '../storage/collectionIndex';
import { oneStretch, turnBounds } from '../execution/bounds';
import type { StageCounters } from '../execution/executor';

const INDEX_STAGES = new Set(['IXSCAN', 'COUNT_SCAN', 'DISTINCT_SCAN']);

/** The fields of one stage that do not depend on its run. */
function describe(node: PlanNode): Doc {
  const { stage, index, sort } = node;
  if (INDEX_STAGES.has(stage)) return describeScan(node);
  switch (stage) {
    case 'SORT':
      return {
        sortPattern: sort?.pattern ?? {},
        memLimit: node.memory,
        ...(node.limit === undefined ? {} : { limitAmount: node.limit }),
        type: sort?.parts.some((part) => part.meta) ? 'default' : 'simple',
      };
    case 'SORT_MERGE':
      return { sortPattern: sort?.pattern ?? {} };
    case 'LIMIT':
      return { limitAmount: node.limit };
    case 'COLLSCAN':
      return { direction: node.direction === -1 ? 'backward' : 'forward' };
    case 'PROJECTION_SIMPLE':
    case 'PROJECTION_DEFAULT':
    case 'PROJECTION_COVERED':
      return { transformBy: node.projection?.spec ?? {} };
    case 'TEXT':
      return {
        indexPrefix: {},
        indexName: index?.name,
        parsedTextQuery: { terms: node.terms ?? [] },
        textIndexVersion: 3,
      };
    case 'GEO_NEAR_2DSPHERE':
    case 'GEO_NEAR_2D':
      return { keyPattern: index?.spec.key, indexName: index?.name, indexVersion: 2 };
    default:
      return {};
  }
}

function describeScan(node: PlanNode): Doc {
  const { index, bounds = [], stage } = node;
  if (!index) return {};
  const direction = node.direction ?? 1;
  const text = index.kind === 'text';
  const turned = turnBounds(index, bounds, direction);
  const keyPattern = shownKey(index);
  const names = Object.keys(keyPattern);
  const plain = index.kind === 'btree';
  const stretch = stage === 'COUNT_SCAN' ? oneStretch(turned) : undefined;
  const printed = Object.fromEntries(turned.map((list, i) => [names[i] ?? String(i), list.map(printInterval)]));
  return {
    keyPattern,
    indexName: index.name,
    ...(index.collation ? { collation: index.collation } : {}),
    isMultiKey: index.isMultikey,
    ...(plain
      ? { multiKeyPaths: Object.fromEntries(index.fields.map((field, i) => [field, [...index.multikeyPaths[i]]])) }
      : {}),
    isUnique: index.unique,
    isSparse: index.sparse,
    isPartial: index.partial !== undefined,
    indexVersion: 2,
    ...(stage === 'COUNT_SCAN' ? {} : { direction: direction === -1 ? 'backward' : 'forward' }),
    indexBounds: text
      ? {}
      : stretch
        ? countBounds(index.fields, stretch)
        : node.range
          ? rangeBounds(index.fields, node.range)
          : printed,
  };
}

function rangeBounds(fields: readonly string[], { start, end }: Stretch): Doc {
  const keyOf = (values: readonly unknown[]) =>
    Object.fromEntries(values.map((value, i) => [fields[i], value ?? null]));
  return { startKey: keyOf(start.prefix), endKey: keyOf(end.prefix) };
}

type Stretch = NonNullable<ReturnType<typeof oneStretch>>;

function countBounds(fields: readonly string[], { start, end }: Stretch): Doc {
  const keyOf = (values: readonly unknown[]) =>
    Object.fromEntries(values.map((value, i) => [fields[i], value ?? null]));
  return {
    startKey: keyOf(start.prefix),
    startKeyInclusive: !start.after,
    endKey: keyOf(end.prefix),
    endKeyInclusive: end.after,
  };
}

function withChildren(doc: Doc, children: readonly Doc[]): Doc {
  if (children.length === 0) return doc;
  return children.length === 1 ? { ...doc, inputStage: children[0] } : { ...doc, inputStages: children };
}

/** A plan as `queryPlanner` shows it. */
export function explainPlan(node: PlanNode): Doc {
  const filter = node.filter ? { filter: toQuery(node.filter) } : {};
  return withChildren({ stage: node.stage, ...filter, ...describe(node) }, node.children.map(explainPlan));
}

/** A plan with its counters, as `executionStats` shows it. */
export function explainStages(counters: StageCounters): Doc {
  const { node } = counters.stage;
  const doc: Doc = {
    stage: node.stage,
    ...(node.filter ? { filter: toQuery(node.filter) } : {}),
    nReturned: counters.advanced,
    executionTimeMillisEstimate: Math.round(counters.millis),
    works: counters.works,
    advanced: counters.advanced,
    needTime: counters.needTime,
    needYield: 0,
    saveState: 0,
    restoreState: 0,
    ...(counters.failed ? { failed: true } : {}),
    isEOF: counters.isEnd ? 1 : 0,
    ...describe(node),
    ...counters.counters,
  };
  return withChildren(doc, counters.children.map(explainStages));
}

/** Keys and documents examined by a stage and all below it. */
export function totals(counters: StageCounters): { keysExamined: number; docsExamined: number } {
  const sum = {
    keysExamined: Number(counters.counters.keysExamined ?? 0),
    docsExamined: Number(counters.counters.docsExamined ?? 0),
  };
  for (const child of counters.children) {
    const inner = totals(child);
    sum.keysExamined += inner.keysExamined;
    sum.docsExamined += inner.docsExamined;
  }
  return sum;
}
