import type { ExplainRun } from './explainRun';
import { counted, inDigits } from '../words/numbers';
import type { Plan, Stage } from './plan';
import type { Finding } from './finding';
import type { IndexSuggestion } from './indexes';
import { accessPaths, leafText } from './accessPaths';
import { treeLines } from './planText';
import { entriesText, rowsShortText, rowsText } from './planWords';
import { millisText } from '../words/times';
import { inlineText, codeSpan, codeBlock } from '../words/markdown';
import { visibleText } from '../words/foreignText';

/** Paths that a lens names; more are counted. */
const SHOWN_PATHS = 2;
/** From here on the index entries are what the query costs, not the rows. */
const MANY_ENTRIES = 10;

/**
 * What a run says above its statement: `IXSCAN category_1_name_1 · 20 returned · 20 docs · 3 ms`, or
 * `COLLSCAN · 48,211 docs read for 20 · 843 ms · 2 findings`.
 */
export function lensText({ plan, findings }: Pick<ExplainRun, 'plan' | 'findings'>): string {
  const paths = accessPaths(plan).map(({ text }) => text);
  const access =
    paths.slice(0, SHOWN_PATHS).join(' + ') +
    (paths.length > SHOWN_PATHS ? ` + ${paths.length - SHOWN_PATHS} more` : '');
  return [visibleText(access), ...outcome(plan), findings.length ? counted(findings.length, 'finding') : '']
    .filter(Boolean)
    .join(' · ');
}

function outcome(plan: Plan): string[] {
  const { totals, failure } = plan;
  const stopped = failure ? [failure.timedOut ? 'stopped by its time limit' : 'did not finish'] : [];
  const time = totals.millis === undefined ? '' : millisText(totals.millis);
  const counters = [...workTexts(plan), time].filter(Boolean);
  if (!failure && !plan.executed && counters.length === 0) return ['planned, not executed'];
  return [...stopped, ...counters];
}

function workTexts({ totals: { returned, rowsRead, entriesRead }, counts, words }: Plan): string[] {
  const rows = rowsRead === undefined ? '' : rowsShortText(rowsRead, words);
  if (counts !== undefined) {
    return (rowsRead ?? 0) > counts
      ? [`${rows} read to count ${inDigits(counts)}`]
      : [`${inDigits(counts)} counted`, rows];
  }
  const entriesCount =
    entriesRead !== undefined && entriesRead > MANY_ENTRIES * Math.max(1, rowsRead ?? 0, returned ?? 0);
  if (returned === undefined) return [rows, entriesCount ? entriesText(entriesRead, words) : ''];
  if (entriesCount) return [`${entriesText(entriesRead, words)} read for ${inDigits(returned)}`];
  if (rowsRead !== undefined && rowsRead > returned) return [`${rows} read for ${inDigits(returned)}`];
  return [`${inDigits(returned)} returned`, rows];
}

/** A run for a ticket or a review: statement, totals, tree, findings, suggestions, rejected plans. Ends with a line break. */
export function runMarkdown(run: ExplainRun, shellText: string = run.text): string {
  const { plan } = run;
  const failure = plan.failure ? [`**Failed:** ${inlineText(plan.failure.message)}`] : [];
  const parts = [
    `### Explain of ${codeSpan(`${run.database}.${run.target}`)}`,
    codeBlock(plan.words.language, shellText),
    `${inlineText(lensText(run))}`,
    ...failure,
    list([
      `${new Date(run.at).toISOString()} on ${codeSpan(run.connection)}${plan.server?.version ? `, server ${inlineText(plan.server.version)}` : ''}`,
      `${run.verbosity}, engine ${plan.engine}`,
      totalsText(plan),
      ...run.notes.map(inlineText),
      ...plan.problems.map(inlineText),
    ]),
    '**Plan**',
    codeBlock(
      '',
      treeLines(plan)
        .map((line) => visibleText(line))
        .join('\n'),
    ),
    ...section('Findings', run.findings.map(findingText)),
    ...section('Suggested indexes', run.suggestions.map(suggestionText)),
    ...section('Rejected plans', plan.rejected.map(rejectedText)),
  ];
  return `${parts.join('\n\n')}\n`;
}

function totalsText({ executed, failure, totals, words }: Plan): string {
  const { returned, entriesRead, rowsRead, millis } = totals;
  const known = [
    returned === undefined ? '' : `${inDigits(returned)} returned`,
    entriesRead === undefined ? '' : `${entriesText(entriesRead, words)} examined`,
    rowsRead === undefined ? '' : `${rowsText(rowsRead, words)} examined`,
    millis === undefined ? '' : millisText(millis),
  ].filter(Boolean);
  if (known.length) return `${known.join(', ')}${failure ? ' until it stopped' : ''}`;
  return executed ? 'The server tells no counters' : 'Planned, not executed';
}

function findingText({ rule, severity, evidence, advice, guard }: Finding): string {
  return `**${severity} ${rule}** ${inlineText(evidence)} ${inlineText(advice)} (${inlineText(guard)})`;
}

function suggestionText({ ddl, reason }: IndexSuggestion): string {
  return `${codeSpan(ddl)}: ${inlineText(reason)}`;
}

function rejectedText(root: Stage): string {
  return (
    codeSpan(leafText(root)) + (root.returned === undefined ? '' : `, ${inDigits(root.returned)} returned in the trial`)
  );
}

function section(title: string, items: readonly string[]): string[] {
  return items.length ? [`**${title}**`, list(items)] : [];
}

function list(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join('\n');
}
