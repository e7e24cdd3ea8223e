import type { Stage } from '../../plan';
import type { Finding } from '../../finding';
import { asNumber, isDocument, isNonEmpty } from '../../../ejson/documents';
import { finding, type RuleContext } from './context';
import { isUnbounded } from '../plan/bounds';
import { names } from '../../../words/lists';
import { filterFields } from './predicates';
import { inDecimals } from '../../../words/numbers';

/** Fields that an index scan of the tree enters at single values. */
function boundPoints(root: Stage): { fields: Set<string>; index?: string } {
  const fields = new Set<string>();
  let index: string | undefined;
  const open = [root];
  for (let stage = open.pop(); stage; stage = open.pop()) {
    if (stage.name === 'IXSCAN') {
      index ??= stage.index;
      for (const field in stage.bounds) {
        if (stage.bounds[field].length && !isUnbounded(stage.bounds[field]) && stage.bounds[field].every(isPoint))
          fields.add(field);
      }
    }
    for (const one of stage.children) open.push(one);
  }
  return { fields, ...(index === undefined ? {} : { index }) };
}

/** `["x", "x"]`: both ends are the same. */
function isPoint(interval: string): boolean {
  const inside = /^\[(.*)\]$/s.exec(interval)?.[1] ?? '';
  const half = (inside.length - 2) / 2;
  return (
    Number.isInteger(half) &&
    half > 0 &&
    inside.slice(half, half + 2) === ', ' &&
    inside.slice(0, half) === inside.slice(half + 2)
  );
}

/** R38: a plan that looks better than the one that won, or as good. */
export function planChoice({ plan, query }: RuleContext): Finding[] {
  if (!plan.rejected.length) return [];
  const equalities = new Set(query.predicates.filter(({ operator }) => operator === '$eq').map(({ field }) => field));
  const own = boundPoints(plan.root);
  const ownCount = [...own.fields].filter((field) => equalities.has(field)).length;
  const better = plan.rejected
    .slice(0, 100)
    .map(boundPoints)
    .find(
      ({ fields, index }) =>
        index !== own.index && [...fields].filter((field) => equalities.has(field)).length > ownCount,
    );
  const advice =
    'Look at both plans side by side. When the winner keeps being worse, drop or hide its index, or set the other one by query settings or a hint.';
  if (better) {
    return [
      finding('R38', 'info', null, {
        evidence: `The plan with ${better.index ?? 'another index'} bounds ${names(better.fields)}, the winner with ${own.index ?? 'no index'} ${own.fields.size ? `only ${names(own.fields)}` : 'no field to a value'}.`,
        guard: 'Counted are equality conditions of the query.',
        advice,
      }),
    ];
  }
  const score = isDocument(plan.facts.winnerTrial) ? asNumber(plan.facts.winnerTrial.score) : undefined;
  const tie = plan.rejected.find(({ fields }) => isDocument(fields.trial) && asNumber(fields.trial.score) === score);
  if (score === undefined || !tie) return [];
  return [
    finding('R38', 'info', null, {
      evidence: `The winner and the plan with ${boundPoints(tie).index ?? tie.name} both scored ${inDecimals(score, 4)}.`,
      guard: 'Both ran in the trial.',
      advice,
    }),
  ];
}

/** R39: the cached plan failed while the query ran. */
export function replanned({ plan }: RuleContext): Finding[] {
  if (plan.facts.replanned !== true) return [];
  const reason = typeof plan.facts.replanReason === 'string' ? ` (${plan.facts.replanReason.slice(0, 200)})` : '';
  return [
    finding('R39', 'warning', null, {
      evidence: `The server replanned the query while it ran${reason}.`,
      guard: 'The profiler says so.',
      advice:
        'Compare $planCacheStats of this shape: what runs may differ from what explain shows, which ignores the cache. Make the better index the only choice.',
    }),
  ];
}

/** R40: not all plans were looked at. */
export function plannerLimits({ plan }: RuleContext): Finding[] {
  const reached = Object.keys(plan.facts).filter(
    (name) => (/^max\w+Reached$/.test(name) || name === 'prunedSimilarIndexes') && plan.facts[name] === true,
  );
  if (!reached.length) return [];
  return [
    finding('R40', 'info', null, {
      evidence: `The planner reports ${names(reached)}.`,
      guard: 'The server itself says so.',
      advice: 'Simplify $or and $in, or remove similar indexes, so that fewer plans are possible.',
    }),
  ];
}

/** R41: a query for every shard. */
export function allShards({ stages, command, plan, query, facts }: RuleContext): Finding[] {
  const shards = [...new Set(stages.map(({ stage }) => stage.shard).filter((shard) => shard !== undefined))];
  if (shards.length < 2 || !isNonEmpty(command.filter)) return [];
  const { shardKey } = facts(command.collection);
  const keyFields = Object.keys(shardKey ?? {});
  const asked = new Set(
    query.predicates
      .filter(({ operator }) => operator === '$eq' || operator === '$in' || /^\$[gl]te?$/.test(operator))
      .map(({ field }) => field),
  );
  // The first field of the key tells the shards; a range or a list of it may well be on several.
  if (keyFields.length && asked.has(keyFields[0])) return [];
  const merged = typeof plan.facts.mergeType === 'string' ? `, merged on ${plan.facts.mergeType}` : '';
  return [
    finding('R41', 'warning', null, {
      evidence: `${shards.length} shards were asked (${names(shards)})${merged}.`,
      guard: `The filter is not empty, and ${names(filterFields(command.filter)) || 'it'} does not tell one shard.`,
      advice: `Add the shard key${keyFields.length ? ` (${names(keyFields)})` : ''} to the filter where the caller knows it.`,
    }),
  ];
}

/** R48: partial numbers. */
export function notFinished({ plan }: RuleContext): Finding[] {
  if (!plan.failure) return [];
  const { code, message } = plan.failure;
  const advice =
    code === 50
      ? 'Raise maxTimeMS, or explain with queryPlanner only; the numbers are of the part that ran.'
      : 'The numbers are of the part that ran; remove the cause, then run it again.';
  return [
    finding('R48', 'warning', null, {
      evidence: `The execution failed${code === undefined ? '' : ` with error ${code}`}: ${message.slice(0, 300)}`,
      guard: 'The server itself says so.',
      advice,
    }),
  ];
}
