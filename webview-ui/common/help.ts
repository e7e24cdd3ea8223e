import { textButton } from './controls';
import { element } from './dom';

export interface Help {
  readonly element: HTMLElement;
  open(): void;
}

/** Keys or gestures, and what they do, in a native dialog: it keeps the focus within, and Escape closes it. */
export function createHelp(
  title: string,
  close: string,
  list: readonly (readonly [readonly string[], string])[],
): Help {
  const rows = list.map(([keys, meaning]) =>
    element(
      'div',
      { class: 'help-row' },
      element('dt', {}, ...keys.map((key) => element('kbd', {}, key))),
      element('dd', {}, meaning),
    ),
  );
  const dialog = element(
    'dialog',
    { class: 'help', attributes: { 'aria-labelledby': 'help-title' } },
    element('h2', { attributes: { id: 'help-title' } }, title),
    element('dl', {}, ...rows),
    textButton(close, () => dialog.close(), 'primary'),
  );
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) dialog.close();
  });
  // Keys of the page do not act behind it.
  dialog.addEventListener('keydown', (event) => event.stopPropagation());
  return { element: dialog, open: () => dialog.showModal() };
}
