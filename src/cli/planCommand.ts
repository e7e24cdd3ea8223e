import { parseArgs } from 'node:util';
import { jsonText } from '../core/jsonText';
import { counted, inDigits, inDecimals } from '../core/words/numbers';
import { leafText } from '../core/database/accessPaths';
import type { ExplainRun } from '../core/database/explainRun';
import { planJson } from '../core/database/mongo/run/planJson';
import { savedRun } from '../core/database/mongo/run/savedRun';
import { treeLines } from '../core/database/planText';
import { entriesText, rowsText } from '../core/database/planWords';
import { print, printJson } from './output';
import { planUnreadable, usageError } from './cliErrors';
import { readNamedText } from './readNamedText';

/** `heatlens plan EXPLAIN.json`: the plan in an answer that was saved, and what is worth saying about it. */
export async function planCommand(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { json: { type: 'boolean', default: false } },
  });
  if (positionals.length !== 1)
    throw usageError('plan takes one file with the result of an explain, or - for the standard input');
  const run = savedRun(await readText(positionals[0]), positionals[0]);
  await (values.json ? printJson(jsonText(planJson(run))) : print(formatPlan(run)));
}

/** Servers answer with 16 MB at most; indented text is a few times as long. */
const MAX_BYTES = 200_000_000;

async function readText(path: string): Promise<string> {
  try {
    return path === '-' ? await standardInput() : await readNamedText(path, MAX_BYTES, { pipes: true });
  } catch (error) {
    throw planUnreadable(path, error);
  }
}

async function standardInput(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** A plan with its findings and suggestions, as lines for a terminal. */
export function formatPlan({
  plan,
  findings,
  suggestions,
}: Pick<ExplainRun, 'plan' | 'findings' | 'suggestions'>): string[] {
  const { totals, words, rejected } = plan;
  const counters = [
    totals.returned === undefined ? '' : `${inDigits(totals.returned)} returned`,
    totals.entriesRead === undefined ? '' : entriesText(totals.entriesRead, words),
    totals.rowsRead === undefined ? '' : rowsText(totals.rowsRead, words),
    totals.millis === undefined ? '' : `${inDecimals(totals.millis)} ms`,
  ].filter(Boolean);
  const lines = [
    `${plan.namespace ?? `unknown ${words.target}`} (${plan.engine}): ${plan.executed || counters.length ? counters.join(', ') : 'planned, not executed'}`,
  ];
  if (plan.failure) lines.push(`failed: ${plan.failure.message}`);
  lines.push('');
  for (const line of treeLines(plan)) lines.push(line);
  if (rejected.length)
    lines.push('', `${counted(rejected.length, 'rejected plan')}: ${rejected.slice(0, 10).map(leafText).join('; ')}`);
  if (findings.length)
    lines.push(
      '',
      ...findings.flatMap(({ rule, severity, evidence, advice }) => [
        `${severity} ${rule}  ${evidence}`,
        `    ${advice}`,
      ]),
    );
  if (suggestions.length)
    lines.push('', ...suggestions.flatMap(({ ddl, reason }) => [`index  ${ddl}`, `    ${reason}`]));
  for (const problem of plan.problems) lines.push('', `note: ${problem}`);
  return lines;
}
