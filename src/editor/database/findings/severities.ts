import type { Finding } from '../../../core/database/finding';

export type FindingLevel = 'off' | 'hint' | 'info' | 'warning' | 'error';

const FINDING_LEVELS: readonly FindingLevel[] = ['off', 'hint', 'info', 'warning', 'error'];

/** How a finding shows: as the setting says for its rule, else as the rule itself judged the numbers. */
export function levelOf(
  { rule, severity }: Pick<Finding, 'rule' | 'severity'>,
  setting: Readonly<Record<string, unknown>>,
): FindingLevel {
  const given = Object.hasOwn(setting, rule) ? setting[rule] : undefined;
  return FINDING_LEVELS.find((level) => level === given) ?? severity;
}
