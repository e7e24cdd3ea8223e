import type { Plan } from '../../plan';
import type { TargetFacts } from '../../facts';
import type { Finding } from '../../finding';
import { collation, expression, longList, negation, nullOrMissing, regex, serverScript } from './conditionRules';
import type { Statement } from '../../statement';
import { type Rule, runRules } from '../../findings/runRules';
import { type RuleContext, ruleContext } from './context';
import { manyIndexes, redundantIndex, unusedIndex } from './indexRules';
import { facetForCount, joins, largeSkip, lateMatch, pipelineOrder } from './pipelineRules';
import { allShards, notFinished, planChoice, plannerLimits, replanned } from './plannerRules';
import { documentRatio, hint, keyRatio, keysPerDocument, wholeIndex } from './ratioRules';
import { almostCovered, otherType, replacement, unlimitedResult, wholeDocuments } from './resultRules';
import {
  collectionScan,
  exactCountOfAll,
  fewValues,
  indexIntersection,
  unindexedAlternatives,
  writeCollectionScan,
} from './scanRules';
import { nearMemoryLimit, sortAndLimitApart, sortInMemory, spilled } from './sortRules';

const ALL: readonly Rule<RuleContext>[] = [
  notFinished,
  collectionScan,
  writeCollectionScan,
  unindexedAlternatives,
  fewValues,
  exactCountOfAll,
  indexIntersection,
  documentRatio,
  keyRatio,
  wholeIndex,
  keysPerDocument,
  hint,
  sortInMemory,
  spilled,
  nearMemoryLimit,
  sortAndLimitApart,
  regex,
  negation,
  serverScript,
  expression,
  collation,
  nullOrMissing,
  longList,
  largeSkip,
  facetForCount,
  joins,
  lateMatch,
  pipelineOrder,
  wholeDocuments,
  almostCovered,
  unlimitedResult,
  otherType,
  replacement,
  planChoice,
  replanned,
  plannerLimits,
  allShards,
  redundantIndex,
  unusedIndex,
  manyIndexes,
];

const NO_FACTS: ReadonlyMap<string, TargetFacts> = new Map();

export interface FindOptions {
  /** Milliseconds since 1970. */
  readonly now?: number;
  /** What was explained, where it comes from source: how the result is used makes rules surer. */
  readonly statement?: Statement;
}

/**
 * What is worth saying about a plan, the worst first. `facts` by the name of the collection make rules surer and let more of
 * them speak; all work without.
 */
export function findIn(
  plan: Plan,
  facts: ReadonlyMap<string, TargetFacts> = NO_FACTS,
  { now = Date.now(), statement }: FindOptions = {},
): Finding[] {
  return runRules(ALL, ruleContext(plan, facts, now, statement));
}
