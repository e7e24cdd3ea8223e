import { tableRows, type TableColumn } from '../../../src/core/flame/tableRows';
import { displayText, element, setShown, setText } from '../../common/dom';
import type { PageActions } from '../model/actions';
import { formatChange, formatValue } from '../../../src/core/words/measures';
import { shareOf } from '../../../src/core/words/shares';
import { activeMatches, placeOf, selectedFrame, type PageModel } from '../model/pageModel';
import { text, type StringKey } from '../model/strings';
import type { ViewResult } from '../model/workerProtocol';
import { placeText } from './details';
import { inDigits } from '../../../src/core/words/numbers';

export interface TablePane {
  readonly element: HTMLElement;
  update(model: PageModel): void;
  focus(): void;
  /** Frames as they are listed now. */
  rows(): Int32Array;
}

interface Column {
  readonly id: TableColumn | 'place';
  readonly label: StringKey;
  readonly numeric: boolean;
  text(model: PageModel, result: ViewResult, frame: number): string;
  /** Part of the whole, drawn as a bar behind the number. */
  share?(result: ViewResult, frame: number): number;
}

const ROW_HEIGHT = 22;
/** Rows beyond the window, so that a fast scroll shows no gaps. */
const SPARE_ROWS = 12;

const nameColumn: Column = {
  id: 'name',
  label: 'table.method',
  numeric: false,
  text: (model, _, frame) => displayText(placeOf(model, frame).name, 300),
};
const placeColumn: Column = {
  id: 'place',
  label: 'table.place',
  numeric: false,
  text: (model, _, frame) => placeText(placeOf(model, frame)),
};

function costColumn(id: 'self' | 'total', label: StringKey): Column {
  const values = (result: ViewResult): Float64Array => (id === 'self' ? result.frameSelfs : result.frameTotals);
  return {
    id,
    label,
    numeric: true,
    text: (_, result, frame) =>
      `${formatValue(values(result)[frame], result.measure.unit)}  ${shareOf(values(result)[frame], result.total).padStart(7, '\u2007')}`,
    share: (result, frame) => (result.total > 0 ? values(result)[frame] / result.total : 0),
  };
}

function changeColumns(part: 'self' | 'total'): Column[] {
  const after = (result: ViewResult): Float64Array => (part === 'self' ? result.frameSelfs : result.frameTotals);
  const before = (result: ViewResult): Float64Array | undefined =>
    part === 'self' ? result.frameSelfsBefore : result.frameTotalsBefore;
  return [
    {
      id: `${part}Before`,
      label: `table.${part}Before`,
      numeric: true,
      text: (_, result, frame) => formatValue(before(result)?.[frame] ?? 0, result.measure.unit),
    },
    {
      id: `${part}Change`,
      label: `table.${part}Change`,
      numeric: true,
      text: (_, result, frame) =>
        formatChange(after(result)[frame] - (before(result)?.[frame] ?? 0), result.measure.unit),
    },
  ];
}

const plainColumns: readonly Column[] = [
  costColumn('self', 'table.self'),
  costColumn('total', 'table.total'),
  nameColumn,
  placeColumn,
];
const differenceColumns: readonly Column[] = [
  costColumn('self', 'table.self'),
  ...changeColumns('self'),
  costColumn('total', 'table.total'),
  ...changeColumns('total'),
  nameColumn,
  placeColumn,
];

