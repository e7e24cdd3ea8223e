import { countersOf } from '../execution/executor';
import type { Executor, StageCounters } from '../execution/executor';
import type { Turns } from '../execution/turns';
import type { Query } from '../planner/query';
import { toQuery } from '../query/match';
import type { Collection } from '../storage/collection';
import type { Doc } from '../values/types';
import { explainPlan, explainStages, totals } from './plan';
import { shapeHash } from './summary';

export const VERBOSITIES = ['queryPlanner', 'executionStats', 'allPlansExecution'] as const;
export type Verbosity = (typeof VERBOSITIES)[number];

export function queryPlanner(executor: Executor, query: Query, namespace: string): Doc {
  const hash = shapeHash(query);
  // The number of records is known without a query.
  const counted = executor.root.node.stage === 'RECORD_STORE_FAST_COUNT';
  const about = {
    parsedQuery: toQuery(query.match),
    ...(query.collation ? { collation: query.collation } : {}),
    queryHash: hash,
    planCacheKey: hash,
  };
  return {
    plannerVersion: 1,
    namespace,
    indexFilterSet: false,
    ...(counted ? {} : about),
    winningPlan: explainPlan(executor.root.node),
    rejectedPlans: executor.rejected.map(({ root }) => explainPlan(root.node)),
  };
}

function trialStats(counters: StageCounters): Doc {
  const { keysExamined, docsExamined } = totals(counters);
  return {
    nReturned: counters.advanced,
    executionTimeMillisEstimate: Math.round(counters.millis),
    totalKeysExamined: keysExamined,
    totalDocsExamined: docsExamined,
    executionStages: explainStages(counters),
  };
}

/** The `executionStats` of a run that has ended, with or without an error. */
export function executionStats(
  executor: Executor,
  error: { code: number; message: string } | undefined,
  verbosity: Verbosity,
): Doc {
  const counters = countersOf(executor.root);
  const { keysExamined, docsExamined } = totals(counters);
  const tried = [executor.before, ...executor.rejected.map(({ trial }) => trial)];
  return {
    executionSuccess: !error,
    ...(error ? { errorMessage: error.message, errorCode: error.code } : {}),
    nReturned: counters.advanced,
    executionTimeMillis: Math.round(counters.millis),
    totalKeysExamined: keysExamined,
    totalDocsExamined: docsExamined,
    ...(counters.failed ? { failed: true } : {}),
    executionStages: explainStages(counters),
    ...(verbosity === 'allPlansExecution' ? { allPlansExecution: tried.map(trialStats) } : {}),
  };
}

/** Explains a query; it runs to its end unless only the plan is asked for. */
export async function explainFind(
  executor: Executor,
  query: Query,
  collection: Collection,
  verbosity: Verbosity,
  turns: Turns,
): Promise<Doc> {
  const planner = queryPlanner(executor, query, collection.namespace);
  if (verbosity === 'queryPlanner') return { queryPlanner: planner };
  const error = await executor.drain(turns);
  return { queryPlanner: planner, executionStats: executionStats(executor, error, verbosity) };
}
