import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { errorText, HeatlensError } from '../core/errors';
import { jsonText } from '../core/jsonText';
import { counted, inDigits, inDecimals } from '../core/words/numbers';
import { findIn } from '../core/database/mongo/findings/findIn';
import type { Finding, IndexSuggestion, Plan } from '../core/database/plan';
import { readPlan } from '../core/database/mongo/plan/readPlan';
import { leafText, printable, treeLines } from '../core/database/planText';
import { createIndexText, suggestIndexes } from '../core/database/mongo/indexes/suggestIndexes';
import { print } from './output';
import { usageError } from './usage';

/** What `heatlens plan --json` and `heatlens explain --json` print. */
export interface PlanReport extends Pick<
  Plan,
  'namespace' | 'command' | 'engine' | 'executed' | 'totals' | 'root' | 'rejected' | 'facts' | 'problems'
> {
  readonly failure?: Plan['failure'];
  readonly findings: readonly Finding[];
  readonly suggestions: readonly IndexSuggestion[];
}

/** `heatlens plan EXPLAIN.json`: the plan in an answer that was saved, and what is worth saying about it. */
export async function planCommand(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { json: { type: 'boolean', default: false } },
  });
  if (positionals.length !== 1)
    throw usageError('plan takes one file with the result of an explain, or - for the standard input');
  const report = planReport(readPlan(await readJson(positionals[0])));
  await print(values.json ? jsonText(report) : formatPlan(report));
}

export function planReport(
  plan: Plan,
  findings: readonly Finding[] = findIn(plan),
  suggestions: readonly IndexSuggestion[] = suggestIndexes(plan),
): PlanReport {
  const { namespace, command, engine, executed, failure, totals, root, rejected, facts, problems } = plan;
  return {
    namespace,
    command,
    engine,
    executed,
    ...(failure ? { failure } : {}),
    totals,
    root,
    rejected,
    findings,
    suggestions,
    facts,
    problems,
  };
}

async function readJson(path: string): Promise<unknown> {
  let text: string;
  try {
    text = path === '-' ? await standardInput() : await readFile(path, 'utf8');
  } catch (error) {
    throw new HeatlensError('unreadable', `${path} cannot be read: ${errorText(error)}.`, 'Check the path.', {
      cause: error,
    });
  }
  try {
    return JSON.parse(text.replace(/^\uFEFF/, '')) as unknown;
  } catch (error) {
    throw new HeatlensError(
      'notJson',
      `${path} is not JSON: ${errorText(error)}.`,
      'Print the explain with EJSON.stringify() in the shell, which gives JSON.',
      { cause: error },
    );
  }
}

async function standardInput(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

export function formatPlan(report: PlanReport): string {
  const { totals } = report;
  const counters = [
    totals.returned === undefined ? '' : `${inDigits(totals.returned)} returned`,
    totals.keysExamined === undefined ? '' : counted(totals.keysExamined, 'key'),
    totals.docsExamined === undefined ? '' : counted(totals.docsExamined, 'document'),
    totals.millis === undefined ? '' : `${inDecimals(totals.millis)} ms`,
  ].filter(Boolean);
  const lines = [
    `${report.namespace ?? 'unknown collection'} (${report.engine}): ${report.executed || counters.length ? counters.join(', ') : 'planned, not executed'}`,
  ];
  if (report.failure) lines.push(`failed: ${report.failure.message}`);
  lines.push('', ...treeLines(report.root));
  if (report.rejected.length)
    lines.push(
      '',
      `${counted(report.rejected.length, 'rejected plan')}: ${report.rejected.slice(0, 10).map(leafText).join('; ')}`,
    );
  if (report.findings.length)
    lines.push(
      '',
      ...report.findings.flatMap(({ rule, severity, evidence, advice }) => [
        `${severity} ${rule}  ${evidence}`,
        `    ${advice}`,
      ]),
    );
  if (report.suggestions.length)
    lines.push(
      '',
      ...report.suggestions.flatMap((suggestion) => [
        `index  ${createIndexText(suggestion)}`,
        `    ${suggestion.reason}`,
      ]),
    );
  for (const problem of report.problems) lines.push('', `note: ${problem}`);
  return lines.map(printable).join('\n');
}
