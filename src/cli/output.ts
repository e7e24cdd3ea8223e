/** Columns padded to their widest cell; numbers (`right`) to the right, the last column ragged. */
export function formatTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  right: ReadonlySet<number>,
): string {
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column].length)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => {
        if (right.has(column)) return cell.padStart(widths[column]);
        return column === row.length - 1 ? cell : cell.padEnd(widths[column]);
      })
      .join('  ')
      .trimEnd();
  return [line(header), ...rows.map(line)].join('\n');
}

/** Resolves when the text is written, so that a pipe gets all of it before the process exits. */
export function print(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(`${text}\n`, (error) =>
      error && (error as NodeJS.ErrnoException).code !== 'EPIPE' ? reject(error) : resolve(),
    );
  });
}

/** Progress and remarks: never mixed into what is piped on. */
export function note(text: string): void {
  process.stderr.write(`heatlens: ${text}\n`);
}