/** All methods; only the rows in sight are in the document. */
export function createTablePane(actions: PageActions): TablePane {
  const header = element('div', { class: 'table-row table-head', attributes: { role: 'row', 'aria-rowindex': '1' } });
  const body = element('div', { class: 'table-body', attributes: { role: 'rowgroup' } });
  const spacer = element('div', { class: 'table-spacer' }, body);
  const empty = element('div', { class: 'table-empty' }, text('table.empty'));
  const count = element('div', { class: 'table-count muted', attributes: { role: 'status' } });
  const scroller = element(
    'div',
    { class: 'table', attributes: { role: 'grid', 'aria-label': text('table'), tabindex: '0' } },
    element('div', { attributes: { role: 'rowgroup' }, class: 'table-header' }, header),
    spacer,
    empty,
  );
  const host = element('div', { class: 'table-pane' }, scroller, count);

  let model: PageModel | undefined;
  let rows = new Int32Array(0);
  let made = '';
  let frame = 0;

  const columnsOf = (result: ViewResult): readonly Column[] =>
    result.frameTotalsBefore ? differenceColumns : plainColumns;

  function sortBy(column: Column): void {
    if (!model || column.id === 'place') return;
    const { sort } = model.choices;
    const descending = sort.column === column.id ? !sort.descending : column.numeric;
    actions.setSort({ column: column.id, descending });
  }

  function showHeader(result: ViewResult): void {
    const { sort } = model!.choices;
    header.replaceChildren(
      ...columnsOf(result).map((column) => {
        const sorted = sort.column === column.id;
        const button = element(
          'button',
          { class: 'sort', attributes: { type: 'button' } },
          text(column.label),
          sorted ? (sort.descending ? ' ↓' : ' ↑') : '',
        );
        button.disabled = column.id === 'place';
        button.addEventListener('click', () => sortBy(column));
        const ariaSort = sorted ? (sort.descending ? 'descending' : 'ascending') : 'none';
        return element(
          'div',
          { class: cellClass(column), attributes: { role: 'columnheader', 'aria-sort': ariaSort } },
          button,
        );
      }),
    );
  }

  function draw(): void {
    frame = 0;
    const result = model?.result;
    if (!model || !result) return;
    const first = Math.max(0, Math.floor(scroller.scrollTop / ROW_HEIGHT) - SPARE_ROWS);
    const last = Math.min(
      rows.length,
      Math.ceil((scroller.scrollTop + scroller.clientHeight) / ROW_HEIGHT) + SPARE_ROWS,
    );
    const selected = selectedFrame(model);
    const columns = columnsOf(result);
    body.replaceChildren(
      ...Array.from(rows.subarray(first, last), (each, at) =>
        rowElement(model!, result, columns, each, first + at, each === selected),
      ),
    );
    body.style.transform = `translateY(${first * ROW_HEIGHT}px)`;
    const active = selected >= 0 && rows.subarray(first, last).includes(selected) ? `row-${selected}` : '';
    if (active) scroller.setAttribute('aria-activedescendant', active);
    else scroller.removeAttribute('aria-activedescendant');
  }
  const invalidate = (): void => {
    frame ||= requestAnimationFrame(draw);
  };

  function select(index: number): void {
    const at = Math.max(0, Math.min(rows.length - 1, index));
    if (rows.length === 0) return;
    const top = at * ROW_HEIGHT;
    const visible = scroller.clientHeight - ROW_HEIGHT;
    if (top < scroller.scrollTop) scroller.scrollTop = top;
    else if (top + ROW_HEIGHT > scroller.scrollTop + visible) scroller.scrollTop = top + ROW_HEIGHT - visible;
    actions.selectFrame(rows[at]);
  }

  scroller.addEventListener('scroll', invalidate);
  new ResizeObserver(invalidate).observe(scroller);
  scroller.addEventListener('keydown', (event) => {
    if (!model || event.ctrlKey || event.metaKey || event.altKey || event.target !== scroller) return;
    const at = rows.indexOf(selectedFrame(model));
    const page = Math.max(1, Math.floor(scroller.clientHeight / ROW_HEIGHT) - 2);
    const steps: Record<string, number> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: rows.length - 1,
    };
    if (!(event.key in steps)) return;
    event.preventDefault();
    event.stopPropagation();
    select(steps[event.key]);
  });
  body.addEventListener('click', (event) => {
    const chosen = frameAt(event);
    if (chosen === undefined) return;
    actions.selectFrame(chosen);
    const onPlace = event.target instanceof Element && event.target.closest('.place');
    if (event.ctrlKey || event.metaKey || onPlace) actions.openSource(chosen, event.altKey);
  });
  body.addEventListener('dblclick', (event) => {
    const chosen = frameAt(event);
    if (chosen !== undefined) actions.openSource(chosen, event.altKey);
  });

  return {
    element: host,
    update: (next) => {
      model = next;
      const { result, choices } = next;
      setShown(empty, false);
      if (!result) return;
      const matches = activeMatches(next);
      const column = columnsOf(result).some(({ id }) => id === choices.sort.column)
        ? (choices.sort.column as TableColumn)
        : 'self';
      const all = tableRows(result, column, choices.sort.descending);
      rows = matches ? all.filter((each) => matches[each] === 1) : all;
      setText(
        count,
        matches
          ? text('table.filtered', inDigits(rows.length), inDigits(all.length))
          : text('table.count', inDigits(all.length)),
      );
      setShown(empty, rows.length === 0);
      scroller.setAttribute('aria-rowcount', String(rows.length + 1));
      spacer.style.height = `${rows.length * ROW_HEIGHT}px`;
      scroller.classList.toggle('difference', result.frameTotalsBefore !== undefined);
      const now = JSON.stringify([choices.sort, result.frameTotalsBefore !== undefined]);
      // A header that is replaced at every refresh would lose the focus.
      if (now !== made) showHeader(result);
      made = now;
      draw();
    },
    focus: () => scroller.focus({ preventScroll: true }),
    rows: () => rows,
  };
}

function frameAt(event: Event): number | undefined {
  const row = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-frame]') : null;
  return row ? Number(row.dataset.frame) : undefined;
}

function cellClass({ id, numeric }: Column): string {
  return `cell ${id === 'name' || id === 'place' ? id : 'value'}${numeric ? ' numeric' : ''}`;
}

function rowElement(
  model: PageModel,
  result: ViewResult,
  columns: readonly Column[],
  frame: number,
  index: number,
  selected: boolean,
): HTMLElement {
  const cells = columns.map((column) => {
    const label = column.text(model, result, frame);
    const cell = element(
      'div',
      { class: cellClass(column), attributes: { role: 'gridcell' } },
      element('span', {}, label),
    );
    if (!column.numeric) cell.title = label;
    const share = column.share?.(result, frame);
    if (share !== undefined) cell.style.setProperty('--share', String(Math.min(1, share)));
    return cell;
  });
  return element(
    'div',
    {
      class: selected ? 'table-row selected' : 'table-row',
      attributes: {
        id: `row-${frame}`,
        role: 'row',
        'aria-rowindex': String(index + 2),
        'aria-selected': String(selected),
        'data-frame': String(frame),
      },
    },
    ...cells,
  );
}
