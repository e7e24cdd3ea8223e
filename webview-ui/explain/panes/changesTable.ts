import type { RunComparison } from '../../../src/core/database/explainRun';
import { displayText, element } from '../../common/dom';
import { text } from '../model/strings';
import { longText } from './valueTree';

/** Better or worse in one word, with a mark for those who do not see its colour. */
export function verdictElement({ verdict }: RunComparison): HTMLElement {
  return element('span', { class: `verdict ${verdict}` }, text(`verdict.${verdict}`));
}

/** What differs, before beside after. */
export function changesTable({ changes }: RunComparison): HTMLElement {
  const head = (['changes.what', 'changes.before', 'changes.after', 'changes.effect'] as const).map((key) =>
    element('th', { attributes: { scope: 'col' } }, text(key)),
  );
  const rows = changes.map(({ what, before, after, effect }) =>
    element(
      'tr',
      { class: effect },
      element('th', { attributes: { scope: 'row' } }, displayText(what, 100)),
      element('td', {}, longText(before, 300)),
      element('td', {}, longText(after, 300)),
      element('td', {}, element('span', { class: `effect ${effect}` }, text(`effect.${effect}`))),
    ),
  );
  return element(
    'table',
    { class: 'changes' },
    element('thead', {}, element('tr', {}, ...head)),
    element('tbody', {}, ...rows),
  );
}
