import { findInSource } from '../../../core/database/mongo/findings/sourceRules';
import type { Finding } from '../../../core/database/finding';
import type { Statement } from '../../../core/database/statement';
import { isSuppressed, type Suppressions } from '../../../core/database/findings/suppressions';
import type { ExplainSession } from '../explain/explainSession';
import { levelOf, type FindingLevel } from './severities';

export interface ShownFinding {
  readonly finding: Finding;
  readonly level: Exclude<FindingLevel, 'off'>;
}

/**
 * What is to be told of a statement: what its source shows, and the findings of its latest explain unless its text has changed
 * since. Not what a comment or the setting silences.
 */
export function shownFindings(
  statement: Statement,
  session: Pick<ExplainSession, 'latest' | 'isStale'> | undefined,
  suppressions: Suppressions,
  setting: Readonly<Record<string, unknown>>,
): ShownFinding[] {
  const explained = session?.latest && !session.isStale ? session.latest.run.findings : [];
  const inSource = findInSource(statement).filter(({ rule }) => !explained.some((each) => each.rule === rule));
  return [...explained, ...inSource].flatMap((finding) => {
    const level = levelOf(finding, setting);
    return level === 'off' || isSuppressed(suppressions, statement, finding.rule) ? [] : [{ finding, level }];
  });
}
