import { accessPaths } from '../accessPaths';
import type { RunChange, RunComparison } from '../explainRun';
import type { Plan } from '../plan';
import { entriesText, rowsText } from '../planWords';
import { isScan } from './shapeChanges';
import { counterNames } from './workChanges';

export interface Compared {
  readonly after: Plan;
  readonly verdict: RunComparison['verdict'];
  readonly changes: readonly RunChange[];
  /** Both ran, and say what they read. */
  readonly measured: boolean;
}

type Find = (what: string) => RunChange | undefined;

/** So many index entries for one row are worth a word. */
const MANY_ENTRIES = 10;

/** One sentence about the changes: what it does now, and what weakens the comparison. */
export function comparisonSummary({ after, verdict, changes, measured }: Compared): string {
  const found: Find = (what) => changes.find((one) => one.what === what);
  const parts = measured ? workParts(after, found) : [];
  const access = found('plan');
  const sort = found('sort');
  const end = found('end');
  if (end) parts.unshift(endPart(end));
  if (access) parts.push(accessPart(access, after, measured && parts.length > 0));
  if (sort) parts.push(sort.effect === 'better' ? 'nothing is sorted in memory any more' : 'it sorts in memory now');
  const disk = found('disk');
  if (disk) parts.push(disk.effect === 'better' ? 'it no longer spills to disk' : 'it spills to disk now');
  if (!parts.length) parts.push(unchangedPart(verdict, after, found('time'), measured));
  const text = [parts.join(', '), ...reservations(found, after, measured)].join('; ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function endPart({ before, after }: RunChange): string {
  if (after === 'finished') return 'now it finishes';
  return before === 'finished'
    ? `it no longer finishes: ${after.replace(/\.$/, '')}`
    : 'neither run finished, so the numbers are partial';
}

function workParts({ totals: { rowsRead = 0, entriesRead = 0 }, words }: Plan, found: Find): string[] {
  const counters = counterNames(words);
  const rows = found(counters.rowsRead);
  const entries = found(counters.entriesRead);
  if (!rows && !entries) return [];
  const rowsNow = rowsText(rowsRead, words);
  const entriesNow = entriesText(entriesRead, words);
  if (rows && entries && rows.effect !== 'neutral' && entries.effect !== 'neutral' && rows.effect !== entries.effect)
    return [`reads ${rowsNow} instead of ${rows.before} and ${entriesNow} instead of ${entries.before}`];
  if (rows?.effect === 'better' && entries && entriesRead > MANY_ENTRIES * Math.max(1, rowsRead))
    return [`reads ${rowsNow} and ${entriesNow} instead of ${rows.before} ${words.rows}`];
  // Entries are named where they are what changed.
  if (rows && (rows.effect !== 'neutral' || !entries || entries.effect === 'neutral'))
    return [`reads ${rowsNow} instead of ${rows.before}`];
  return entries ? [`reads ${entriesNow} instead of ${entries.before}`] : [];
}

function accessPart({ before, after: now }: RunChange, after: Plan, follows: boolean): string {
  const paths = accessPaths(after);
  const only = paths.length === 1 ? paths[0] : undefined;
  if (only && isScan(only)) {
    const { target } = after.words;
    return follows ? `by a scan of the ${target} instead of ${before}` : `scans the ${target} instead of ${before}`;
  }
  if (only?.index === undefined)
    return follows ? `by ${now} instead of ${before}` : `plans ${now} instead of ${before}`;
  return follows ? `with the index ${only.index}` : `uses the index ${only.index} instead of ${before}`;
}

function unchangedPart(
  verdict: RunComparison['verdict'],
  { totals: { rowsRead, entriesRead }, words }: Plan,
  time: RunChange | undefined,
  measured: boolean,
): string {
  if (!measured)
    return verdict === 'same' ? 'the plan is the same' : 'the plans cannot be told apart by what the server says';
  const rows = rowsRead === undefined ? '' : rowsText(rowsRead, words);
  const entries = entriesRead === undefined ? '' : entriesText(entriesRead, words);
  const work = [rows, entries].filter(Boolean).join(' and ');
  return `the same plan and the same work, ${work} read${time ? `, in ${time.after} instead of ${time.before}, which cache or load explain` : ''}`;
}

/** What weakens the comparison. */
function reservations(found: Find, { words }: Plan, measured: boolean): string[] {
  const reasons: string[] = [];
  const returned = found('returned');
  if (returned)
    reasons.push(
      `the results differ (${returned.after} returned instead of ${returned.before}), so values or data may have changed`,
    );
  else if (found('values')) reasons.push('the values differ');
  if (found('database') || found('connection') || found(words.target))
    reasons.push('the runs were against different data');
  if (!measured && !found('end'))
    reasons.push(
      `${found('verbosity') ? 'only one of them ran, so' : 'without counters'} only the shapes are compared`,
    );
  return reasons;
}
