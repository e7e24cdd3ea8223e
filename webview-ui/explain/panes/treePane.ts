import { displayText, element, setShown } from '../../common/dom';
import { icon } from '../../common/icons';
import type { Finding } from '../../../src/core/database/plan';
import { inDigits } from '../../../src/core/words/numbers';
import { millisText } from '../../../src/core/words/times';
import type { PageActions } from '../model/actions';
import { findingsByRow, worstOf, type PageModel } from '../model/pageModel';
import { shownRows, totalMillis, typedRow, type PlanRow } from '../model/planRows';
import { badgesOf, flowOf } from '../model/stageFacts';
import { text } from '../strings';
import { badgeElement, branchElement } from './stageMarks';

export interface TreePane {
  readonly element: HTMLElement;
  update(model: PageModel): void;
  focus(): void;
  /** Scrolls the selected stage into sight, and where it is asked for the tree itself. */
  reveal(options?: { readonly page?: boolean }): void;
}

const rowHeight = 26;
/** Rows beyond the window, so that a fast scroll shows no gaps. */
const spareRows = 14;
/** Deeper levels are not indented further; what is on them says how deep it is. */
const deepestIndent = 18;
/** Letters that belong together, ms. */
const typeAheadMs = 700;

const COLUMNS = ['stage', 'time', 'returned', 'keys', 'docs', 'flow'] as const;

/** The stages as an indented table; only the rows in sight are in the document. */
export function createTreePane(actions: PageActions): TreePane {
  const header = element(
    'div',
    { class: 'tree-row tree-head', attributes: { role: 'row', 'aria-rowindex': '1' } },
    ...COLUMNS.map((column) =>
      element(
        'div',
        { class: `cell ${column}`, title: text(`column.${column}.hint`), attributes: { role: 'columnheader' } },
        text(`column.${column}`),
      ),
    ),
  );
  const body = element('div', { class: 'tree-body', attributes: { role: 'rowgroup' } });
  const spacer = element('div', { class: 'tree-spacer', attributes: { role: 'presentation' } }, body);
  const scroller = element(
    'div',
    {
      class: 'tree',
      attributes: {
        role: 'treegrid',
        tabindex: '0',
        'aria-label': text('tree'),
        'aria-colcount': String(COLUMNS.length),
      },
    },
    element('div', { class: 'tree-header', attributes: { role: 'rowgroup' } }, header),
    spacer,
  );

  let model: PageModel | undefined;
  let rows: readonly PlanRow[] = [];
  let marks: ReadonlyMap<PlanRow, readonly Finding[]> = new Map();
  let markedRun: unknown;
  let total: number | undefined;
  let frame = 0;
  let typed = '';
  let typedAt = 0;

  const at = (): number => (model?.selected ? rows.indexOf(model.selected) : -1);

  function draw(): void {
    frame = 0;
    if (!model) return;
    const { selected, collapsed } = model;
    const first = Math.max(0, Math.floor(scroller.scrollTop / rowHeight) - spareRows);
    const last = Math.min(rows.length, Math.ceil((scroller.scrollTop + scroller.clientHeight) / rowHeight) + spareRows);
    const shown = rows.slice(first, last);
    body.replaceChildren(
      ...shown.map((row, index) =>
        rowElement(row, first + index, {
          selected: row === selected,
          folded: collapsed.has(row),
          findings: marks.get(row) ?? [],
          total,
        }),
      ),
    );
    body.style.transform = `translateY(${first * rowHeight}px)`;
    if (selected && shown.includes(selected)) scroller.setAttribute('aria-activedescendant', rowId(selected));
    else scroller.removeAttribute('aria-activedescendant');
  }
  const invalidate = (): void => {
    frame ||= requestAnimationFrame(draw);
  };

  function reveal({ page = false }: { readonly page?: boolean } = {}): void {
    const index = at();
    if (index < 0) return;
    const top = index * rowHeight;
    // In one column the page scrolls, and the tree within it.
    if (page && scroller.getBoundingClientRect().bottom > window.innerHeight)
      scroller.scrollIntoView({ block: 'nearest' });
    // The header takes the first row of the window.
    const visible = scroller.clientHeight - 2 * rowHeight;
    if (top < scroller.scrollTop) scroller.scrollTop = top;
    else if (top > scroller.scrollTop + visible) scroller.scrollTop = top - visible;
  }

  function select(index: number): void {
    if (!rows.length) return;
    actions.selectRow(rows[Math.max(0, Math.min(rows.length - 1, index))], { reveal: true });
  }

  function fold(row: PlanRow | undefined, folded: boolean): boolean {
    if (!row || !model || row.children.length === 0 || model.collapsed.has(row) === folded) return false;
    actions.setCollapsed([row], folded);
    return true;
  }

  function typeAhead(letter: string): void {
    const now = performance.now();
    typed = now - typedAt < typeAheadMs ? typed + letter : letter;
    typedAt = now;
    const found = typedRow(rows, at(), typed);
    if (found >= 0) select(found);
  }

  /** Whether the key is one of the tree's. */
  function press(event: KeyboardEvent): boolean {
    const row = model?.selected;
    const index = at();
    const page = Math.max(1, Math.floor(scroller.clientHeight / rowHeight) - 3);
    switch (event.key) {
      case 'ArrowDown':
        select(index + 1);
        return true;
      case 'ArrowUp':
        select(index - 1);
        return true;
      case 'PageDown':
        select(index + page);
        return true;
      case 'PageUp':
        select(index - page);
        return true;
      case 'Home':
        select(0);
        return true;
      case 'End':
        select(rows.length - 1);
        return true;
      case 'ArrowRight':
        if (!fold(row, false) && row?.children.length) select(index + 1);
        return true;
      case 'ArrowLeft':
        if (!fold(row, true) && row?.parent) select(rows.indexOf(row.parent));
        return true;
      case '*':
        if (model) actions.setCollapsed(model.rows, false);
        return true;
      case 'Enter':
        if (row) actions.focusDetails();
        return true;
      default:
        // Digits are keys of the page.
        if (event.key.length !== 1 || !/[a-z$_]/i.test(event.key)) return false;
        typeAhead(event.key);
        return true;
    }
  }

  scroller.addEventListener('scroll', invalidate);
  new ResizeObserver(invalidate).observe(scroller);
  scroller.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !press(event)) return;
    event.preventDefault();
    event.stopPropagation();
  });
  body.addEventListener('click', (event) => {
    const row = rowOf(event, rows);
    if (!row) return;
    if (event.target instanceof Element && event.target.closest('.twisty')) fold(row, !model?.collapsed.has(row));
    else actions.selectRow(row);
  });
  body.addEventListener('dblclick', (event) => {
    const row = rowOf(event, rows);
    if (row) fold(row, !model?.collapsed.has(row));
  });

  return {
    element: scroller,
    update: (next) => {
      model = next;
      const { run } = next;
      setShown(scroller, run !== undefined);
      if (!run) return;
      if (markedRun !== run) {
        marks = findingsByRow(next);
        total = totalMillis(run.plan);
      }
      markedRun = run;
      rows = shownRows(next.rows, next.collapsed);
      scroller.classList.toggle('planned', !hasCounters(next));
      scroller.setAttribute('aria-rowcount', String(rows.length + 1));
      spacer.style.height = `${rows.length * rowHeight}px`;
      draw();
    },
    focus: () => scroller.focus({ preventScroll: true }),
    reveal,
  };
}

