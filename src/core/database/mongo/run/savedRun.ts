import type { ExplainRun } from '../../explainRun';
import { findIn } from '../findings/findIn';
import { suggestIndexes } from '../indexes/suggestIndexes';
import { readPlan } from '../plan/readPlan';
import { planNotJson } from '../errors/planErrors';

/**
 * An explain result that was saved as JSON, as a run of which nothing else is known. `source` names it. Throws a HeatlensError
 * for what is no JSON (`notJson`), and what readPlan throws for what is no explain.
 */
export function savedRun(text: string, source: string): ExplainRun {
  const plan = readPlan(parsed(text, source));
  const [, database = '', collection = ''] = /^([^.]*)\.(.*)$/.exec(plan.namespace ?? '') ?? [];
  return {
    at: Date.now(),
    connection: source,
    database,
    target: collection,
    verbosity: plan.executed ? 'executionStats' : 'queryPlanner',
    text: plan.command ? JSON.stringify(plan.command, undefined, 2) : '',
    plan,
    findings: findIn(plan),
    suggestions: suggestIndexes(plan),
    facts: {},
    notes: [],
  };
}

function parsed(text: string, source: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw planNotJson(source, error);
  }
}
