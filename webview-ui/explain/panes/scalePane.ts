import type { ScaleCheck, ScalePoint } from '../../../src/core/database/explainRun';
import { workPerReturned } from '../../../src/core/database/growth';
import type { PlanLabels } from '../../../src/core/protocol/explain';
import { inDigits, ratioText } from '../../../src/core/words/numbers';
import { millisText } from '../../../src/core/words/times';
import { textButton } from '../../common/controls';
import { displayText, element, setShown, setText } from '../../common/dom';
import { createMessageLine, createProgressLine } from '../../common/notices';
import type { PageActions } from '../model/actions';
import type { PageModel } from '../model/pageModel';
import { text } from '../model/strings';
import { failureParts } from './failureParts';
import { scaleChart } from './scaleChart';

export interface ScalePane {
  readonly element: HTMLElement;
  update(model: PageModel): void;
}

/** How the work of the statement grows with its data. */
export function createScalePane(actions: PageActions): ScalePane {
  const check = textButton(text('scale.check'), () => actions.post({ type: 'checkScale' }), 'primary');
  const note = element('p', { class: 'muted' }, text('scale.note'));
  const progress = createProgressLine(text('working'), { label: text('cancel'), run: () => actions.cancel('scale') });
  const failure = createMessageLine('failure', text('dismiss'), () => actions.dismissFailure('scale'));
  const result = element('div', { class: 'scale-result' });
  const host = element(
    'div',
    { class: 'scale-pane' },
    element('div', { class: 'buttons' }, check, note),
    progress.element,
    failure.element,
    result,
  );
  let shown: ScaleCheck | undefined;
  return {
    element: host,
    update: (model) => {
      const { scale, view } = model;
      check.disabled = model.progress.has('scale') || model.statement?.blocked !== null;
      setText(note, text(model.statement ? 'scale.note' : 'scale.noStatement'));
      setText(check, text(scale ? 'scale.again' : 'scale.check'));
      progress.show(model.progress.get('scale'));
      failure.show(...failureParts(model.failures.get('scale'), actions));
      setShown(result, scale !== undefined);
      if (!scale || !view || scale === shown) return;
      shown = scale;
      result.replaceChildren(...resultOf(scale, view.labels));
    },
  };
}

/** Rows and index entries read for each row that came back; where none is told, for the search itself. */
function workPerResult(point: ScalePoint): number | undefined {
  return workPerReturned({ ...point, returned: point.returned ?? 1 });
}

function resultOf({ points, complexity, summary, notes = [] }: ScaleCheck, labels: PlanLabels): HTMLElement[] {
  const charts = [
    { label: labels.workPerReturned, value: workPerResult, text: ratioText },
    { label: text('scale.millis'), value: ({ millis }: ScalePoint) => millis, text: millisText },
  ].filter(({ value }) => points.some((point) => value(point) !== undefined));
  const columns: readonly (readonly [string, (point: ScalePoint) => string])[] = [
    [labels.rows, ({ rows, sampled }) => `${inDigits(rows)} ${text(sampled ? 'scale.sample' : 'scale.whole')}`],
    [text('column.returned'), ({ returned }) => numberOf(returned)],
    [labels.entriesRead, ({ entriesRead }) => numberOf(entriesRead)],
    [labels.rowsRead, ({ rowsRead }) => numberOf(rowsRead)],
    [labels.workPerReturned, (point) => decimalsOf(workPerResult(point), ratioText)],
    [text('tile.time'), ({ millis }) => decimalsOf(millis, millisText)],
  ];
  return [
    element(
      'p',
      { class: 'scale-summary', attributes: { role: 'status' } },
      element('strong', { class: `complexity ${complexity.replace(/\s/g, '-')}` }, text(`complexity.${complexity}`)),
      ` ${displayText(summary, 800)}`,
    ),
    ...(notes.length
      ? [element('ul', { class: 'trial-notes' }, ...notes.map((note) => element('li', {}, displayText(note, 600))))]
      : []),
    element(
      'div',
      { class: 'charts' },
      ...charts.map((chart) => scaleChart(points, { ...chart, xLabel: labels.rows })),
    ),
    element(
      'table',
      { class: 'scale-table' },
      element('caption', { class: 'visually-hidden' }, text('scale.table')),
      element(
        'thead',
        {},
        element('tr', {}, ...columns.map(([name]) => element('th', { attributes: { scope: 'col' } }, name))),
      ),
      element(
        'tbody',
        {},
        ...points.map((point) =>
          element(
            'tr',
            {},
            ...columns.map(([, of], index) =>
              index ? element('td', {}, of(point)) : element('th', { attributes: { scope: 'row' } }, of(point)),
            ),
          ),
        ),
      ),
    ),
  ];
}

function numberOf(value: number | undefined): string {
  return value === undefined ? text('unknown') : inDigits(value);
}

function decimalsOf(value: number | undefined, write: (value: number) => string): string {
  return value === undefined ? text('unknown') : write(value);
}
