/** One measured number, and what it must not exceed. */
export interface Row {
  readonly part: string;
  readonly what: string;
  readonly value: number;
  /** `x` is a ratio, told with three digits. */
  readonly unit: 'x' | 'ms' | 'MB' | '%' | 'points' | '1/s' | 'count';
  /** In the same unit; a row without one informs only. */
  readonly limit?: number;
  /** Standard error, same unit. */
  readonly spread?: number;
  /** What was compared, in a few words. */
  readonly note?: string;
}

export function isMissed({ value, limit }: Row): boolean {
  return limit !== undefined && !(value <= limit);
}

export function printRows(rows: readonly Row[]): void {
  const cells = rows.map((row) => [
    isMissed(row) ? '✗' : row.limit === undefined ? ' ' : '✓',
    row.part,
    row.what,
    text(row.value, row.unit) + (row.spread === undefined ? '' : ` ± ${digits(row.spread, row.unit)}`),
    row.limit === undefined ? '' : `≤ ${text(row.limit, row.unit)}`,
    row.note ?? '',
  ]);
  const table = [['', 'part', 'what', 'measured', 'limit', 'note'], ...cells];
  const widths = table[0].map((_, column) => Math.max(...table.map((line) => line[column].length)));
  for (const line of table)
    console.log(
      line
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('  ')
        .trimEnd(),
    );
}

function digits(value: number, unit: Row['unit']): string {
  if (unit === 'x') return value.toFixed(3);
  if (unit === 'count') return value.toFixed(0);
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

function text(value: number, unit: Row['unit']): string {
  return unit === 'count' ? digits(value, unit) : `${digits(value, unit)} ${unit}`;
}
