import { displayText, element, setShown } from '../../common/dom';
import type { PageModel } from '../model/pageModel';
import { text } from '../model/strings';
import { changesTable, verdictElement } from './changesTable';

export interface ComparisonPane {
  readonly element: HTMLElement;
  update(model: PageModel): void;
}

/** This run beside the one before, and all earlier ones. */
export function createComparisonPane(): ComparisonPane {
  const changes = element('div');
  const list = element('ol', { class: 'history', attributes: { 'aria-labelledby': 'history-title' } });
  const history = element('div', {}, element('h3', { attributes: { id: 'history-title' } }, text('history')), list);
  let shown: unknown;
  return {
    element: element('div', { class: 'comparison-pane' }, changes, history),
    update: (model) => {
      const { run, comparison } = model;
      if (!run || shown === run) return;
      shown = run;
      if (comparison) {
        const table = comparison.changes.length
          ? changesTable(comparison)
          : element('p', { class: 'muted' }, text('comparison.same'));
        changes.replaceChildren(
          element(
            'p',
            { class: 'comparison-head' },
            verdictElement(comparison),
            ` ${displayText(comparison.summary, 1000)}`,
          ),
          table,
        );
      } else {
        changes.replaceChildren(
          element('p', {}, text('comparison.none')),
          element('p', { class: 'muted' }, text('comparison.none.next')),
        );
      }
      list.replaceChildren(
        ...model.history.map(({ at, text: told }) => {
          const time = new Date(at);
          return element(
            'li',
            {},
            element('time', { attributes: { datetime: time.toISOString() } }, time.toLocaleString()),
            ` ${displayText(told, 400)}`,
          );
        }),
      );
      setShown(history, model.history.length > 0);
    },
  };
}
