import type { TruthRun } from './truthRun';
import type { Difference } from './truthTarget';

/** What came of a program on one Node version. */
export interface TruthRow {
  readonly program: string;
  readonly node: number;
  readonly runs: readonly TruthRun[];
}

export type TruthMode = 'plain' | 'exact' | 'calibrated';

/** Undefined where it was not measured. */
export function worstOf({ runs }: TruthRow, mode: TruthMode): Difference | undefined {
  let worst: Difference | undefined;
  for (const run of runs) {
    const difference = run[mode];
    if (difference && !(worst && worst.points >= difference.points)) worst = difference;
  }
  return worst;
}

const MOST_METHODS = 4;

/** One line a program and Node version; errors are the largest of all methods in all runs, in points. */
export function printTruth(rows: readonly TruthRow[]): void {
  const cells = rows.map((row) => [
    row.program,
    String(row.node),
    String(row.runs.length),
    trueShares(row),
    ...(['plain', 'exact', 'calibrated'] as const).map((mode) => difference(worstOf(row, mode))),
  ]);
  const heads = ['program', 'Node', 'runs', 'true shares in %', 'plain', 'exact', 'calibrated: worst error in points'];
  const table = [heads, ...cells];
  const widths = heads.map((_, column) => Math.max(...table.map((line) => line[column].length)));
  console.log();
  for (const line of table)
    console.log(
      `      ${line
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('  ')
        .trimEnd()}`,
    );
}

function trueShares({ runs }: TruthRow): string {
  const shares = Object.entries(runs[0]?.truth ?? {}).sort((a, b) => b[1] - a[1]);
  const shown = shares.slice(0, MOST_METHODS).map(([name, share]) => `${name} ${(share * 100).toFixed(1)}`);
  return shown.join(' ') + (shares.length > MOST_METHODS ? ` and ${shares.length - MOST_METHODS}` : '');
}

function difference(of: Difference | undefined): string {
  return of ? `${of.points.toFixed(1)} ${of.name}` : '-';
}
