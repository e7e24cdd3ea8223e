import type { Finding } from '../../../core/mongo/plan';
import { isSuppressed, type Suppressions } from '../../../core/mongo/statements/suppressions';
import type { ExplainSession } from '../explain/explainSession';
import { levelOf, type FindingLevel } from './severities';

export interface ShownFinding {
  readonly finding: Finding;
  readonly level: Exclude<FindingLevel, 'off'>;
}

/**
 * Findings of the latest explain that are to be told: not those of a text that has changed since, not those that a comment
 * or the setting silences.
 */
export function shownFindings(
  session: Pick<ExplainSession, 'latest' | 'isStale' | 'statement'>,
  suppressions: Suppressions,
  setting: Readonly<Record<string, unknown>>,
): ShownFinding[] {
  if (!session.latest || session.isStale) return [];
  return session.latest.run.findings.flatMap((finding) => {
    const level = levelOf(finding, setting);
    return level === 'off' || isSuppressed(suppressions, session.statement, finding.rule) ? [] : [{ finding, level }];
  });
}
