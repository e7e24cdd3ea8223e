import { redact } from '../core/redact';
import { visibleJson, visibleLines, visibleText } from '../core/words/foreignText';
import { columnWidth } from './columnWidth';

// All that the command line writes to a terminal passes through here, line by line: names in profiles and source, titles of
// other users' processes and texts of servers would command it, or write lines of their own.

/** UTF-16 code units of a line: a long statement is whole, a name of 10 MB is not printed. */
const LINE_LENGTH = 4000;
/** Of a remark or an error: paths and reasons, and no page of text. */
const REMARK_LENGTH = 2000;
/** Columns of a cell: one long name does not push all other rows aside. The last cell of a row may be longer. */
const CELL_COLUMNS = 80;
const LAST_CELL_COLUMNS = 240;

/** Columns padded to their widest cell; numbers (`right`) to the right, the last column ragged. */
export function formatTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  right: ReadonlySet<number>,
): string[] {
  const cells = [header, ...rows].map((row) =>
    row.map((cell, at) => cellText(cell, at === row.length - 1 ? LAST_CELL_COLUMNS : CELL_COLUMNS)),
  );
  const widths = header.map((_, column) =>
    cells.reduce((widest, row) => Math.max(widest, columnWidth(row[column])), 0),
  );
  return cells.map((row) =>
    row
      .map((cell, column) => {
        const space = ' '.repeat(widths[column] - columnWidth(cell));
        if (right.has(column)) return space + cell;
        return column === row.length - 1 ? cell : cell + space;
      })
      .join('  ')
      .trimEnd(),
  );
}

function cellText(text: string, columns: number): string {
  let cell = visibleText(text, { limit: columns });
  // Wide letters: half of them or a little more fit.
  for (let limit = columns; columnWidth(cell) > columns; limit = Math.floor(limit * 0.8))
    cell = visibleText(text, { limit });
  return cell;
}

/** Lines for the standard output; a line break inside one is shown as a sign. Resolves when they are written. */
export function print(lines: readonly string[]): Promise<void> {
  return write(lines.map((line) => `${visibleText(line, { limit: LINE_LENGTH })}\n`).join(''));
}

/** JSON for the standard output: the same value, of which a terminal takes no command and the eye misses nothing. */
export function printJson(json: string): Promise<void> {
  return write(`${visibleJson(json)}\n`);
}

/** A file on the standard output: as it is for a pipe, and as text of others where it is a terminal. */
export function printFile(bytes: Uint8Array): Promise<void> {
  return write(process.stdout.isTTY ? terminalText(bytes) : bytes);
}

/** A file as a terminal may show it. Its lines stay, as long as they are. */
export function terminalText(bytes: Uint8Array): string {
  return visibleLines(new TextDecoder().decode(bytes), Infinity);
}

/** Resolves when all is written, so that a pipe gets all of it before the process exits. */
function write(bytes: Uint8Array | string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(bytes, (error) =>
      error && (error as NodeJS.ErrnoException).code !== 'EPIPE' ? reject(error) : resolve(),
    );
  });
}

/** Progress, remarks and errors, each on a line, without secrets: never mixed into what is piped on. */
export function note(text: string): void {
  process.stderr.write(`heatlens: ${visibleText(redact(text), { limit: REMARK_LENGTH })}\n`);
}
