import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type HeatlensError, isHeatlensError } from '../core/errors';
import { jsonText } from '../core/jsonText';
import type { Verbosity } from '../core/database/explainRun';
import { readShellValue } from '../core/database/mongo/shell/readShellValue';
import type { Hole, Statement } from '../core/database/statement';
import { conditionsOf } from '../core/database/mongo/calls/conditions';
import { openHoles } from '../core/database/mongo/calls/fillHoles';
import { createStatementFinder, statementAt } from '../core/database/mongo/calls/findStatements';
import { shellText } from '../core/database/mongo/shell/shellText';
import { hostOf } from '../core/database/mongo/connection/hosts';
import { connectMongo } from '../node/database/mongo/connectMongo';
import { databaseFor, explainStatement, type ExplainResult } from '../node/database/mongo/explainStatement';
import { findLimits } from '../node/database/mongo/findLimits';
import { createImportedFiles } from '../node/database/mongo/importedFiles';
import { note, print, printJson } from './output';
import { formatPlan } from './planCommand';
import { remarksOn, sourceText } from './statementsCommand';
import { wholeNumber } from './usage';
import { noStatementAt, badHoleValue, unknownHole, usageError } from './cliErrors';
import { databaseUnknown, collectionUnknown, openHolesLeft } from '../core/database/mongo/errors/statementErrors';
import { planJson } from '../core/database/mongo/run/planJson';

const VERBOSITIES: readonly string[] = ['queryPlanner', 'executionStats', 'allPlansExecution'] satisfies Verbosity[];

