import { element, type Child } from './dom';
import { icon, type IconName } from './icons';

/** A button with words on it. */
export function textButton(label: string, pressed: () => void, kind: '' | 'primary' | 'link' = ''): HTMLButtonElement {
  const button = element('button', { class: `button ${kind}`.trim(), attributes: { type: 'button' } }, label);
  button.addEventListener('click', pressed);
  return button;
}

export function iconButton(name: IconName, label: string, pressed?: () => void): HTMLButtonElement {
  const button = element(
    'button',
    { class: 'icon-button', title: label, attributes: { type: 'button', 'aria-label': label } },
    icon(name),
  );
  if (pressed) button.addEventListener('click', pressed);
  return button;
}

export function checkbox(label: Child, changed: (on: boolean) => void): { input: HTMLInputElement; row: HTMLElement } {
  const input = element('input', { attributes: { type: 'checkbox' } });
  input.addEventListener('change', () => changed(input.checked));
  return { input, row: element('label', { class: 'check' }, input, label) };
}

export function createSelect(label: string, chosen: (value: string) => void): HTMLSelectElement {
  const select = element('select', { title: label, attributes: { 'aria-label': label } });
  select.addEventListener('change', () => chosen(select.value));
  return select;
}

/** Only when they differ: to replace the options of a select closes its list under the user's hand. */
export function fillSelect(select: HTMLSelectElement, options: readonly (readonly [string, string])[]): void {
  const same =
    select.options.length === options.length &&
    options.every(
      ([value, label], index) => select.options[index].value === value && select.options[index].text === label,
    );
  if (same) return;
  select.replaceChildren(...options.map(([value, label]) => element('option', { attributes: { value } }, label)));
}
