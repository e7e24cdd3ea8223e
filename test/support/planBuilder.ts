import type { Finding, Plan, PlanTotals, Stage } from '../../src/core/database/plan';

export function stage(name: string, more: Partial<Stage> = {}, ...children: Stage[]): Stage {
  return { name, fields: {}, ...more, children };
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
  return { rule, severity, evidence, guard: 'Checked.', advice: 'Do this.' };
}
