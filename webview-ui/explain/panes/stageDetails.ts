import { counted, inDigits } from '../../../src/core/words/numbers';
import { inBytes } from '../../../src/core/words/bytes';
import { millisText } from '../../../src/core/words/times';
import type { Stage } from '../../../src/core/database/plan';
import { isNonEmpty } from '../../../src/core/ejson/documents';
import type { PlanLabels, RunView } from '../../../src/core/protocol/explain';
import { displayText, element, setShown, type Child } from '../../common/dom';
import type { PageActions } from '../model/actions';
import { findingsByRow, type PageModel } from '../model/pageModel';
import type { PlanRow } from '../model/planRows';
import { prettyValue } from '../model/prettyValue';
import { badgesOf, boundRows, flowOf } from '../model/stageFacts';
import { text } from '../model/strings';
import { findingSummary } from './findingText';
import { badgeElement, branchElement } from './stageMarks';
import { longText, valueTree } from './valueTree';

export interface StageDetails {
  readonly element: HTMLElement;
  update(model: PageModel): void;
  focus(): void;
}

/** Everything that is known of the selected stage. */
export function createStageDetails(actions: PageActions): StageDetails {
  const host = element('section', {
    class: 'stage-details',
    attributes: { tabindex: '-1', 'aria-label': text('details') },
  });
  let shown: PlanRow | undefined;
  host.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    actions.focusTree();
  });
  return {
    element: host,
    update: (model) => {
      setShown(host, model.run !== undefined);
      if (!model.run || (shown === model.selected && shown !== undefined)) return;
      shown = model.selected;
      if (shown && model.view) host.replaceChildren(...contentOf(model, model.view, shown));
      else host.replaceChildren(element('p', { class: 'muted' }, text('details.none')));
      host.scrollTop = 0;
    },
    focus: () => host.focus(),
  };
}

function contentOf(model: PageModel, view: RunView, row: PlanRow): HTMLElement[] {
  const { stage } = row;
  const findings = findingsByRow(model).get(row) ?? [];
  return [
    element(
      'h3',
      { class: 'details-title' },
      ...(row.branch ? [branchElement(row.branch)] : []),
      element('span', { class: 'stage-name' }, displayText(stage.name, 200)),
      stage.index === undefined ? undefined : element('span', { class: 'stage-index' }, displayText(stage.index, 300)),
      ...badgesOf(stage).map(badgeElement),
    ),
    ...findings.map(findingSummary),
    numbersOf(stage, view.labels),
    ...boundsPart(stage),
    ...(isNonEmpty(stage.filter)
      ? [part(text('details.filter'), text('details.filter.hint'), codeBlock(prettyValue(stage.filter)))]
      : []),
    ...(stage.sortBy === undefined ? [] : [part(text('details.sort'), '', codeBlock(prettyValue(stage.sortBy)))]),
    ...fieldsPart(stage, view.fieldsTold),
  ];
}

function part(title: string, hint: string, ...children: readonly Child[]): HTMLElement {
  return element('div', { class: 'details-part' }, element('h4', { title: hint }, title), ...children);
}

function codeBlock(code: string): HTMLElement {
  return element('pre', { class: 'code' }, longText(code, 2500));
}

/** Numbers that the server told, with what they are. */
function numbersOf(stage: Stage, labels: PlanLabels): HTMLElement {
  const flow = flowOf(stage);
  const { used, limit } = stage.memory ?? {};
  const number = (value: number | undefined): string | undefined => (value === undefined ? undefined : inDigits(value));
  const list: readonly (readonly [string, string | undefined])[] = [
    [text('detail.self'), stage.selfMillis === undefined ? undefined : millisText(stage.selfMillis)],
    [text('detail.cumulative'), stage.millis === undefined ? undefined : millisText(stage.millis)],
    [text('column.returned'), number(stage.returned)],
    [labels.entries, number(stage.entriesRead)],
    [labels.rows, number(stage.rowsRead)],
    [
      text('column.flow'),
      flow.into === undefined || flow.out === undefined ? undefined : `${inDigits(flow.into)} → ${inDigits(flow.out)}`,
    ],
    [text('detail.limit'), number(stage.limit)],
    [text('detail.skip'), number(stage.skip)],
    [
      text('detail.memory'),
      used === undefined
        ? undefined
        : `${inBytes(used)}${limit === undefined ? '' : text('badge.ofLimit', inBytes(limit))}`,
    ],
    [text('detail.memoryLimit'), used === undefined && limit !== undefined ? inBytes(limit) : undefined],
    [
      text('detail.spilled'),
      stage.spilled === undefined
        ? undefined
        : stage.spilled
          ? stage.tempBytes === undefined
            ? text('yes')
            : inBytes(stage.tempBytes)
          : text('no'),
    ],
    [labels.target, stage.target],
    [text('detail.shard'), stage.shard],
  ];
  const rows = list
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) =>
      element('div', {}, element('dt', {}, name), element('dd', {}, displayText(value ?? '', 200))),
    );
  return element('dl', { class: 'numbers' }, ...rows);
}

function boundsPart(stage: Stage): HTMLElement[] {
  const rows = boundRows(stage);
  if (!rows.length) return [];
  const body = rows.map(({ field, direction, intervals, whole, afterWhole }) => {
    const shown = intervals.length > 8 ? `${intervals.slice(0, 8).join('  ')}  …` : intervals.join('  ');
    const all = intervals.join('  ');
    const note = whole
      ? text('bounds.whole')
      : afterWhole
        ? text('bounds.after')
        : intervals.length > 1
          ? counted(intervals.length, 'interval')
          : '';
    return element(
      'tr',
      { class: whole ? 'whole' : '' },
      element(
        'th',
        { attributes: { scope: 'row' } },
        displayText(field, 120),
        element('span', { class: 'muted' }, ` ${direction}`),
      ),
      element(
        'td',
        {},
        element('code', {}, longText(all.length > shown.length && all.length > 600 ? all : all || '–', 400)),
      ),
      element('td', { class: 'muted' }, note),
    );
  });
  const head = element(
    'tr',
    {},
    ...(['bounds.field', 'bounds.intervals', 'bounds.note'] as const).map((key) =>
      element('th', { attributes: { scope: 'col' } }, text(key)),
    ),
  );
  const unique = stage.unique ? text('bounds.unique') : '';
  const title = [text('details.index', displayText(stage.index ?? '', 200)), unique].filter(Boolean).join(', ');
  return [
    part(title, '', element('table', { class: 'bounds' }, element('thead', {}, head), element('tbody', {}, ...body))),
  ];
}

function fieldsPart(stage: Stage, told: readonly string[]): HTMLElement[] {
  const rest = Object.entries(stage.fields).filter(([name]) => !told.includes(name));
  if (!rest.length) return [];
  // Short ones first: what folds is below.
  const plain = rest.filter(([, value]) => typeof value !== 'object' || value === null);
  const folding = rest.filter(([, value]) => typeof value === 'object' && value !== null);
  return [
    part(
      text('details.fields'),
      text('details.fields.hint'),
      element('div', { class: 'plain-fields' }, ...plain.map(([name, value]) => valueTree(name, value))),
      element('div', { class: 'folding-fields' }, ...folding.map(([name, value]) => valueTree(name, value))),
    ),
  ];
}
