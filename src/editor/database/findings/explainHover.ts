import * as vscode from 'vscode';
import { commandId } from '../../contributions';
import { hoverCode, hoverText } from '../../messages/hovers';
import type { ExplainSession } from '../explain/explainSession';
import type { StatementPlace } from '../lens/explainLens';
import type { ShownFinding } from './shownFindings';
import { escapeMarkdown } from '../../../core/words/markdown';

const LINKED = ['explainStatement', 'showExplainResult', 'copySuggestedIndex', 'trySuggestedIndex'] as const;
const explainHoverCommands = LINKED.map((name) => commandId(name));

/** What is known of a statement (its findings, what its last explain said), with what can be done about it. */
export function explainHover(
  session: ExplainSession | undefined,
  summary: string | undefined,
  shown: readonly ShownFinding[],
  place: StatementPlace,
): vscode.MarkdownString {
  const parts: string[] = [];
  const add = (text: string): void => void parts.push(text);
  const latest = session?.latest;
  if (latest) {
    const { run, comparison } = latest;
    add(`**${vscode.l10n.t('Explain')}** · ${escapeMarkdown(summary ?? '')}`);
    add(escapeMarkdown(`${run.database}.${run.target} · ${run.connection} · ${new Date(run.at).toLocaleTimeString()}`));
    if (session.isStale) add(`$(warning) ${vscode.l10n.t('The query was edited after this run: explain it again.')}`);
    if (comparison && comparison.verdict !== 'same') add(escapeMarkdown(comparison.summary));
  }
  for (const { finding, level } of shown)
    add(
      `$(${iconOf(level)}) **${finding.rule}** ${escapeMarkdown(finding.evidence)}  \n${escapeMarkdown(finding.advice)}`,
    );
  latest?.run.suggestions.forEach((suggestion, index) => {
    add(hoverCode('javascript', suggestion.ddl));
    const links = [
      link(vscode.l10n.t('Copy'), 'copySuggestedIndex', [...place, index]),
      link(vscode.l10n.t('Try It'), 'trySuggestedIndex', [...place, index]),
    ];
    add(`${escapeMarkdown(suggestion.reason)}  \n${links.join(' · ')}`);
  });
  const explain = link(latest ? vscode.l10n.t('Explain Again') : vscode.l10n.t('Explain'), 'explainStatement', place);
  add(latest ? [link(vscode.l10n.t('Open Plan'), 'showExplainResult', place), explain].join(' · ') : explain);
  return hoverText(parts, explainHoverCommands);
}

function link(label: string, command: (typeof LINKED)[number], args: readonly unknown[]): string {
  const query = encodeURIComponent(JSON.stringify(args)).replaceAll('(', '%28').replaceAll(')', '%29');
  return `[${label}](command:${commandId(command)}?${query})`;
}

function iconOf(level: ShownFinding['level']): string {
  return level === 'hint' ? 'lightbulb' : level;
}
