import type { ExplainRun, RunChange, RunComparison } from './explainRun';
import { counted, inDigits, ratioText } from '../words/numbers';
import { names } from '../words/lists';
import { millisText } from '../words/times';
import type { Finding, Plan, PlanTotals, Stage } from './plan';
import { accessPaths } from './planText';

/** A run as far as two of them are compared; what is absent is not compared. */
export type ComparableRun = Pick<ExplainRun, 'plan' | 'findings'> &
  Partial<Pick<ExplainRun, 'verbosity' | 'connection' | 'database' | 'collection' | 'text'>>;

/** Times differ by chance: only a larger factor and distance count. */
const NOISE_FACTOR = 1.5;
const NOISE_MS = 5;
/** A time that contradicts the counters is believed from here on: below, load explains it. */
const CONTRADICTS_MS = 100;
/** Counters of the same data are exact, but data changes between runs: a smaller share is no change for the better or worse. */
const SMALL_SHARE = 0.1;

type Effect = RunChange['effect'];

/**
 * What differs between two runs of one statement, the earlier first. Work is judged by documents and keys examined per returned
 * document, never by the time alone; a run that was only planned is compared by the shape of its plan.
 */
export function compareRuns(before: ComparableRun, after: ComparableRun): RunComparison {
  const context = contextChanges(before, after);
  const measured = isCounted(before.plan) && isCounted(after.plan);
  const shape = shapeChanges(before.plan, after.plan, measured);
  const work = measured ? workChanges(totalsOf(before.plan), totalsOf(after.plan)) : [];
  const ending = endingChanges(before.plan, after.plan);
  // What is counted tells more than the plan that led to it; the time is heard apart.
  const unjudged = new Set(measured ? ['time', 'plan', 'stages'] : []);
  const judged = [...ending, ...work, ...shape].filter(({ what }) => !unjudged.has(what));
  const time = work.find(({ what }) => what === 'time');
  const verdict = verdictOf({ before, after, measured, judged, time });
  const changes = [...ending, ...shape, ...work, ...findingChanges(before.findings, after.findings), ...context];
  return { verdict, summary: summaryOf(after, verdict, changes, measured), changes };
}

/** Whether it ran, and says what it read. */
function isCounted({ executed, totals }: Plan): boolean {
  return executed && (totals.docsExamined !== undefined || totals.keysExamined !== undefined);
}

/** What a plan for distinct values returns is documents or keys, by its stages: two of them differ without meaning anything. */
function totalsOf({ command, totals }: Plan): PlanTotals {
  if (command?.distinct === undefined) return totals;
  const { returned: _returned, ...others } = totals;
  return others;
}

interface Judgement {
  readonly before: ComparableRun;
  readonly after: ComparableRun;
  readonly measured: boolean;
  readonly judged: readonly RunChange[];
  readonly time: RunChange | undefined;
}

function verdictOf({ before, after, measured, judged, time }: Judgement): RunComparison['verdict'] {
  const effects = new Set<Effect>(judged.map(({ effect }) => effect));
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
  const open: Stage[] = [root];
  for (let stage = open.pop(); stage; stage = open.pop()) {
    parts.push([stage.name, stage.index, stage.collection, stage.bounds, stage.children.length]);
    open.push(...stage.children);
  }
  return JSON.stringify(parts);
}

function change(what: string, before: string, after: string, effect: Effect): RunChange {
  return { what, before, after, effect };
}

function contextChanges(before: ComparableRun, after: ComparableRun): RunChange[] {
  const changes = (['verbosity', 'connection', 'database', 'collection'] as const).flatMap((what) => {
    const [was, is] = [before[what], after[what]];
    return was === undefined || is === undefined || was === is ? [] : [change(what, was, is, 'neutral')];
  });
  if (before.text === undefined || after.text === undefined || before.text === after.text) return changes;
  return [...changes, change('values', ...differingParts(before.text, after.text), 'neutral')];
}

const SHOWN_PART = 60;

/** Where two texts differ, from the beginning of the word on. */
function differingParts(a: string, b: string): [string, string] {
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  while (start > 0 && /[^\s,({[]/.test(a[start - 1])) start--;
  while (end > 0 && /[^\s,)}\]]/.test(a[a.length - end])) end--;
  const part = (text: string): string => {
    const inner = text.slice(start, text.length - end).trim();
    return inner === '' ? 'nothing' : inner.length > SHOWN_PART ? `${inner.slice(0, SHOWN_PART - 1)}…` : inner;
  };
  return [part(a), part(b)];
}

/** A run that stopped early has partial numbers. */
function endingChanges(before: Plan, after: Plan): RunChange[] {
  const text = ({ failure }: Plan): string => failure?.message ?? 'finished';
  if (!before.failure && !after.failure) return [];
  const effect = before.failure && after.failure ? 'neutral' : before.failure ? 'better' : 'worse';
  return [change('end', text(before), text(after), effect)];
}

