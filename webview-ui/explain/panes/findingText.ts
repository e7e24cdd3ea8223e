import type { Finding } from '../../../src/core/database/finding';
import { element } from '../../common/dom';
import { icon } from '../../common/icons';
import { text } from '../model/strings';

/** One finding with nothing to fold: severity, rule, numbers, advice. */
export function findingSummary({ severity, rule, evidence, advice }: Finding): HTMLElement {
  return element(
    'div',
    { class: `finding-summary ${severity}` },
    severityMark(severity),
    element(
      'div',
      {},
      element('span', { class: 'rule' }, rule),
      ` ${evidence} `,
      element('span', { class: 'advice' }, advice),
    ),
  );
}

export function severityMark(severity: Finding['severity']): HTMLElement {
  return element(
    'span',
    {
      class: `severity ${severity}`,
      attributes: { role: 'img', 'aria-label': text(`severity.${severity}`) },
      title: text(`severity.${severity}`),
    },
    icon(severity),
  );
}
