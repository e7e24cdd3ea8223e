import { ejsonText } from '../../../src/core/ejson/ejsonText';
import { displayText, element } from '../../common/dom';
import { textButton } from '../../common/controls';
import { flatValue } from '../model/prettyValue';
import { text } from '../model/strings';
import { inDigits } from '../../../src/core/words/numbers';

/** Longer values are cut until they are asked for, letters. */
const MOST_LETTERS = 600;
/** What is as short as this needs no folding, letters. */
const SHORT_VALUE = 70;
/** More entries of one value are shown a part at a time. */
const MOST_ENTRIES = 200;

/** A value as a tree that folds; what is below is made when it is opened, so that size and depth cost nothing. */
export function valueTree(name: string, value: unknown): HTMLElement {
  const key = element('span', { class: 'field-name' }, displayText(name, 120));
  if (typeof value !== 'object' || value === null)
    return element('div', { class: 'field' }, key, ': ', longText(leafText(value)));
  const flat = flatValue(value, SHORT_VALUE);
  if (flat !== undefined) return element('div', { class: 'field' }, key, `: ${flat}`);
  const summary = element('summary', {}, key, element('span', { class: 'muted' }, ` ${summaryOf(value)}`));
  const details = element('details', { class: 'field' }, summary);
  let made = false;
  details.addEventListener('toggle', () => {
    if (!details.open || made) return;
    made = true;
    details.append(entryList(value, 0));
  });
  return details;
}

function entryList(value: object, from: number): HTMLElement {
  const entries = Object.entries(value);
  const list = element(
    'div',
    { class: 'field-list' },
    ...entries.slice(from, from + MOST_ENTRIES).map(([name, entry]) => valueTree(name, entry)),
  );
  const left = entries.length - from - MOST_ENTRIES;
  if (left > 0) {
    const more = textButton(
      text('showMore', String(left)),
      () => more.replaceWith(entryList(value, from + MOST_ENTRIES)),
      'link',
    );
    list.append(more);
  }
  return list;
}

function leafText(value: unknown): string {
  return typeof value === 'bigint' || typeof value === 'undefined' ? String(value) : ejsonText(value);
}

function summaryOf(value: object): string {
  return text(Array.isArray(value) ? 'value.list' : 'value.document', String(Object.keys(value).length));
}

/** A text that is cut where it is long, with a button that shows the rest. */
export function longText(value: string, most = MOST_LETTERS): HTMLElement {
  const host = element('span', { class: 'value' });
  if (value.length <= most) {
    host.append(value);
    return host;
  }
  const all = textButton(text('showAll', inDigits(value.length)), () => host.replaceChildren(value), 'link');
  host.append(`${value.slice(0, most)}… `, all);
  return host;
}