function hasCounters({ run, rows }: PageModel): boolean {
  return (
    run?.plan.executed === true ||
    rows.some(({ stage }) => stage.returned !== undefined || stage.docsExamined !== undefined)
  );
}

function rowId({ index }: PlanRow): string {
  return `stage-${index}`;
}

function rowOf(event: Event, rows: readonly PlanRow[]): PlanRow | undefined {
  const found = event.target instanceof Element ? event.target.closest<HTMLElement>('[role=row]') : null;
  return rows.find((row) => found?.id === rowId(row));
}

interface RowState {
  readonly selected: boolean;
  readonly folded: boolean;
  readonly findings: readonly Finding[];
  readonly total: number | undefined;
}

function rowElement(row: PlanRow, index: number, { selected, folded, findings, total }: RowState): HTMLElement {
  const { stage, children, parent, position, depth } = row;
  const number = (value: number | undefined): string => (value === undefined ? '' : inDigits(value));
  const flow = flowOf(stage);
  const cells: Record<(typeof COLUMNS)[number], HTMLElement> = {
    stage: cell('stage', ...indentOf(row), twisty(row, folded), ...stageParts(row), ...findingMark(findings)),
    time: timeCell(row, total),
    returned: cell('returned', number(stage.returned)),
    keys: cell('keys', number(stage.keysExamined)),
    docs: cell('docs', number(stage.docsExamined)),
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

function cell(column: (typeof COLUMNS)[number], ...children: readonly (Node | string)[]): HTMLElement {
  return element('div', { class: `cell ${column}`, attributes: { role: 'gridcell' } }, ...children);
}

/** Lines that lead from the parents to what else is below them. */
function indentOf(row: PlanRow): HTMLElement[] {
  const levels: HTMLElement[] = [];
  const cut = Math.max(0, row.depth - deepestIndent);
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
  if (stage.collection !== undefined && branch?.kind !== 'pipeline')
    parts.push(element('span', { class: 'stage-collection' }, displayText(stage.collection, 80)));
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