const OPTIONS = {
  uri: { type: 'string' },
  db: { type: 'string' },
  collection: { type: 'string' },
  value: { type: 'string', multiple: true },
  verbosity: { type: 'string', default: 'queryPlanner' },
  'max-time': { type: 'string' },
  'allow-hosts': { type: 'string', multiple: true },
  'allow-plain-login': { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const;

/** `heatlens explain FILE:LINE[:COL] --uri URI …`: the plan of a statement of a source file, from a server. */
export async function explainCommand(args: readonly string[]): Promise<void> {
  const { values: given, positionals } = parseArgs({ args: [...args], allowPositionals: true, options: OPTIONS });
  if (positionals.length !== 1)
    throw usageError('explain takes one place in a source file, as FILE:LINE or FILE:LINE:COLUMN');
  const { verbosity } = given;
  if (!isVerbosity(verbosity)) throw usageError(`--verbosity takes ${VERBOSITIES.join(', ')}, not "${verbosity}"`);
  const maxTimeMS = given['max-time'] === undefined ? undefined : wholeNumber('--max-time', given['max-time'], 1);
  const uri = given.uri ?? process.env.HEATLENS_MONGODB_URI;
  if (!uri) throw usageError('explain takes the connection string of a server as --uri, or in HEATLENS_MONGODB_URI');
  const statement = await statementIn(positionals[0]);
  const inputs = readValues(given.value ?? [], statement);
  requireValues(statement, inputs, given.collection);
  const connection = await connectMongo(uri, {
    allowHosts: (given['allow-hosts'] ?? []).flatMap((hosts) => hosts.split(',')).map(readHost),
    allowPlainLogin: given['allow-plain-login'],
  });
  try {
    const database = databaseFor(connection, statement, given.db);
    const result = await explainStatement(connection, statement, {
      ...inputs,
      database,
      verbosity,
      ...(given.collection === undefined ? {} : { collection: given.collection }),
      maxTimeMS,
    });
    await printResult(result, given.json);
    if (connection.withheld.length)
      note(`--allow-hosts ${connection.withheld.join(',')} lets those members be asked, too.`);
  } catch (error) {
    if (isHeatlensError(error, 'databaseUnknown'))
      throw databaseUnknown(connection.name, 'Give its name as --db NAME, or in the connection string.');
    throw error;
  } finally {
    await connection.close();
  }
}

function readHost(text: string): string {
  const host = hostOf(text.trim());
  if (host === undefined) throw usageError(`--allow-hosts takes HOST:PORT, several with commas, not "${text}"`);
  return host;
}

async function printResult({ run }: ExplainResult, json: boolean): Promise<void> {
  if (json) {
    for (const text of run.notes) note(text);
    return printJson(jsonText(planJson(run)));
  }
  const notes = run.notes.flatMap((text) => ['', `note: ${text}`]);
  await print([...run.text.split('\n'), '', ...formatPlan(run), ...notes]);
}

function isVerbosity(text: string): text is Verbosity {
  return VERBOSITIES.includes(text);
}

/** The statement at `FILE:LINE[:COL]`, both counted from 1. Throws a HeatlensError that names those that are near. */
async function statementIn(place: string): Promise<Statement> {
  const [, file, line, column] = /^(.+?):(\d+)(?::(\d+))?$/.exec(place) ?? [];
  if (file === undefined || Number(line) < 1 || column === '0')
    throw usageError(`${place} is not a place in a file; write FILE:LINE or FILE:LINE:COLUMN, both counted from 1`);
  const path = resolve(file);
  const finder = createStatementFinder(path, createImportedFiles(), findLimits);
  const statements = finder.find(await sourceText(file, path));
  const at = { line: Number(line) - 1, column: Number(column ?? 1) - 1 };
  const found = column === undefined ? onLine(statements, at.line) : statementAt(statements, at);
  for (const remark of remarksOn(file, found ? [found] : [], finder.unread())) note(remark);
  if (!found) throw noStatement(file, Number(line), statements);
  const others =
    column === undefined ? statements.filter((one) => one.span.start.line === found.span.start.line).length - 1 : 0;
  if (others > 0)
    note(`line ${line} has ${others + 1} statements, and the first is explained; name another one by its column.`);
  return found;
}

/** The first that begins on the line, else the innermost around it, else one whose parts are on it. */
function onLine(statements: readonly Statement[], line: number): Statement | undefined {
  const holds = ({ start, end }: Statement['span']): boolean => start.line <= line && line <= end.line;
  return (
    statements.find(({ span }) => span.start.line === line) ??
    statements.findLast(({ span }) => holds(span)) ??
    statements.find(({ related, span }) => related.some(holds) && span.start.line >= line) ??
    statements.findLast(({ related }) => related.some(holds))
  );
}

function noStatement(file: string, line: number, statements: readonly Statement[]): HeatlensError {
  const near = [...statements]
    .sort((a, b) => Math.abs(a.span.start.line + 1 - line) - Math.abs(b.span.start.line + 1 - line))
    .slice(0, 3);
  near.sort((a, b) => a.span.start.line - b.span.start.line);
  const places = near.map((one) => {
    const text = shellText(one).text.replace(/\s+/g, ' ');
    return `${file}:${one.span.start.line + 1} (${text.length > 60 ? `${text.slice(0, 60)}…` : text})`;
  });
  return noStatementAt(file, line, places);
}

interface Given {
  readonly values: ReadonlyMap<string, unknown>;
  readonly choices: ReadonlyMap<string, boolean>;
}

/**
 * `NAME=VALUE`: of a hole, of a name that a condition asks about (`category=null` leaves out what stands under `if (category)`), or
 * of a whole condition (`page > 1=false`). The name of a hole may hold an equals sign itself.
 */
function readValues(texts: readonly string[], statement: Statement): Given {
  const holes = statement.holes.map(({ name }) => name);
  const conditions = conditionsOf(statement);
  const asked = conditions.flatMap((condition) => [...condition.matchAll(/[A-Za-z_$][\w$.]*/g)].map(([name]) => name));
  const names = [...new Set([...holes, ...conditions, ...asked])].sort((a, b) => b.length - a.length);
  const values = new Map<string, unknown>();
  const choices = new Map<string, boolean>();
  for (const text of texts) {
    const name = names.find((one) => text.startsWith(`${one}=`));
    if (name === undefined) throw unknownName(text, holes);
    const value = readValue(name, text.slice(name.length + 1));
    if (conditions.includes(name) && !holes.includes(name) && typeof value === 'boolean') choices.set(name, value);
    else values.set(name, value);
  }
  return { values, choices };
}

function readValue(name: string, text: string): unknown {
  try {
    return readShellValue(text);
  } catch (error) {
    throw isHeatlensError(error) ? badHoleValue(name, error) : error;
  }
}

/** The conditions of the source that decide what the statement is. */
function unknownName(text: string, names: readonly string[]): HeatlensError {
  const at = text.indexOf('=');
  if (at < 1) return usageError(`--value takes NAME=VALUE, not "${text}"`);
  return unknownHole(text.slice(0, at), names);
}

const EXAMPLES: Readonly<Record<Hole['type'], string>> = {
  string: '"text"',
  number: '1',
  boolean: 'true',
  date: 'ISODate("2024-01-31")',
  objectId: 'ObjectId("64b7f0c2a1b2c3d4e5f60718")',
  regex: '/text/i',
  array: '["text"]',
  document: '{ "field": 1 }',
  unknown: '"text"',
};

function requireValues(statement: Statement, { values, choices }: Given, collection: string | undefined): void {
  if (statement.collection === null && collection === undefined) {
    throw collectionUnknown(statement.collectionHole, 'Give its name as --collection NAME.');
  }
  const open = openHoles(statement, values, choices);
  if (!open.length || statement.command.kind === 'bulkWrite' || statement.command.kind === 'insert') return;
  const listed = open.map(({ name, type }) => `${name} (${type === 'unknown' ? 'of any type' : type})`).join(', ');
  const examples = open.map(({ name, type }) => `--value ${inQuotes(`${name}=${EXAMPLES[type]}`)}`).join(' ');
  throw openHolesLeft(listed, `Add ${open.length === 1 ? 'it' : 'them'}, for example ${examples}, and run it again.`);
}

/** As a shell takes it in one word. */
function inQuotes(text: string): string {
  return /^[\w=.]+$/.test(text) ? text : `'${text.replace(/'/g, "'\\''")}'`;
}
