import type { ExplainRun } from './explainRun';
import { counted, inDigits } from '../words/numbers';
import type { Finding, IndexSuggestion, Plan, Stage } from './plan';
import { asNumber } from '../ejson/documents';
import { accessPaths, leafText, printable, treeLines } from './planText';
import { createIndexText } from './mongo/indexes/suggestIndexes';
import { millisText } from '../words/times';

/** Paths that a lens names; more are counted. */
const SHOWN_PATHS = 2;
/** From here on the keys are what the query costs, not the documents. */
const MANY_KEYS = 10;

/**
 * What a run says above its statement: `IXSCAN category_1_name_1 · 20 returned · 20 docs · 3 ms`, or
 * `COLLSCAN · 48,211 docs read for 20 · 843 ms · 2 findings`.
 */
export function lensText({ plan, findings }: Pick<ExplainRun, 'plan' | 'findings'>): string {
  const paths = accessPaths(plan);
  const access =
    paths.slice(0, SHOWN_PATHS).join(' + ') +
    (paths.length > SHOWN_PATHS ? ` + ${paths.length - SHOWN_PATHS} more` : '');
  return [printable(access), ...outcome(plan), findings.length ? counted(findings.length, 'finding') : '']
    .filter(Boolean)
    .join(' · ');
}

function outcome(plan: Plan): string[] {
  const { totals, failure } = plan;
  const stopped = failure ? [failure.code === 50 ? 'stopped by its time limit' : 'did not finish'] : [];
  const time = totals.millis === undefined ? '' : millisText(totals.millis);
  const counters = [...workTexts(totals, countOf(plan)), time].filter(Boolean);
  if (!failure && !plan.executed && counters.length === 0) return ['planned, not executed'];
  return [...stopped, ...counters];
}

/** Of a plan that only counts: the count, which is no number of documents returned. */
function countOf({ root }: Plan): number | undefined {
  return /^(COUNT|RECORD_STORE_FAST_COUNT|RECORD_COUNT)$/.test(root.name) ? asNumber(root.fields.nCounted) : undefined;
}

function workTexts({ returned, docsExamined, keysExamined }: Plan['totals'], counts: number | undefined): string[] {
  if (counts !== undefined) {
    const documents = docsExamined === undefined ? '' : counted(docsExamined, 'doc');
    return (docsExamined ?? 0) > counts
      ? [`${documents} read to count ${inDigits(counts)}`]
      : [`${inDigits(counts)} counted`, documents];
  }
  const keysCount =
    keysExamined !== undefined && keysExamined > MANY_KEYS * Math.max(1, docsExamined ?? 0, returned ?? 0);
  if (returned === undefined)
    return [
      docsExamined === undefined ? '' : counted(docsExamined, 'doc'),
      keysCount ? counted(keysExamined, 'key') : '',
    ];
  if (keysCount) return [`${counted(keysExamined, 'key')} read for ${inDigits(returned)}`];
  if (docsExamined !== undefined && docsExamined > returned)
    return [`${counted(docsExamined, 'doc')} read for ${inDigits(returned)}`];
  return [`${inDigits(returned)} returned`, docsExamined === undefined ? '' : counted(docsExamined, 'doc')];
}

/** A run for a ticket or a review: statement, totals, tree, findings, suggestions, rejected plans. Ends with a line break. */
export function runMarkdown(run: ExplainRun, shellText: string = run.text): string {
  const { plan } = run;
  const failure = plan.failure ? [`**Failed:** ${inline(plan.failure.message)}`] : [];
  const parts = [
    `### Explain of ${code(`${run.database}.${run.collection}`)}`,
    fenced('js', shellText),
    `${inline(lensText(run))}`,
    ...failure,
    list([
      `${new Date(run.at).toISOString()} on ${code(run.connection)}${plan.server?.version ? `, server ${inline(plan.server.version)}` : ''}`,
      `${run.verbosity}, engine ${plan.engine}`,
      totalsText(plan),
      ...run.notes.map(inline),
      ...plan.problems.map(inline),
    ]),
    '**Plan**',
    fenced('', treeLines(plan.root).map(printable).join('\n')),
    ...section('Findings', run.findings.map(findingText)),
    ...section('Suggested indexes', run.suggestions.map(suggestionText)),
    ...section('Rejected plans', plan.rejected.map(rejectedText)),
  ];
  return `${parts.join('\n\n')}\n`;
}

function totalsText({ executed, failure, totals }: Plan): string {
  const { returned, keysExamined, docsExamined, millis } = totals;
  const known = [
    returned === undefined ? '' : `${inDigits(returned)} returned`,
    keysExamined === undefined ? '' : `${counted(keysExamined, 'key')} examined`,
    docsExamined === undefined ? '' : `${counted(docsExamined, 'document')} examined`,
    millis === undefined ? '' : millisText(millis),
  ].filter(Boolean);
  if (known.length) return `${known.join(', ')}${failure ? ' until it stopped' : ''}`;
  return executed ? 'The server tells no counters' : 'Planned, not executed';
}

function findingText({ rule, severity, evidence, advice, guard }: Finding): string {
  return `**${severity} ${rule}** ${inline(evidence)} ${inline(advice)} (${inline(guard)})`;
}

function suggestionText(suggestion: IndexSuggestion): string {
  return `${code(createIndexText(suggestion))}: ${inline(suggestion.reason)}`;
}

function rejectedText(root: Stage): string {
  return (
    code(leafText(root)) + (root.returned === undefined ? '' : `, ${inDigits(root.returned)} returned in the trial`)
  );
}

function section(title: string, items: readonly string[]): string[] {
  return items.length ? [`**${title}**`, list(items)] : [];
}

function list(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join('\n');
}

/** Text of a server inside a sentence: it must neither break the line nor become markup. */
function inline(text: string): string {
  return printable(text.replace(/\s+/g, ' ')).replace(/[\\`*_[\]<>|#]/g, '\\$&');
}

function code(text: string): string {
  const plain = printable(text.replace(/\s+/g, ' '));
  const fence = '`'.repeat(longestRun(plain) + 1);
  const gap = plain.includes('`') ? ' ' : '';
  return `${fence}${gap}${plain}${gap}${fence}`;
}

function fenced(language: string, text: string): string {
  const fence = '`'.repeat(Math.max(3, longestRun(text) + 1));
  return `${fence}${language}\n${text}\n${fence}`;
}

/** Length of the longest run of backticks: a fence must be longer. */
function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
}
