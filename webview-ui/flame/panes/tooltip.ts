import { displayText, element, setText } from '../../common/dom';
import { placeOf, type PageModel } from '../model/pageModel';
import { placeText } from './details';
import { categoryText, valuesText, type BoxValues } from './valueTexts';

export interface Tooltip {
  readonly element: HTMLElement;
  show(model: PageModel, frame: number, box: BoxValues, clientX: number, clientY: number): void;
  hide(): void;
}

/** Follows the pointer; what it says is in the details as well once a box is selected. */
export function createTooltip(): Tooltip {
  const name = element('div', { class: 'tooltip-name' });
  const values = element('div');
  const place = element('div', { class: 'muted' });
  const tip = element('div', { class: 'tooltip', attributes: { 'aria-hidden': 'true' } }, name, values, place);
  tip.hidden = true;
  return {
    element: tip,
    show: (model, frame, box, x, y) => {
      if (!model.result) return;
      const told = placeOf(model, frame);
      setText(name, displayText(told.name, 300));
      setText(values, valuesText(model.result, frame, box));
      const origin = [placeText(told), told.packageName, categoryText(model.result.frames[frame].category)];
      setText(place, displayText(origin.filter(Boolean).join(' · '), 300));
      tip.hidden = false;
      const { offsetWidth, offsetHeight } = tip;
      tip.style.left = `${Math.max(4, Math.min(x + 14, window.innerWidth - offsetWidth - 8))}px`;
      tip.style.top = `${y + 20 + offsetHeight > window.innerHeight ? Math.max(4, y - offsetHeight - 10) : y + 20}px`;
    },
    hide: () => {
      tip.hidden = true;
    },
  };
}