function shapeChanges(before: Plan, after: Plan, measured: boolean): RunChange[] {
  const changes: RunChange[] = [];
  const [was, is] = [accessPaths(before), accessPaths(after)];
  if (was.join() !== is.join()) {
    const effect = measured ? workDirection(totalsOf(before), totalsOf(after)) : scanDirection(before, after);
    changes.push(change('plan', names(was), names(is), effect));
  } else if (stageNames(before) !== stageNames(after))
    changes.push(change('stages', stageNames(before), stageNames(after), 'neutral'));
  const both = (what: string, test: (stage: Stage) => boolean, yes: string, no: string): void => {
    const [had, has] = [hasStage(before, test), hasStage(after, test)];
    if (had !== has) changes.push(change(what, had ? yes : no, has ? yes : no, had ? 'better' : 'worse'));
  };
  both('sort', sortsMany, 'in memory', 'none in memory');
  both('disk', ({ spilled }) => spilled === true, 'spilled', 'not used');
  return changes;
}

/** Sorting a few costs nothing. */
const FEW = 100;

function sortsMany({ name, children }: Stage): boolean {
  return (name === 'SORT' || name === '$sort') && (children.at(0)?.returned ?? Infinity) > FEW;
}

/** Output first; each name once. */
function stageNames({ root }: Plan): string {
  const found = new Set<string>();
  const open: Stage[] = [root];
  for (let stage = open.pop(); stage; stage = open.pop()) {
    found.add(stage.name);
    for (let i = stage.children.length - 1; i >= 0; i--) open.push(stage.children[i]);
  }
  return [...found].join(', ');
}

function hasStage({ root }: Plan, test: (stage: Stage) => boolean): boolean {
  const open: Stage[] = [root];
  for (let stage = open.pop(); stage; stage = open.pop()) {
    if (test(stage)) return true;
    open.push(...stage.children);
  }
  return false;
}

/** Without counters only this is sure: a scan of the whole collection came or went. */
function scanDirection(before: Plan, after: Plan): Effect {
  const scans = (plan: Plan): number => accessPaths(plan).filter((path) => path === 'COLLSCAN').length;
  const [had, has] = [scans(before), scans(after)];
  return had === has ? 'neutral' : had > has ? 'better' : 'worse';
}

/** Of a counter per returned document: what a different number of results does not change. */
function perReturned(value: number, { returned }: PlanTotals): number {
  return value / Math.max(1, returned ?? 1);
}

/** A key is smaller than the document that it leads to, and stands beside its neighbours. */
const KEY_WEIGHT = 0.5;

