import type { ComparableRun, RunChange, RunComparison } from '../explainRun';
import type { Plan } from '../plan';
import { stagesOf } from '../stages';
import { comparisonSummary } from './comparisonSummary';
import { contextChanges, endingChanges, findingChanges } from './contextChanges';
import { shapeChanges } from './shapeChanges';
import { comparedTotals, workChanges } from './workChanges';

/** A time that contradicts the counters is believed from here on: below, load explains it. */
const CONTRADICTS_MS = 100;

/**
 * What differs between two runs of one statement, the earlier first. Work is judged by rows and index entries read per
 * returned row, never by the time alone; a run that was only planned is compared by the shape of its plan.
 */
export function compareRuns(before: ComparableRun, after: ComparableRun): RunComparison {
  const context = contextChanges(before, after);
  const measured = isCounted(before.plan) && isCounted(after.plan);
  const shape = shapeChanges(before.plan, after.plan, measured);
  const work = measured ? workChanges(comparedTotals(before.plan), comparedTotals(after.plan), after.plan.words) : [];
  const ending = endingChanges(before.plan, after.plan);
  // What is counted tells more than the plan that led to it; the time is heard apart.
  const unjudged = new Set(measured ? ['time', 'plan', 'stages'] : []);
  const judged = [...ending, ...work, ...shape].filter(({ what }) => !unjudged.has(what));
  const time = work.find(({ what }) => what === 'time');
  const verdict = verdictOf({ before, after, measured, judged, time });
  const changes = [...ending, ...shape, ...work, ...findingChanges(before.findings, after.findings), ...context];
  return { verdict, summary: comparisonSummary({ after: after.plan, verdict, changes, measured }), changes };
}

/** Whether it ran, and says what it read. */
function isCounted({ executed, totals }: Plan): boolean {
  return executed && (totals.rowsRead !== undefined || totals.entriesRead !== undefined);
}

interface Judgement {
  readonly before: ComparableRun;
  readonly after: ComparableRun;
  readonly measured: boolean;
  readonly judged: readonly RunChange[];
  readonly time: RunChange | undefined;
}

function verdictOf({ before, after, measured, judged, time }: Judgement): RunComparison['verdict'] {
  const effects = new Set<RunChange['effect']>(judged.map(({ effect }) => effect));
  if (!measured && !effects.has('better') && !effects.has('worse')) {
    const failed = before.plan.failure ?? after.plan.failure;
    return !failed && shapeKey(before.plan) === shapeKey(after.plan) ? 'same' : 'unknown';
  }
  // The time may contradict what the counters say; alone it says nothing.
  const apart = Math.abs((before.plan.totals.millis ?? 0) - (after.plan.totals.millis ?? 0));
  if (time && apart > CONTRADICTS_MS && (effects.has('better') || effects.has('worse'))) effects.add(time.effect);
  if (effects.has('better')) return effects.has('worse') ? 'mixed' : 'better';
  return effects.has('worse') ? 'worse' : 'same';
}

/** Stages and indexes of the whole tree, without counters. */
function shapeKey({ root }: Plan): string {
  const parts: unknown[] = [];
  for (const { name, index, target, bounds, children } of stagesOf(root))
    parts.push([name, index, target, bounds, children.length]);
  return JSON.stringify(parts);
}
