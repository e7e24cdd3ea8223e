import { workPerReturned } from '../../../src/core/database/growth';
import { rowsText } from '../../../src/core/database/planWords';
import type { RunView } from '../../../src/core/protocol/explain';
import { millisText } from '../../../src/core/words/times';
import { inDigits, ratioText } from '../../../src/core/words/numbers';
import type { ExplainRun } from '../../../src/core/database/explainRun';
import { textButton } from '../../common/controls';
import { displayText, element, setShown, setText } from '../../common/dom';
import { icon } from '../../common/icons';
import { popoverButton } from '../../common/popover';
import type { PageActions } from '../model/actions';
import type { PageModel } from '../model/pageModel';
import { text } from '../model/strings';
import { verdictElement } from './changesTable';

export interface SummaryStrip {
  readonly element: HTMLElement;
  update(model: PageModel): void;
}

/** What happened, in one line; how it compares with the run before. */
export function createSummaryStrip(actions: PageActions): SummaryStrip {
  const verdict = element('p', { class: 'summary-line' });
  const tiles = element('dl', { class: 'tiles' });
  const origin = element('span', { class: 'muted origin' });
  const comparison = element('div', { class: 'comparison-line' });
  const notes = element('ul', { class: 'notes' });
  const failed = element('div', { class: 'notice failure run-failure', attributes: { role: 'status' } });
  const copy = textButton(text('copy'), () => undefined);
  copy.prepend(icon('copy'));
  const item = (what: 'shell' | 'markdown' | 'raw'): HTMLElement => {
    const button = textButton(text(`copy.${what}`), () => actions.post({ type: 'copy', what }));
    button.className = 'menu-item';
    return button;
  };
  const menu = popoverButton(
    copy,
    element(
      'div',
      { attributes: { role: 'group', 'aria-label': text('copy') } },
      item('shell'),
      item('markdown'),
      item('raw'),
    ),
  );
  const host = element(
    'section',
    { class: 'summary', attributes: { 'aria-label': text('summary') } },
    element('div', { class: 'summary-head' }, verdict, menu),
    tiles,
    failed,
    comparison,
    notes,
    origin,
  );
  let shown: unknown;

  return {
    element: host,
    update: (model) => {
      const { run, view } = model;
      setShown(host, run !== undefined);
      if (!run || !view || shown === run) return;
      shown = run;
      setText(verdict, displayText(view.summary, 600));
      tiles.replaceChildren(...tilesOf(run, view));
      const { failure } = run.plan;
      setShown(failed, failure !== undefined);
      failed.replaceChildren(
        icon('warning'),
        element(
          'span',
          { class: 'notice-text' },
          failure
            ? text(
                'run.failed',
                displayText(failure.message, 600),
                failure.code === undefined ? '' : ` (${failure.code})`,
              )
            : '',
        ),
      );
      showComparison(model);
      const told = [...run.notes, ...run.plan.problems];
      notes.replaceChildren(...told.map((note) => element('li', {}, icon('info'), displayText(note, 600))));
      setShown(notes, told.length > 0);
      setText(origin, originText(run, view));
    },
  };

  function showComparison({ comparison: found }: PageModel): void {
    setShown(comparison, found !== undefined);
    if (!found) return;
    comparison.replaceChildren(
      verdictElement(found),
      element('span', { class: 'comparison-text' }, displayText(found.summary, 600)),
      textButton(text('comparison.show'), () => actions.showPane('comparison'), 'link'),
    );
  }
}

function tilesOf({ plan }: ExplainRun, { labels }: RunView): HTMLElement[] {
  const { returned, entriesRead, rowsRead, millis } = plan.totals;
  const tile = (name: string, value: string): HTMLElement[] => [
    element('div', { class: 'tile' }, element('dt', {}, name), element('dd', {}, value)),
  ];
  const number = (value: number | undefined): string => (value === undefined ? text('unknown') : inDigits(value));
  if (!plan.executed && returned === undefined && rowsRead === undefined) return [];
  const perResult = workPerReturned(plan.totals);
  return [
    ...tile(text('column.returned'), number(returned)),
    ...tile(labels.entriesRead, number(entriesRead)),
    ...tile(labels.rowsRead, number(rowsRead)),
    ...tile(text('tile.perDocument'), perResult === undefined ? text('unknown') : ratioText(perResult)),
    ...tile(text('tile.time'), millis === undefined ? text('unknown') : millisText(millis)),
  ];
}

function originText({ at, connection, database, target, verbosity, plan, facts }: ExplainRun, view: RunView): string {
  return [
    new Date(at).toLocaleTimeString(),
    `${database}.${target}`,
    connection,
    view.server ?? '',
    view.engine,
    text(`verbosity.${verbosity}`),
    facts.rows === undefined ? '' : rowsText(facts.rows, plan.words),
  ]
    .filter(Boolean)
    .map((part) => displayText(part, 200))
    .join(' · ');
}
