import type { ScaleCheck, ScalePoint } from './explainRun';
import { inDigits, ratioText } from '../words/numbers';
import type { PlanTotals } from './plan';
import { type PlanWords, rowsText } from './planWords';

export type Complexity = ScaleCheck['complexity'];

/** How a value grew with a number of rows. */
export interface Growth {
  readonly complexity: Complexity;
  /** From this number of rows on it grew no more, though it did before. */
  readonly settledAt?: number;
}

/** Simplest first: of two that fit, the simpler one is believed. */
const MODELS: readonly (readonly [Complexity, (documents: number) => number])[] = [
  ['constant', () => 0],
  ['logarithmic', (n) => Math.log2(n + 1)],
  ['linear', (n) => n],
  ['n log n', (n) => n * Math.log2(n + 1)],
  ['quadratic', (n) => n * n],
];

/** Sizes that are closer than this tell nothing. */
const LEAST_SPAN = 4;
/** Relative error of a fit that is good; one that is better than half of this is not looked for. */
const GOOD_FIT = 0.1;
const WORST_FIT = 0.35;
const BETTER = 1.6;
/** Two standard deviations of a count that a random sample gives (1/√count each); a law that is further off is another one. */
const CHANCE = 2;
const MOST_CHANCE = 0.25;
/** Growth up to here over the whole span is no growth. */
const FLAT = 1.3;
/** The same for the end of a series, which a slow growth would pass for; before it, the value at least doubles. */
const SETTLED = 1.15;
const STEEP = 2;

/**
 * The simplest law that a value follows, by least squares of the relative error. `series` is pairs of rows and value, in
 * any order. A series that grows and then stays (a limit is reached) is constant, `settledAt` says from where on. Unknown with
 * fewer than two sizes, with sizes that are close together, and where no law fits.
 */
export function fitGrowth(series: readonly (readonly [rows: number, value: number])[]): Growth {
  const points = ascending(series);
  if (points.length < 2 || points[points.length - 1][0] < LEAST_SPAN * points[0][0]) return { complexity: 'unknown' };
  if (isFlat(points)) return { complexity: 'constant' };
  const settledAt = plateauStart(points);
  if (settledAt !== undefined) return { complexity: 'constant', settledAt };
  if (points.length === 2) return { complexity: byExponent(points[0], points[1]) };
  const fits = MODELS.map(([complexity, law]) => ({ complexity, error: relativeError(points, law) }));
  const best = Math.min(...fits.map(({ error }) => error));
  if (best > WORST_FIT) return { complexity: 'unknown' };
  // Within the span of a check, n log n is hardly further from linear than the counts of small samples are.
  const byChance = Math.min(MOST_CHANCE, CHANCE * Math.sqrt(mean(points.map(([, value]) => 1 / Math.max(1, value)))));
  const simplest = fits.find(
    ({ complexity, error }) => error <= Math.max(GOOD_FIT, BETTER * best, complexity === 'linear' ? byChance : 0),
  );
  return { complexity: simplest?.complexity ?? 'unknown' };
}

type Point = readonly [number, number];

function mean(values: readonly number[]): number {
  return values.reduce((sum, one) => sum + one, 0) / values.length;
}

/** One value for each number of rows, the mean of several. */
function ascending(series: readonly Point[]): Point[] {
  const values = new Map<number, number[]>();
  for (const [rows, value] of series) {
    if (rows > 0 && Number.isFinite(rows) && Number.isFinite(value))
      values.set(rows, [...(values.get(rows) ?? []), value]);
  }
  return [...values].map(([rows, all]): Point => [rows, mean(all)]).sort((a, b) => a[0] - b[0]);
}

function isFlat(points: readonly Point[], factor = FLAT): boolean {
  const values = points.map(([, value]) => value);
  // A handful of index entries more or less is the depth of a tree, or a value that is there or not.
  return Math.max(...values) <= Math.max(factor * Math.min(...values), Math.min(...values) + 2);
}

/** The tail that stays while the rows grow fourfold, behind a part that grew. */
function plateauStart(points: readonly Point[]): number | undefined {
  let start = points.length - 1;
  while (start > 0 && isFlat(points.slice(start - 1), SETTLED)) start--;
  const spans = points[points.length - 1][0] >= LEAST_SPAN * points[start][0];
  return start > 0 && spans && points[start][1] >= STEEP * points[start - 1][1] ? points[start][0] : undefined;
}

/** Two points fit every law with two parameters: only the slope in double logarithmic scale is left. */
function byExponent([n1, v1]: Point, [n2, v2]: Point): Complexity {
  if (v1 <= 0 || v2 <= 0) return 'unknown';
  const exponent = Math.log(v2 / v1) / Math.log(n2 / n1);
  if (Math.abs(exponent - 1) <= 0.1) return 'linear';
  return Math.abs(exponent - 2) <= 0.2 ? 'quadratic' : 'unknown';
}