function total({ docsExamined = 0, keysExamined = 0 }: PlanTotals): number {
  return docsExamined + KEY_WEIGHT * keysExamined;
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

function workDirection(before: PlanTotals, after: PlanTotals): Effect {
  return compared(total(before), total(after), before, after);
}

function workChanges(before: PlanTotals, after: PlanTotals): RunChange[] {
  const changes: RunChange[] = [];
  const all = workDirection(before, after);
  for (const [what, counter] of [
    ['documents examined', 'docsExamined'],
    ['keys examined', 'keysExamined'],
  ] as const) {
    const [was, is] = [before[counter], after[counter]];
    if (was === undefined || is === undefined || was === is) continue;
    const own = compared(was, is, before, after);
    // Keys instead of documents are the point of an index: a counter that goes against the whole is no loss.
    changes.push(change(what, inDigits(was), inDigits(is), own === all || all === 'neutral' ? own : 'neutral'));
  }
  const [docsBefore, docsAfter] = [before.docsExamined, after.docsExamined];
  if (
    docsBefore !== undefined &&
    docsAfter !== undefined &&
    before.returned !== undefined &&
    after.returned !== undefined
  ) {
    const [was, is] = [ratioText(perReturned(docsBefore, before)), ratioText(perReturned(docsAfter, after))];
    if (was !== is)
      changes.push(
        change(
          'documents per result',
          was,
          is,
          compared(docsBefore, docsAfter, before, after) === all ? all : 'neutral',
        ),
      );
  }
  if (before.returned !== undefined && after.returned !== undefined && before.returned !== after.returned) {
    changes.push(change('returned', inDigits(before.returned), inDigits(after.returned), 'neutral'));
  }
  const [was, is] = [before.millis, after.millis];
  if (
    was !== undefined &&
    is !== undefined &&
    Math.abs(was - is) > NOISE_MS &&
    Math.max(was, is) > NOISE_FACTOR * Math.min(was, is)
  ) {
    changes.push(change('time', millisText(was), millisText(is), is < was ? 'better' : 'worse'));
  }
  return changes;
}

function findingChanges(before: readonly Finding[], after: readonly Finding[]): RunChange[] {
  const only = (some: readonly Finding[], others: readonly Finding[]): Finding[] => {
    const left = others.map(({ rule }) => rule);
    return some.filter(({ rule }) => {
      const at = left.indexOf(rule);
      if (at >= 0) left.splice(at, 1);
      return at < 0;
    });
  };
  const gone = only(before, after).map((one) =>
    change('finding', `${one.rule} ${one.evidence}`, 'gone', one.severity === 'info' ? 'neutral' : 'better'),
  );
  const added = only(after, before).map((one) =>
    change('finding', 'none', `${one.rule} ${one.evidence}`, one.severity === 'info' ? 'neutral' : 'worse'),
  );
  return [...gone, ...added];
}

function summaryOf(
  after: ComparableRun,
  verdict: RunComparison['verdict'],
  changes: readonly RunChange[],
  measured: boolean,
): string {
  const found = (what: string): RunChange | undefined => changes.find((one) => one.what === what);
  const parts = measured ? workParts(after.plan.totals, found) : [];
  const access = found('plan');
  const sort = found('sort');
  const end = found('end');
  if (end) parts.unshift(endPart(end));
  if (access) parts.push(accessPart(access, measured && parts.length > 0));
  if (sort) parts.push(sort.effect === 'better' ? 'nothing is sorted in memory any more' : 'it sorts in memory now');
  const disk = found('disk');
  if (disk) parts.push(disk.effect === 'better' ? 'it no longer spills to disk' : 'it spills to disk now');
  if (!parts.length) parts.push(unchangedPart(verdict, after.plan, found('time'), measured));
  const reasons = reservations(found, measured);
  const text = [parts.join(', '), ...reasons].join('; ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function endPart({ before, after }: RunChange): string {
  if (after === 'finished') return 'now it finishes';
  return before === 'finished'
    ? `it no longer finishes: ${after.replace(/\.$/, '')}`
    : 'neither run finished, so the numbers are partial';
}

/** So many keys for one document are worth a word. */
const MANY_KEYS = 10;

function workParts(after: PlanTotals, found: (what: string) => RunChange | undefined): string[] {
  const docs = found('documents examined');
  const keys = found('keys examined');
  if (!docs && !keys) return [];
  const documents = counted(after.docsExamined ?? 0, 'document');
  const read = counted(after.keysExamined ?? 0, 'key');
  if (docs && keys && docs.effect !== 'neutral' && keys.effect !== 'neutral' && docs.effect !== keys.effect) {
    return [`reads ${documents} instead of ${docs.before} and ${read} instead of ${keys.before}`];
  }
  const many = MANY_KEYS * Math.max(1, after.docsExamined ?? 0);
  if (docs?.effect === 'better' && keys && (after.keysExamined ?? 0) > many) {
    return [`reads ${documents} and ${read} instead of ${docs.before} documents`];
  }
  // Keys are named where they are what changed.
  if (docs && (docs.effect !== 'neutral' || !keys || keys.effect === 'neutral'))
    return [`reads ${documents} instead of ${docs.before}`];
  return keys ? [`reads ${read} instead of ${keys.before}`] : [];
}

function accessPart({ before, after }: RunChange, follows: boolean): string {
  const index = /^\w+ (.+)$/.exec(after)?.[1];
  if (after === 'COLLSCAN')
    return follows ? `by a scan of the collection instead of ${before}` : `scans the collection instead of ${before}`;
  if (index === undefined || after.includes(','))
    return follows ? `by ${after} instead of ${before}` : `plans ${after} instead of ${before}`;
  return follows ? `with the index ${index}` : `uses the index ${index} instead of ${before}`;
}

function unchangedPart(
  verdict: RunComparison['verdict'],
  after: Plan,
  time: RunChange | undefined,
  measured: boolean,
): string {
  if (!measured)
    return verdict === 'same' ? 'the plan is the same' : 'the plans cannot be told apart by what the server says';
  const { docsExamined, keysExamined } = after.totals;
  const documents = docsExamined === undefined ? '' : counted(docsExamined, 'document');
  const keys = keysExamined === undefined ? '' : counted(keysExamined, 'key');
  const work = [documents, keys].filter(Boolean).join(' and ');
  return `the same plan and the same work, ${work} read${time ? `, in ${time.after} instead of ${time.before}, which cache or load explain` : ''}`;
}

/** What weakens the comparison. */
function reservations(found: (what: string) => RunChange | undefined, measured: boolean): string[] {
  const reasons: string[] = [];
  const returned = found('returned');
  if (returned)
    reasons.push(
      `the results differ (${returned.after} returned instead of ${returned.before}), so values or data may have changed`,
    );
  else if (found('values')) reasons.push('the values differ');
  if (found('database') || found('connection') || found('collection'))
    reasons.push('the runs were against different data');
  if (!measured && !found('end'))
    reasons.push(
      `${found('verbosity') ? 'only one of them ran, so' : 'without counters'} only the shapes are compared`,
    );
  return reasons;
}
