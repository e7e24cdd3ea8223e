import { names } from '../../words/lists';
import { accessPaths, type AccessPath } from '../accessPaths';
import type { RunChange } from '../explainRun';
import type { Plan, Stage } from '../plan';
import { stagesOf } from '../stages';
import { comparedTotals, workDirection } from './workChanges';

type Effect = RunChange['effect'];

/** Sorting a few costs nothing. */
const FEW = 100;

/** How the plans reach their rows, what they are made of, what they sort and spill. */
export function shapeChanges(before: Plan, after: Plan, measured: boolean): RunChange[] {
  const changes: RunChange[] = [];
  const [was, is] = [accessPaths(before), accessPaths(after)].map((paths) => paths.map(({ text }) => text));
  if (was.join() !== is.join()) {
    const effect = measured
      ? workDirection(comparedTotals(before), comparedTotals(after))
      : scanDirection(before, after);
    changes.push({ what: 'plan', before: names(was), after: names(is), effect });
  } else if (stageNames(before) !== stageNames(after))
    changes.push({ what: 'stages', before: stageNames(before), after: stageNames(after), effect: 'neutral' });
  const both = (what: string, test: (stage: Stage) => boolean, yes: string, no: string): void => {
    const [had, has] = [hasStage(before, test), hasStage(after, test)];
    if (had !== has)
      changes.push({ what, before: had ? yes : no, after: has ? yes : no, effect: had ? 'better' : 'worse' });
  };
  both('sort', sortsMany, 'in memory', 'none in memory');
  both('disk', ({ spilled }) => spilled === true, 'spilled', 'not used');
  return changes;
}

function sortsMany({ role, children }: Stage): boolean {
  return role === 'sort' && (children.at(0)?.returned ?? Infinity) > FEW;
}

/** Output first; each name once. */
function stageNames({ root }: Plan): string {
  return [...new Set([...stagesOf(root)].map(({ name }) => name))].join(', ');
}

function hasStage({ root }: Plan, test: (stage: Stage) => boolean): boolean {
  for (const stage of stagesOf(root)) if (test(stage)) return true;
  return false;
}

export function isScan({ role }: AccessPath): boolean {
  return role === 'scan';
}

/** Without counters only this is sure: a scan of everything came or went. */
function scanDirection(before: Plan, after: Plan): Effect {
  const [had, has] = [before, after].map((plan) => accessPaths(plan).filter(isScan).length);
  return had === has ? 'neutral' : had > has ? 'better' : 'worse';
}
