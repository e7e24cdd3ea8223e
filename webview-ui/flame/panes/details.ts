import { displayText, element, setShown, setText } from '../../common/dom';
import { icon } from '../../common/icons';
import type { PageActions } from '../model/actions';
import { shareOf } from '../../../src/core/words/shares';
import { formatValue } from '../../../src/core/words/measures';
import { placeOf, type PageModel } from '../model/pageModel';
import { shortPath, type FramePlaceText } from '../model/sources';
import { text } from '../model/strings';
import type { FrameDetails, FrameShare } from '../model/workerProtocol';
import { categoryText, valuesText } from './valueTexts';
import { inDigits } from '../../../src/core/words/numbers';

/** What is selected, as the details tell it. */
export interface Selection {
  readonly frame: number;
  /** Frames of the stack, root first, and what to do when one is chosen. */
  readonly stack: readonly { readonly frame: number; choose(): void }[];
  /** Of the box; undefined in the table, where the method's own sums are all. */
  readonly box?: { readonly self: number; readonly total: number; readonly before?: number };
  readonly zoom?: () => void;
}

export interface Details {
  readonly element: HTMLElement;
  show(model: PageModel, selection: Selection | undefined, neighbours: FrameDetails | undefined): void;
}

/** Below the drawing: the focused stack, and the selected method with a link to its source. */
export function createDetails(actions: PageActions): Details {
  const stack = element('ol', { class: 'breadcrumb', attributes: { 'aria-label': text('selected.stack') } });
  const name = element('strong', { class: 'detail-name' });
  const values = element('span', { class: 'detail-values' });
  const place = element('a', { class: 'detail-place', attributes: { role: 'link', tabindex: '0' } });
  const sandwich = element(
    'button',
    { class: 'button', attributes: { type: 'button' } },
    icon('sandwich'),
    text('selected.sandwich'),
  );
  const zoom = element('button', { class: 'button', attributes: { type: 'button' } }, text('selected.zoom'));
  const line = element(
    'div',
    { class: 'detail-line' },
    name,
    values,
    place,
    element('span', { class: 'detail-actions' }, zoom, sandwich),
  );
  const callers = element('div', { class: 'neighbours' });
  const callees = element('div', { class: 'neighbours' });
  const neighbourLine = element('div', { class: 'detail-line' }, callers, callees);
  const empty = element('div', { class: 'detail-empty' }, text('selected.none'));
  const total = element('div', { class: 'detail-total' });
  const host = element('section', { class: 'details' }, stack, line, neighbourLine, empty, total);

  let shown: Selection | undefined;
  const open = (toSide: boolean): void => {
    if (shown) actions.openSource(shown.frame, toSide);
  };
  place.addEventListener('click', (event) => open(event.altKey || event.ctrlKey || event.metaKey));
  place.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter') return;
    event.stopPropagation();
    open(event.ctrlKey || event.metaKey);
  });
  sandwich.addEventListener('click', () => shown && actions.showSandwich(shown.frame));
  zoom.addEventListener('click', () => shown?.zoom?.());

  function neighbours(host: HTMLElement, label: string, shares: readonly FrameShare[], model: PageModel): void {
    const { result } = model;
    if (!result || shares.length === 0) {
      host.replaceChildren();
      return;
    }
    const items = shares.slice(0, 4).map(({ frame, value }) => {
      const chip = element(
        'button',
        { class: 'chip', attributes: { type: 'button' } },
        displayText(placeOf(model, frame).name, 60),
        element('span', { class: 'muted' }, ` ${shareOf(value, result.total)}`),
      );
      chip.addEventListener('click', () => actions.selectFrame(frame));
      return chip;
    });
    host.replaceChildren(element('span', { class: 'muted' }, `${label} `), ...items);
  }

  return {
    element: host,
    show: (model, selection, found) => {
      shown = selection;
      const { result } = model;
      for (const part of [stack, line, neighbourLine]) setShown(part, selection !== undefined);
      setShown(empty, selection === undefined && result !== undefined);
      setText(total, result ? totalText(model) : '');
      if (!selection || !result) return;
      const told = placeOf(model, selection.frame);
      setText(name, displayText(told.name));
      const category = categoryText(result.frames[selection.frame].category);
      setText(values, [category, valuesText(result, selection.frame, selection.box)].filter(Boolean).join(' · '));
      showPlace(place, told);
      setShown(zoom, selection.zoom !== undefined);
      setShown(sandwich, model.choices.view !== 'sandwich' || model.sandwichKey !== model.selectedKey);
      stack.replaceChildren(...crumbs(model, selection));
      stack.scrollLeft = stack.scrollWidth;
      neighbours(callers, text('detail.callers'), found?.callers ?? [], model);
      neighbours(callees, text('detail.callees'), found?.callees ?? [], model);
    },
  };
}

function totalText({ result, facts, choices }: PageModel): string {
  if (!result) return '';
  const { unit } = result.measure;
  const sums =
    result.view === 'difference'
      ? text('totals', formatValue(result.totalBefore, unit), formatValue(result.totalAfter, unit))
      : text('total', formatValue(result.total, unit));
  const samples =
    facts?.timeline && !choices.options.range ? ` · ${text('status.samples', inDigits(facts.timeline.samples))}` : '';
  return sums + samples;
}

export function placeText({ file, line }: FramePlaceText): string {
  if (file === undefined) return '';
  const path = displayText(shortPath(file), 120);
  if (line === undefined) return path;
  return text('detail.line', path, String(line));
}

function showPlace(link: HTMLElement, place: FramePlaceText): void {
  setShown(link, place.file !== undefined);
  if (place.file === undefined) return;
  link.replaceChildren(icon('source'), placeText(place));
  const full =
    place.line === undefined
      ? place.file
      : text(place.mapped ? 'detail.line' : 'detail.generated', place.file, String(place.line));
  link.title = displayText(`${text('selected.open')}: ${full}`, 1000);
}

/** A stack of a thousand frames shows its ends. */
const SHOWN_CRUMBS = 40;

function crumbs(model: PageModel, { stack }: Selection): HTMLElement[] {
  const hidden = Math.max(0, stack.length - SHOWN_CRUMBS);
  return stack
    .filter((_, index) => index === 0 || index > hidden)
    .map(({ frame, choose }, index, all) => {
      const label = displayText(placeOf(model, frame).name, 80);
      const button = element(
        'button',
        { class: 'crumb', attributes: { type: 'button' } },
        index === 1 && hidden ? `… ${label}` : label,
      );
      if (index === all.length - 1) button.setAttribute('aria-current', 'location');
      button.addEventListener('click', choose);
      return element('li', {}, button);
    });
}
