import { element, setShown } from '../../common/dom';
import type { Finding } from '../../../src/core/database/finding';
import type { PageActions } from '../model/actions';
import { findingsByRow, type PageModel } from '../model/pageModel';
import { shownRows, totalMillis, typedRow, type PlanRow } from '../model/planRows';
import { text } from '../model/strings';
import { COLUMNS, headElement, rowElement, rowId } from './treeRow';

export interface TreePane {
  readonly element: HTMLElement;
  update(model: PageModel): void;
  focus(): void;
  /** Scrolls the selected stage into sight, and where it is asked for the tree itself. */
  reveal(options?: { readonly page?: boolean }): void;
}

const ROW_HEIGHT = 26;
/** Rows beyond the window, so that a fast scroll shows no gaps. */
const SPARE_ROWS = 14;
/** Letters that belong together, ms. */
const TYPE_AHEAD_MS = 700;

/** The stages as an indented table; only the rows in sight are in the document. */
export function createTreePane(actions: PageActions): TreePane {
  const header = element('div', { class: 'tree-header', attributes: { role: 'rowgroup' } });
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
    header,
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
    const first = Math.max(0, Math.floor(scroller.scrollTop / ROW_HEIGHT) - SPARE_ROWS);
    const last = Math.min(
      rows.length,
      Math.ceil((scroller.scrollTop + scroller.clientHeight) / ROW_HEIGHT) + SPARE_ROWS,
    );
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
    body.style.transform = `translateY(${first * ROW_HEIGHT}px)`;
    if (selected && shown.includes(selected)) scroller.setAttribute('aria-activedescendant', rowId(selected));
    else scroller.removeAttribute('aria-activedescendant');
  }
  const invalidate = (): void => {
    frame ||= requestAnimationFrame(draw);
  };

  function reveal({ page = false }: { readonly page?: boolean } = {}): void {
    const index = at();
    if (index < 0) return;
    const top = index * ROW_HEIGHT;
    // In one column the page scrolls, and the tree within it.
    if (page && scroller.getBoundingClientRect().bottom > window.innerHeight)
      scroller.scrollIntoView({ block: 'nearest' });
    // The header takes the first row of the window.
    const visible = scroller.clientHeight - 2 * ROW_HEIGHT;
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
    typed = now - typedAt < TYPE_AHEAD_MS ? typed + letter : letter;
    typedAt = now;
    const found = typedRow(rows, at(), typed);
    if (found >= 0) select(found);
  }

  /** Whether the key is one of the tree's. */
  function press(event: KeyboardEvent): boolean {
    const row = model?.selected;
    const index = at();
    const page = Math.max(1, Math.floor(scroller.clientHeight / ROW_HEIGHT) - 3);
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
      const { run, view } = next;
      setShown(scroller, run !== undefined);
      if (!run || !view) return;
      if (markedRun !== run) {
        header.replaceChildren(headElement(view.labels));
        marks = findingsByRow(next);
        total = totalMillis(run.plan);
      }
      markedRun = run;
      rows = shownRows(next.rows, next.collapsed);
      scroller.classList.toggle('planned', !hasCounters(next));
      scroller.setAttribute('aria-rowcount', String(rows.length + 1));
      spacer.style.height = `${rows.length * ROW_HEIGHT}px`;
      draw();
    },
    focus: () => scroller.focus({ preventScroll: true }),
    reveal,
  };
}

function hasCounters({ run, rows }: PageModel): boolean {
  return (
    run?.plan.executed === true ||
    rows.some(({ stage }) => stage.returned !== undefined || stage.rowsRead !== undefined)
  );
}

function rowOf(event: Event, rows: readonly PlanRow[]): PlanRow | undefined {
  const found = event.target instanceof Element ? event.target.closest<HTMLElement>('[role=row]') : null;
  return rows.find((row) => found?.id === rowId(row));
}
