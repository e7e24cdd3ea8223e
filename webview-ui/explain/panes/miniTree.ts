import type { Plan, Stage } from '../../../src/core/database/plan';
import { stageText } from '../../../src/core/database/planText';
import { displayText, element } from '../../common/dom';
import { planRows } from '../model/planRows';
import { text } from '../model/strings';

/** Longer ones are cut: beside another tree nobody reads them. */
const MOST_ROWS = 150;
const DEEPEST_INDENT = 16;

/** The stages from `root` on as indented lines, to be read beside others. */
export function miniTree({ words }: Pick<Plan, 'words'>, root: Stage, label: string): HTMLElement {
  const rows = planRows(root);
  const lines = rows.slice(0, MOST_ROWS).map(({ stage, depth }) => {
    const text = displayText(stageText(stage, words), 400);
    const name = /^\S*/.exec(text)?.[0] ?? '';
    const line = element(
      'div',
      { class: 'mini-row', attributes: { role: 'listitem' } },
      element('span', { class: 'stage-name' }, name),
      text.slice(name.length),
    );
    line.style.paddingLeft = `${Math.min(depth, DEEPEST_INDENT) * 12}px`;
    return line;
  });
  const more =
    rows.length > MOST_ROWS
      ? [element('div', { class: 'muted' }, text('tree.more', String(rows.length - MOST_ROWS)))]
      : [];
  return element('div', { class: 'mini-tree', attributes: { role: 'list', 'aria-label': label } }, ...lines, ...more);
}
