import type { CollectionFacts, Finding, Plan, Stage } from '../../plan';
import { asNumber, type EjsonDocument } from '../../../ejson/documents';
import type { Statement } from '../../statement';
import { type CommandParts, commandParts } from '../commands/commandParts';
import { type Conjunction, conjunction } from './predicates';
import type { RuleId } from './rules';

/** A stage with its place in the tree. */
export interface Placed {
  readonly stage: Stage;
  readonly parent: Placed | null;
  /** Among the parent's children. */
  readonly index: number;
  /** Collection that it reads. */
  readonly collection: string | null;
}

/** Everything that the rules look at. */
export interface RuleContext {
  readonly plan: Plan;
  readonly command: CommandParts;
  readonly query: Conjunction;
  /** All stages of the taken plan, parents first. */
  readonly stages: readonly Placed[];
  readonly facts: (collection: string | null) => CollectionFacts;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** What was explained, where it comes from source. */
  readonly statement?: Statement;
}

export type Rule = (context: RuleContext) => Finding[];

export function ruleContext(
  plan: Plan,
  facts: ReadonlyMap<string, CollectionFacts>,
  now: number,
  statement?: Statement,
): RuleContext {
  const command = commandParts(plan);
  const stages: Placed[] = [];
  const open: Placed[] = [
    { stage: plan.root, parent: null, index: 0, collection: plan.root.collection ?? command.collection },
  ];
  for (let placed = open.pop(); placed; placed = open.pop()) {
    stages.push(placed);
    const { children } = placed.stage;
    for (let index = children.length - 1; index >= 0; index--) {
      const stage = children[index];
      open.push({ stage, parent: placed, index, collection: stage.collection ?? command.collection });
    }
  }
  return {
    plan,
    command,
    query: conjunction(command.filter),
    stages,
    facts: (collection) => facts.get(collection ?? '') ?? {},
    now,
    statement,
  };
}

/** Child indices from the root. */
export function pathTo(placed: Placed): number[] {
  const path: number[] = [];
  for (let at = placed; at.parent; at = at.parent) path.push(at.index);
  return path.reverse();
}

export function finding(
  rule: RuleId,
  severity: Finding['severity'],
  at: Placed | null,
  texts: Pick<Finding, 'evidence' | 'guard' | 'advice'>,
): Finding {
  return { rule, severity, ...(at ? { stage: pathTo(at) } : {}), ...texts };
}

/** Stages that hand on what they get, in the same or a smaller number. */
const PASSING =
  /^(PROJECTION\w*|SORT\w*|LIMIT|SKIP|SHARDING_FILTER|KEEP_MUTATIONS|SUBPLAN|FETCH|CACHED_PLAN|MULTI_PLAN|ENSURE_SORTED|SORT_KEY_GENERATOR)$/;

/** The stages above that only hand on the documents of this one, nearest first. */
export function passingAbove(placed: Placed): Placed[] {
  const above: Placed[] = [];
  for (let at = placed.parent; at && PASSING.test(at.stage.name); at = at.parent) above.push(at);
  return above;
}

/** What the query got out of a scan: what the highest stage that only hands on has returned. */
export function deliveredBy(placed: Placed): number | undefined {
  return passingAbove(placed).at(-1)?.stage.returned ?? placed.stage.returned;
}

/** Whether a limit above stopped the scan before its end; a sort in between would have read all. */
export function stoppedByLimit(placed: Placed): boolean {
  if (asNumber(placed.stage.fields.isEOF) !== 0) return false;
  for (const { stage } of passingAbove(placed)) {
    if (stage.name === 'SORT') return false;
    if (stage.name === 'LIMIT') return true;
  }
  return false;
}

export function hasAncestor(placed: Placed, test: (stage: Stage) => boolean): boolean {
  for (let at = placed.parent; at; at = at.parent) if (test(at.stage)) return true;
  return false;
}

/** Whether the intervals let every key through. */
export function isUnbounded(intervals: readonly string[] | undefined): boolean {
  return intervals?.length === 1 && /^\[(MinKey, MaxKey|MaxKey, MinKey)\]$/.test(intervals[0]);
}

/** First field of the index that the query does not bound; null when all are bounded, or bounds are not told. */
export function firstUnbounded({ bounds }: Stage): string | null {
  for (const field in bounds) if (isUnbounded(bounds[field])) return field;
  return null;
}

export function leadingField(key: EjsonDocument | undefined): string | undefined {
  for (const field in key) return field;
  return undefined;
}

export function isNonEmpty(filter: unknown): boolean {
  if (typeof filter !== 'object' || filter === null) return false;
  for (const _ in filter) return true;
  return false;
}
