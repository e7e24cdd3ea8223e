import type { Plan, Stage } from '../../plan';
import type { TargetFacts } from '../../facts';
import type { Finding } from '../../finding';
import { asNumber } from '../../../ejson/documents';
import { pathTo, type PlacedStage, placedStages } from '../../stages';
import type { Statement } from '../../statement';
import { type CommandParts, commandParts } from '../commands/commandParts';
import { type Conjunction, conjunction } from './predicates';
import { type RuleId, RULES } from './rules';

/** Everything that the rules look at. */
export interface RuleContext {
  readonly plan: Plan;
  readonly command: CommandParts;
  readonly query: Conjunction;
  /** All stages of the taken plan, parents first. */
  readonly stages: readonly PlacedStage[];
  readonly facts: (collection: string | null) => TargetFacts;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** What was explained, where it comes from source. */
  readonly statement?: Statement;
}

export function ruleContext(
  plan: Plan,
  facts: ReadonlyMap<string, TargetFacts>,
  now: number,
  statement?: Statement,
): RuleContext {
  const command = commandParts(plan);
  return {
    plan,
    command,
    query: conjunction(command.filter),
    stages: placedStages(plan.root, command.collection),
    facts: (collection) => facts.get(collection ?? '') ?? {},
    now,
    statement,
  };
}

export function finding(
  rule: RuleId,
  severity: Finding['severity'],
  at: PlacedStage | null,
  texts: Pick<Finding, 'evidence' | 'guard' | 'advice'>,
): Finding {
  return { rule, title: RULES[rule].title, severity, ...(at ? { stage: pathTo(at) } : {}), ...texts };
}

/** Stages that hand on what they get, in the same or a smaller number. */
const PASSING =
  /^(PROJECTION\w*|SORT\w*|LIMIT|SKIP|SHARDING_FILTER|KEEP_MUTATIONS|SUBPLAN|FETCH|CACHED_PLAN|MULTI_PLAN|ENSURE_SORTED|SORT_KEY_GENERATOR)$/;

/** The stages above that only hand on the documents of this one, nearest first. */
export function passingAbove(placed: PlacedStage): PlacedStage[] {
  const above: PlacedStage[] = [];
  for (let at = placed.parent; at && PASSING.test(at.stage.name); at = at.parent) above.push(at);
  return above;
}

/** What the query got out of a scan: what the highest stage that only hands on has returned. */
export function deliveredBy(placed: PlacedStage): number | undefined {
  return passingAbove(placed).at(-1)?.stage.returned ?? placed.stage.returned;
}

/** Whether a limit above stopped the scan before its end; a sort in between would have read all. */
export function stoppedByLimit(placed: PlacedStage): boolean {
  if (asNumber(placed.stage.fields.isEOF) !== 0) return false;
  for (const { stage } of passingAbove(placed)) {
    if (stage.name === 'SORT') return false;
    if (stage.name === 'LIMIT') return true;
  }
  return false;
}

export function hasAncestor(placed: PlacedStage, test: (stage: Stage) => boolean): boolean {
  for (let at = placed.parent; at; at = at.parent) if (test(at.stage)) return true;
  return false;
}
