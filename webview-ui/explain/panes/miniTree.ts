import type { Plan, Stage } from '../../../src/core/database/plan';
import { stageText } from '../../../src/core/database/planText';
import { displayText, element } from '../../common/dom';
import { planRows } from '../model/planRows';
import { text } from '../model/strings';

/** Longer ones are cut: beside another tree nobody reads them. */
const mostRows = 150;
const deepestIndent = 16;

/** The stages from `root` on as indented lines, to be read beside others. */
export function miniTree({ words }: Pick<Plan, 'words'>, root: Stage, label: string): HTMLElement {
  const rows = planRows(root);
  const lines = rows.slice(0, mostRows).map(({ stage, depth }) => {
    const [name, ...rest] = displayText(stageText(stage, words), 400).split(/(?<=^\S+)\s/);
    const line = element(
      'div',
      { class: 'mini-row', attributes: { role: 'listitem' } },
      element('span', { class: 'stage-name' }, name),
      rest.length ? ` ${rest.join(' ')}` : '',
    );
    line.style.paddingLeft = `${Math.min(depth, deepestIndent) * 12}px`;
    return line;
  });
  const more =
    rows.length > mostRows
      ? [element('div', { class: 'muted' }, text('tree.more', String(rows.length - mostRows)))]
      : [];
  return element('div', { class: 'mini-tree', attributes: { role: 'list', 'aria-label': label } }, ...lines, ...more);
}
