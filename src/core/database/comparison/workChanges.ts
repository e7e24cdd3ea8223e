import { inDigits, ratioText } from '../../words/numbers';
import { millisText } from '../../words/times';
import type { RunChange } from '../explainRun';
import type { Plan, PlanTotals } from '../plan';
import type { PlanWords } from '../planWords';

type Effect = RunChange['effect'];

/** Times differ by chance: only a larger factor and distance count. */
const NOISE_FACTOR = 1.5;
const NOISE_MS = 5;
/** Counters of the same data are exact, but data changes between runs: a smaller share is no change for the better or worse. */
const SMALL_SHARE = 0.1;
/** An index entry is smaller than the row that it leads to, and stands beside its neighbours. */
const ENTRY_WEIGHT = 0.5;

/** What a plan for distinct values returns is rows or entries, by its stages: two of them differ without meaning anything. */
export function comparedTotals({ distinct, totals }: Plan): PlanTotals {
  if (!distinct) return totals;
  const { returned: _returned, ...others } = totals;
  return others;
}

/** Of a counter per returned row: what a different number of results does not change. */
function perReturned(value: number, { returned }: PlanTotals): number {
  return value / Math.max(1, returned ?? 1);
}

function total({ rowsRead = 0, entriesRead = 0 }: PlanTotals): number {
  return rowsRead + ENTRY_WEIGHT * entriesRead;
}

/** Fewer is better. What changes by little, or by a single one, is neutral. */
function direction(was: number, is: number): Effect {
  if (Math.abs(was - is) <= Math.max(1, SMALL_SHARE * Math.max(was, is))) return 'neutral';
  return is < was ? 'better' : 'worse';
}

/** A different number of results changes the work of the same plan: then the work for each of them counts. */
function compared(was: number, is: number, before: PlanTotals, after: PlanTotals): Effect {
  if (before.returned === after.returned) return direction(was, is);
  const [each, now] = [perReturned(was, before), perReturned(is, after)];
  return Math.abs(each - now) <= SMALL_SHARE * Math.max(each, now) ? 'neutral' : now < each ? 'better' : 'worse';
}

export function workDirection(before: PlanTotals, after: PlanTotals): Effect {
  return compared(total(before), total(after), before, after);
}

/** `what` of the changes of both counters. */
export function counterNames({ rows, entries }: PlanWords): {
  readonly rowsRead: string;
  readonly entriesRead: string;
} {
  return { rowsRead: `${rows} examined`, entriesRead: `${entries} examined` };
}

/** What was read, returned and took its time. */
export function workChanges(before: PlanTotals, after: PlanTotals, words: PlanWords): RunChange[] {
  const changes: RunChange[] = [];
  const all = workDirection(before, after);
  for (const counter of ['rowsRead', 'entriesRead'] as const) {
    const [was, is] = [before[counter], after[counter]];
    if (was === undefined || is === undefined || was === is) continue;
    const own = compared(was, is, before, after);
    // Index entries instead of rows are the point of an index: a counter that goes against the whole is no loss.
    const effect = own === all || all === 'neutral' ? own : 'neutral';
    changes.push({ what: counterNames(words)[counter], before: inDigits(was), after: inDigits(is), effect });
  }
  return [
    ...changes,
    ...perResult(before, after, all, words),
    ...returnedChange(before, after),
    ...timeChange(before, after),
  ];
}

function perResult(before: PlanTotals, after: PlanTotals, all: Effect, { rows }: PlanWords): RunChange[] {
  const [readBefore, readAfter] = [before.rowsRead, after.rowsRead];
  if (
    readBefore === undefined ||
    readAfter === undefined ||
    before.returned === undefined ||
    after.returned === undefined
  )
    return [];
  const [was, is] = [ratioText(perReturned(readBefore, before)), ratioText(perReturned(readAfter, after))];
  if (was === is) return [];
  const effect = compared(readBefore, readAfter, before, after) === all ? all : 'neutral';
  return [{ what: `${rows} per result`, before: was, after: is, effect }];
}

function returnedChange({ returned: was }: PlanTotals, { returned: is }: PlanTotals): RunChange[] {
  if (was === undefined || is === undefined || was === is) return [];
  return [{ what: 'returned', before: inDigits(was), after: inDigits(is), effect: 'neutral' }];
}

function timeChange({ millis: was }: PlanTotals, { millis: is }: PlanTotals): RunChange[] {
  if (was === undefined || is === undefined) return [];
  if (Math.abs(was - is) <= NOISE_MS || Math.max(was, is) <= NOISE_FACTOR * Math.min(was, is)) return [];
  return [{ what: 'time', before: millisText(was), after: millisText(is), effect: is < was ? 'better' : 'worse' }];
}
