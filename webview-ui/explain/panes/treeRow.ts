import type { Finding } from '../../../src/core/database/finding';
import type { PlanLabels } from '../../../src/core/protocol/explain';
import { inDigits } from '../../../src/core/words/numbers';
import { millisText } from '../../../src/core/words/times';
import { displayText, element } from '../../common/dom';
import { icon } from '../../common/icons';
import { worstOf } from '../model/pageModel';
import type { PlanRow } from '../model/planRows';
import { badgesOf, flowOf } from '../model/stageFacts';
import { text } from '../model/strings';
import { badgeElement, branchElement } from './stageMarks';

/** Deeper levels are not indented further; what is on them says how deep it is. */
const DEEPEST_INDENT = 18;

export const COLUMNS = ['stage', 'time', 'returned', 'entries', 'rows', 'flow'] as const;

type Column = (typeof COLUMNS)[number];

/** The row above all others, in the words of the plan's server. */
export function headElement(labels: PlanLabels): HTMLElement {
  const titles: Readonly<Record<Column, readonly [title: string, hint: string]>> = {
    stage: [text('column.stage'), text('column.stage.hint')],
    time: [text('column.time'), text('column.time.hint')],
    returned: [text('column.returned'), labels.returnedHint],
    entries: [labels.entries, labels.entriesHint],
    rows: [labels.rows, labels.rowsHint],
    flow: [text('column.flow'), text('column.flow.hint')],
  };
  return element(
    'div',
    { class: 'tree-row tree-head', attributes: { role: 'row', 'aria-rowindex': '1' } },
    ...COLUMNS.map((column) => {
      const [title, hint] = titles[column];
      return element('div', { class: `cell ${column}`, title: hint, attributes: { role: 'columnheader' } }, title);
    }),
  );
}

export function rowId({ index }: PlanRow): string {
  return `stage-${index}`;
}

export interface RowState {
  readonly selected: boolean;
  readonly folded: boolean;
  readonly findings: readonly Finding[];
  readonly total: number | undefined;
}

/** One stage as a row of the table. */
export function rowElement(row: PlanRow, index: number, { selected, folded, findings, total }: RowState): HTMLElement {
  const { stage, children, parent, position, depth } = row;
  const number = (value: number | undefined): string => (value === undefined ? '' : inDigits(value));
  const flow = flowOf(stage);
  const cells: Record<Column, HTMLElement> = {
    stage: cell('stage', ...indentOf(row), twisty(row, folded), ...stageParts(row), ...findingMark(findings)),
    time: timeCell(row, total),
    returned: cell('returned', number(stage.returned)),
    entries: cell('entries', number(stage.entriesRead)),
    rows: cell('rows', number(stage.rowsRead)),
    flow: cell(
      'flow',
      flow.into === undefined || flow.out === undefined ? '' : `${inDigits(flow.into)} → ${inDigits(flow.out)}`,
    ),
  };
  return element(
    'div',
    {
      class: `tree-row row${selected ? ' selected' : ''}`,
      attributes: {
        id: rowId(row),
        role: 'row',
        'aria-rowindex': String(index + 2),
        'aria-level': String(depth + 1),
        'aria-posinset': String(position + 1),
        'aria-setsize': String(parent?.children.length ?? 1),
        'aria-expanded': children.length ? String(!folded) : undefined,
        'aria-selected': String(selected),
      },
    },
    ...COLUMNS.map((column) => cells[column]),
  );
}

function cell(column: Column, ...children: readonly (Node | string)[]): HTMLElement {
  return element('div', { class: `cell ${column}`, attributes: { role: 'gridcell' } }, ...children);
}

/** Lines that lead from the parents to what else is below them. */
function indentOf(row: PlanRow): HTMLElement[] {
  const levels: HTMLElement[] = [];
  const cut = Math.max(0, row.depth - DEEPEST_INDENT);
  let at = row;
  for (let level = row.depth; level > cut; level--) {
    const more = at.parent !== undefined && at.position < at.parent.children.length - 1;
    const own = level === row.depth;
    levels.push(
      element('span', {
        class: `guide${own ? (more ? ' tee' : ' corner') : more ? ' line' : ''}`,
        attributes: { 'aria-hidden': 'true' },
      }),
    );
    at = at.parent!;
  }
  if (cut)
    levels.push(
      element(
        'span',
        { class: 'depth muted', title: text('tree.depth', String(row.depth + 1)) },
        String(row.depth + 1),
      ),
    );
  return levels.reverse();
}

function twisty({ children }: PlanRow, folded: boolean): HTMLElement {
  const mark = element('span', { class: `twisty${folded ? ' folded' : ''}`, attributes: { 'aria-hidden': 'true' } });
  if (children.length) mark.append(icon('next'));
  return mark;
}

function stageParts({ stage, branch }: PlanRow): HTMLElement[] {
  const parts: HTMLElement[] = [];
  if (branch) parts.push(branchElement(branch));
  parts.push(element('span', { class: 'stage-name' }, displayText(stage.name, 80)));
  if (stage.index !== undefined)
    parts.push(element('span', { class: 'stage-index', title: stage.index }, displayText(stage.index, 120)));
  if (stage.target !== undefined && branch?.kind !== 'pipeline')
    parts.push(element('span', { class: 'stage-collection' }, displayText(stage.target, 80)));
  return [...parts, ...badgesOf(stage).map(badgeElement)];
}

function findingMark(findings: readonly Finding[]): HTMLElement[] {
  if (!findings.length) return [];
  const severity = worstOf(findings);
  const label = findings.map(({ rule, evidence }) => `${rule}: ${evidence}`).join('\n');
  const name = text(
    findings.length === 1 ? 'tree.finding' : 'tree.findings',
    String(findings.length),
    text(`severity.${severity}`),
  );
  return [
    element(
      'span',
      { class: `finding-mark ${severity}`, title: label },
      icon(severity),
      element('span', { class: 'visually-hidden' }, name),
    ),
  ];
}

function timeCell({ stage }: PlanRow, total: number | undefined): HTMLElement {
  const { selfMillis } = stage;
  if (selfMillis === undefined) return cell('time', element('span', { class: 'muted' }, text('unknown')));
  const share = total !== undefined && total > 0 ? Math.min(1, selfMillis / total) : undefined;
  const bar = element('span', { class: 'bar', attributes: { 'aria-hidden': 'true' } });
  bar.hidden = !share;
  const made = cell(
    'time',
    bar,
    element(
      'span',
      { class: 'time-text' },
      millisText(selfMillis),
      element('span', { class: 'muted' }, share === undefined ? '' : ` ${shareText(share)}`),
    ),
  );
  bar.style.setProperty('--share', String(share ?? 0));
  return made;
}

function shareText(share: number): string {
  return share > 0 && share < 0.01 ? '<1 %' : `${Math.round(share * 100)} %`;
}
