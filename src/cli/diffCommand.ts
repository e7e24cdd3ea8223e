import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { diffMethods, type MethodChange, type MethodDifference } from '../core/flame/comparison/diffMethods';
import type { ProfileColumns } from '../core/profile/profileColumns';
import { fileUrlToPath, isAbsolutePath } from '../core/source/paths';
import { visibleText } from '../core/words/foreignText';
import { formatTable, print, printJson } from './output';
import { chosenProfile, measureIndex, measureName, type MeasureName } from './profileChoice';
import { nothingInCommon, usageError } from './cliErrors';
import { measureText } from '../core/words/measures';

/** Rows of the table; the JSON has all. */
const ROWS = 25;

/**
 * What `--json` prints. Values are in `unit`; `line` and `column` are 1-based places of the script that ran, null where it
 * has none. With `normalised` those of before are scaled to the total of after; the totals are always as measured.
 */
export interface DiffReport {
  readonly before: { readonly title: string; readonly total: number };
  readonly after: { readonly title: string; readonly total: number };
  readonly measure: string;
  readonly unit: 'µs' | 'bytes' | 'count';
  readonly normalised: boolean;
  readonly scale: number;
  readonly methods: readonly DiffMethod[];
}

export interface DiffMethod {
  readonly name: string;
  /** Absolute path, where the URL is one. */
  readonly file: string | null;
  readonly url: string;
  readonly line: number | null;
  readonly column: number | null;
  readonly status: MethodChange['status'];
  readonly selfBefore: number;
  readonly selfAfter: number;
  readonly selfChange: number;
  readonly totalBefore: number;
  readonly totalAfter: number;
  readonly totalChange: number;
}

/** `heatlens diff A B`: per method what it cost before and after. */
export async function diffCommand(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      normalised: { type: 'boolean', default: false },
      normalized: { type: 'boolean', default: false },
      measure: { type: 'string' },
    },
  });
  if (positionals.length !== 2) throw usageError('diff takes two profiles, before and after');
  const kind = measureName(values.measure);
  const before = await chosenProfile(positionals[0], undefined);
  const after = await chosenProfile(positionals[1], undefined);
  const normalised = values.normalised || values.normalized;
  const difference = diffMethods(before, after, { measures: commonMeasure(before, after, kind), normalised });
  const report = diffReport(before.title, after.title, difference, normalised);
  await (values.json ? printJson(JSON.stringify(report, undefined, 2)) : print(formatDiff(report)));
}

/** The measure that is asked for, else the first of `before` that `after` has too. */
function commonMeasure(before: ProfileColumns, after: ProfileColumns, kind: MeasureName | undefined): [number, number] {
  if (kind) return [measureIndex(before, kind), measureIndex(after, kind)];
  for (const [index, measure] of before.measures.entries()) {
    const alike = after.measures.findIndex(
      ({ kind: other, unit, label }) =>
        other === measure.kind && unit === measure.unit && (other !== 'other' || label === measure.label),
    );
    if (alike >= 0) return [index, alike];
  }
  const described = ({ title, measures }: ProfileColumns): string =>
    `${title} has ${measures.map(({ label }) => label).join(', ')}`;
  throw nothingInCommon(described(before), described(after));
}

export function diffReport(
  before: string,
  after: string,
  difference: MethodDifference,
  normalised: boolean,
): DiffReport {
  const { measure, methods, totalBefore, totalAfter, scale } = difference;
  return {
    before: { title: before, total: rounded(totalBefore) },
    after: { title: after, total: rounded(totalAfter) },
    measure: measure.label,
    unit: measure.unit,
    normalised,
    scale,
    methods: methods.map((method) => ({
      name: method.name,
      file: fileUrlToPath(method.url) ?? (isAbsolutePath(method.url) ? method.url : null),
      url: method.url,
      line: method.line >= 0 ? method.line + 1 : null,
      column: method.column >= 0 ? method.column + 1 : null,
      status: method.status,
      selfBefore: rounded(method.selfBefore),
      selfAfter: rounded(method.selfAfter),
      selfChange: rounded(method.selfAfter - method.selfBefore),
      totalBefore: rounded(method.totalBefore),
      totalAfter: rounded(method.totalAfter),
      totalChange: rounded(method.totalAfter - method.totalBefore),
    })),
  };
}

export function formatDiff(report: DiffReport): string[] {
  const { before, after, unit } = report;
  const changed = report.methods.filter(({ selfChange, totalChange }) => selfChange !== 0 || totalChange !== 0);
  const rows = changed.slice(0, ROWS);
  const text = (value: number): string => measureText(value, unit);
  const change = (value: number): string => (value > 0 ? `+${text(value)}` : text(value));
  const lines = [
    `${report.measure}: ${visibleText(basename(before.title))} ${text(before.total)}, ${visibleText(basename(after.title))} ${text(after.total)}, change ${change(after.total - before.total)}`,
  ];
  if (report.normalised)
    lines.push(
      `normalised: values of before are multiplied by ${Number(report.scale.toPrecision(4))}, so that both totals are equal`,
    );
  lines.push('');
  if (rows.length) {
    lines.push(
      ...formatTable(
        ['SELF BEFORE', 'AFTER', 'CHANGE', 'TOTAL BEFORE', 'AFTER', 'CHANGE', '', 'METHOD', 'AT'],
        rows.map((method) => [
          text(method.selfBefore),
          text(method.selfAfter),
          change(method.selfChange),
          text(method.totalBefore),
          text(method.totalAfter),
          change(method.totalChange),
          method.status === 'same' ? '' : method.status,
          method.name,
          placeText(method),
        ]),
        new Set([0, 1, 2, 3, 4, 5]),
      ),
    );
  } else lines.push('No method changed.');
  const hidden = changed.length - rows.length;
  if (hidden > 0) lines.push(`… and ${hidden} smaller ${hidden === 1 ? 'change' : 'changes'} (--json lists all)`);
  return lines;
}

/** Code from eval has a line of a text that nobody can open. */
function placeText({ file, url, line }: DiffMethod): string {
  return url && line !== null ? `${file ?? url}:${line}` : (file ?? url);
}

/** To a thousandth of the unit: sums of fractions have digits that mean nothing. */
function rounded(value: number): number {
  return Math.round(value * 1000) / 1000 || 0;
}
