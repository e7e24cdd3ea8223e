import type { Plan, Stage } from '../../src/core/database/plan';

/** How often each name of a stage is there. */
export type NameCounts = Map<string, number>;

export function addName(counts: NameCounts, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

/** All stages of some trees, parents first. */
export function allStages(roots: readonly Stage[]): Stage[] {
  const found: Stage[] = [];
  const open = [...roots].reverse();
  for (let stage = open.pop(); stage; stage = open.pop()) {
    found.push(stage);
    open.push(...[...stage.children].reverse());
  }
  return found;
}

/** Names of all stages of a plan, taken and rejected, with the slot-based ones that carry out a stage. */
export function planNames(plan: Plan): NameCounts {
  const counts: NameCounts = new Map();
  for (const stage of allStages([plan.root, ...plan.rejected])) {
    addName(counts, stage.name);
    for (const slot of (stage.fields.slotStages as { stage: string }[] | undefined) ?? []) addName(counts, slot.stage);
  }
  return counts;
}

/**
 * Names of all stages that a server's answer has, counted without knowing any of its shapes: a stage is an object with a
 * `stage`, or an entry of a list of stages named by a key with `$`. What is told twice of one plan (as planned, and as it
 * ran) counts once: of every name the larger of both.
 */
export function jsonNames(answer: unknown): NameCounts {
  const planned: NameCounts = new Map();
  const executed: NameCounts = new Map();
  const once: NameCounts = new Map();
  collect(answer, '', 'once');
  for (const name of new Set([...planned.keys(), ...executed.keys()])) {
    const count = Math.max(planned.get(name) ?? 0, executed.get(name) ?? 0);
    once.set(name, (once.get(name) ?? 0) + count);
  }
  return once;

  function collect(value: unknown, key: string, half: 'once' | 'planned' | 'executed'): void {
    if (typeof value !== 'object' || value === null) return;
    // A trial repeats plans that are told elsewhere; what the user wrote is no plan.
    if (
      [
        'allPlansExecution',
        'command',
        'parsedQuery',
        'filter',
        'shardsPart',
        'slotBasedPlan',
        'serverParameters',
      ].includes(key)
    )
      return;
    const counts = { once, planned, executed }[half];
    if (Array.isArray(value)) {
      for (const entry of value as Record<string, unknown>[]) {
        if (key === 'stages' || key === 'mergerPart') {
          const operator = Object.keys(entry).find((name) => name.startsWith('$'));
          if (operator) addName(counts, operator);
        }
        collect(entry, '', half);
      }
      return;
    }
    const { stage } = value as { stage?: unknown };
    if (typeof stage === 'string' && stage !== '') addName(counts, stage);
    for (const [name, child] of Object.entries(value)) {
      collect(
        child,
        name,
        name === 'winningPlan' || name === 'rejectedPlans' ? 'planned' : name === 'executionStages' ? 'executed' : half,
      );
    }
  }
}