/** Of the best `a + b · law(n)` with neither of them negative: root of the mean square of the relative distances. */
function relativeError(points: readonly Point[], law: (rows: number) => number): number {
  // Weighted by the inverse of the value, so that the largest size does not decide alone.
  const rows = points.map(([n, value]) => {
    const scale = Math.max(1, value);
    return { one: 1 / scale, f: law(n) / scale, v: value / scale };
  });
  const sum = (of: (row: (typeof rows)[number]) => number): number => rows.reduce((total, row) => total + of(row), 0);
  const oo = sum((r) => r.one * r.one);
  const of = sum((r) => r.one * r.f);
  const ff = sum((r) => r.f * r.f);
  const ov = sum((r) => r.one * r.v);
  const fv = sum((r) => r.f * r.v);
  const error = (a: number, b: number): number => Math.sqrt(sum((r) => (a * r.one + b * r.f - r.v) ** 2) / rows.length);
  const onlyConstant = error(ov / oo, 0);
  if (ff === 0) return onlyConstant;
  const determinant = oo * ff - of * of;
  const [a, b] = determinant === 0 ? [-1, -1] : [(ov * ff - fv * of) / determinant, (fv * oo - ov * of) / determinant];
  return a >= 0 && b >= 0 ? error(a, b) : Math.min(onlyConstant, error(0, fv / ff));
}

/** Rows and index entries that were read; undefined where the server told neither. */
function workOf({ rowsRead, entriesRead }: PlanTotals): number | undefined {
  return rowsRead === undefined && entriesRead === undefined ? undefined : (rowsRead ?? 0) + (entriesRead ?? 0);
}

/** Rows and index entries read for each row that was returned; with no result at all, for the search itself. */
export function workPerReturned(totals: PlanTotals): number | undefined {
  const work = workOf(totals);
  return work === undefined || totals.returned === undefined ? undefined : work / Math.max(1, totals.returned);
}

/** The check of a statement at several sizes: its points in order, the law of its work, and a sentence with the numbers. */
export function scaleCheckOf(points: readonly ScalePoint[], words: PlanWords): ScaleCheck {
  const sorted = [...points].sort((a, b) => a.rows - b.rows || Number(b.sampled) - Number(a.sampled));
  const worked = sorted.flatMap((point): Point[] => {
    const work = workOf(point);
    return work === undefined ? [] : [[point.rows, work]];
  });
  const growth = fitGrowth(worked);
  return { points: sorted, complexity: growth.complexity, summary: summaryOf(sorted, worked, growth, words) };
}

function summaryOf(
  points: readonly ScalePoint[],
  worked: readonly Point[],
  { complexity, settledAt }: Growth,
  words: PlanWords,
): string {
  if (!points.length) return 'Nothing was measured.';
  if (!worked.length) return 'The server does not say how much was examined.';
  const [first, last] = [worked[0], worked[worked.length - 1]];
  if (first[0] === last[0]) return `${capital(examined(last, words))}; one size does not show how that grows.`;
  const course = `${examined(first, words)}, ${inDigits(last[1])} at ${inDigits(last[0])}`;
  switch (complexity) {
    case 'unknown':
      if (last[0] < LEAST_SPAN * first[0]) return `${capital(course)}: the sizes are too close to show how that grows.`;
      return `${capital(course)}: the numbers between follow no law${wordsBetween(worked)}.`;
    case 'constant':
      return settledAt === undefined
        ? `The work stays the same however large the ${words.target} is: ${course}.`
        : `The work grows up to ${rowsText(settledAt, words)} and then stays, as enough is found: ${course}.`;
    case 'linear': {
      const each = resultsGrow(points);
      return `The work grows as fast as the ${words.target}: ${course}${each}.`;
    }
    case 'logarithmic':
      return `The work grows slowly, with the depth of the index: ${course}.`;
    default:
      return `The work grows faster than the ${words.target} (${complexity}): ${course}.`;
  }
}

function examined([rows, work]: Point, words: PlanWords): string {
  return `${inDigits(work)} ${words.rows} and ${words.entries} examined at ${rowsText(rows, words)}`;
}

function wordsBetween(worked: readonly Point[]): string {
  const inner = worked.slice(1, -1).map(([rows, work]) => `${inDigits(work)} at ${inDigits(rows)}`);
  return inner.length ? ` (${inner.join(', ')})` : '';
}

/** Whether it is the results that grow, at a constant price for each. */
function resultsGrow(points: readonly ScalePoint[]): string {
  const each = points.flatMap((point): Point[] => {
    const ratio = workPerReturned(point);
    return ratio === undefined ? [] : [[point.rows, ratio]];
  });
  const results = points.flatMap((point): Point[] =>
    point.returned === undefined ? [] : [[point.rows, point.returned]],
  );
  const grows = fitGrowth(results).complexity === 'linear';
  if (!each.length) return '';
  const last = each[each.length - 1][1];
  const price = ratioText(last);
  return grows && fitGrowth(each).complexity === 'constant' ? `; so do the results, at ${price} for each` : '';
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
