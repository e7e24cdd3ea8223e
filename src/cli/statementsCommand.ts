import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { errorText, HeatlensError } from '../core/errors';
import type { Statement } from '../core/database/statement';
import { createStatementFinder, type Unread } from '../core/database/mongo/calls/findStatements';
import { TOO_LARGE } from '../core/database/mongo/calls/finishStatement';
import { shellText } from '../core/database/mongo/shell/shellText';
import { findLimits } from '../node/database/mongo/findLimits';
import { createImportedFiles } from '../node/database/mongo/importedFiles';
import { note, print, printJson } from './output';
import { notSource, readingFailed, sourceUnreadable, usageError } from './cliErrors';
import { readNamedText } from './readNamedText';

/** Nobody writes as much by hand. */
const MAX_BYTES = 64 * 1024 * 1024;
const LANGUAGES = /\.([cm]?[jt]sx?|pyi?)$/i;

/** `heatlens statements FILE… [--json]`: the database calls of source files. */
export async function statementsCommand(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { json: { type: 'boolean', default: false } },
  });
  if (!positionals.length) throw usageError('statements takes one or more files');
  const imported = createImportedFiles();
  const found: ReturnType<typeof statementReport>[] = [];
  const failures: HeatlensError[] = [];
  for (const file of positionals) {
    try {
      const path = resolve(file);
      const text = await sourceText(file, path);
      const finder = createStatementFinder(path, imported, findLimits);
      const statements = finder.find(text);
      for (const statement of statements) found.push(statementReport(file, statement));
      for (const remark of remarksOn(file, statements, finder.unread())) note(remark);
    } catch (error) {
      failures.push(error instanceof HeatlensError ? error : readingFailed(file, error));
    }
  }
  // One bad file among good ones is a remark; nothing read at all is a failure.
  if (failures.length === positionals.length) throw failures[0];
  for (const failure of failures) note(errorText(failure));
  if (values.json) return printJson(JSON.stringify(found, undefined, 2));
  const lines = found.flatMap((statement) => ['', ...formatStatement(statement)]).slice(1);
  return print(found.length ? lines : ['No MongoDB statements found.']);
}

/** What was left out of a file, and of its statements. */
export function remarksOn(file: string, statements: readonly Statement[], unread: Unread | undefined): string[] {
  const cut = statements.filter(({ problems }) => problems.includes(TOO_LARGE));
  const values = cut.length
    ? [
        `${file}:${cut[0].span.start.line + 1}: a value is too large to be written out and was left open` +
          (cut.length > 1 ? `, as in ${cut.length - 1} more` : ''),
      ]
    : [];
  return unread
    ? [...values, `${file} was read only in part, from line ${unread.line + 1} on: ${WHY[unread.why]}`]
    : values;
}

const WHY: Readonly<Record<Unread['why'], string>> = {
  size: 'it is too large',
  time: 'reading all of it takes too long',
  steps: 'there is too much to follow',
  count: 'there are more statements than are shown',
  depth: 'it is nested too deeply',
};

/** Of a file in a language that statements are found in; a HeatlensError for another one, and for what cannot be read. */
export async function sourceText(file: string, path: string): Promise<string> {
  if (!LANGUAGES.test(file)) {
    throw notSource(file);
  }
  try {
    return await readNamedText(path, MAX_BYTES, { pipes: false });
  } catch (error) {
    throw sourceUnreadable(file, errorText(error), error);
  }
}

/** One statement as `--json` prints it: lines and columns count from 1, the end is the first place behind it. */
function statementReport(file: string, statement: Statement) {
  const { span, language, api, collection, command, holes } = statement;
  return {
    file,
    line: span.start.line + 1,
    column: span.start.column + 1,
    endLine: span.end.line + 1,
    endColumn: span.end.column + 1,
    language,
    api,
    collection,
    command: commandName(command),
    text: shellText(statement).text,
    holes: holes.map(({ name, type, path }) => ({ name, type, path })),
  };
}

/** Name of the command on the server. */
function commandName(command: Statement['command']): string {
  if (command.kind === 'estimatedCount') return 'count';
  return command.kind === 'replace' ? 'update' : command.kind;
}

function formatStatement(report: ReturnType<typeof statementReport>): string[] {
  const head = `${report.file}:${report.line}:${report.column}  ${report.api} ${report.command} ${report.collection ?? '(collection not known)'}`;
  const holes = report.holes.map((hole) => `    <${hole.name}>  ${hole.type}  ${hole.path}`);
  return [head, ...report.text.split('\n').map((line) => `  ${line}`), ...holes];
}
