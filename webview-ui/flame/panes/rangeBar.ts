import { element, setShown, setText } from '../../common/dom';
import { icon } from '../../common/icons';
import type { PageActions } from '../model/actions';
import { formatValue } from '../../../src/core/words/measures';
import type { PageModel } from '../model/pageModel';
import { text, type StringKey } from '../model/strings';
import type { TimeRangeUs } from '../model/workerProtocol';

export interface RangeBar {
  readonly element: HTMLElement;
  update(model: PageModel): void;
}

/** Says which part of the time every view is restricted to, or which two parts are compared. */
export function createRangeBar(actions: PageActions, awaitSecond: () => void): RangeBar {
  const label = element('span', { class: 'range-text' });
  const button = (key: StringKey, pressed: () => void, ...children: Node[]): HTMLButtonElement => {
    const made = element('button', { class: 'button', attributes: { type: 'button' } }, ...children, text(key));
    made.addEventListener('click', pressed);
    return made;
  };
  const compare = button(
    'range.compare',
    () => {
      awaitSecond();
      setText(label, text('range.second'));
      actions.announce(text('range.second'));
    },
    icon('compare'),
  );
  let ranges: { readonly before: TimeRangeUs; readonly after: TimeRangeUs } | undefined;
  const swap = button('range.swap', () => ranges && actions.compareRanges(ranges.after, ranges.before));
  const clear = button('range.clear', () => actions.setRange(undefined));
  const end = button('range.end', () => actions.endComparison());
  const bar = element(
    'div',
    { class: 'notice range-bar', attributes: { role: 'group', 'aria-label': text('time') } },
    label,
    compare,
    swap,
    clear,
    end,
  );
  return {
    element: bar,
    update: ({ choices: { options, view }, comparison, facts }) => {
      const origin = facts?.timeline?.startUs ?? 0;
      const told = (range: TimeRangeUs): string => rangeText(range, origin);
      ranges = comparison?.kind === 'ranges' ? comparison : undefined;
      setShown(bar, options.range !== undefined || ranges !== undefined);
      setShown(compare, ranges === undefined && view === 'timeOrder');
      setShown(clear, ranges === undefined);
      setShown(swap, ranges !== undefined);
      setShown(end, ranges !== undefined);
      if (ranges)
        setText(label, `${text('range.before', told(ranges.before))} · ${text('range.after', told(ranges.after))}`);
      else if (options.range) setText(label, text('range.only', told(options.range)));
    },
  };
}

function rangeText({ startUs, endUs }: TimeRangeUs, originUs: number): string {
  return text(
    'range',
    formatValue(startUs - originUs, 'µs'),
    formatValue(endUs - originUs, 'µs'),
    formatValue(endUs - startUs, 'µs'),
  );
}
