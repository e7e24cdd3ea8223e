import { stageFacts } from '../../src/core/database/mongo/plan/stageFacts';
import { MONGO_WORDS } from '../../src/core/database/mongo/plan/words';
import type { Plan, PlanTotals, Stage } from '../../src/core/database/plan';
import type { Finding } from '../../src/core/database/finding';

export function stage(name: string, more: Partial<Stage> = {}, ...children: Stage[]): Stage {
  const made = { name, fields: {}, ...more, children };
  return { ...stageFacts(made), ...made };
}

/** `a_1` fetched. */
export function byIndex(index: string): Stage {
  return stage('FETCH', {}, stage('IXSCAN', { index }));
}

export function ranPlan(root: Stage, totals: PlanTotals, more: Partial<Plan> = {}): Plan {
  return {
    namespace: 'shop.products',
    command: null,
    engine: 'classic',
    words: MONGO_WORDS,
    executed: true,
    totals,
    root,
    rejected: [],
    facts: {},
    problems: [],
    ...more,
  };
}

export function onlyPlanned(root: Stage): Plan {
  return ranPlan(root, {}, { executed: false });
}

export function findingOf(rule: string, severity: Finding['severity'] = 'warning', evidence = 'Seen.'): Finding {
  return { rule, title: 'A rule', severity, evidence, guard: 'Checked.', advice: 'Do this.' };
}
