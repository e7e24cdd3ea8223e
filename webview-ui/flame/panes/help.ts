import { element } from '../dom';
import { helpRows, text } from '../strings';

export interface Help {
  readonly element: HTMLElement;
  open(): void;
}

/** A native dialog keeps the focus within, and Escape closes it. */
export function createHelp(): Help {
  const rows = helpRows().map(([keys, meaning]) =>
    element('div', { class: 'help-row' }, element('dt', {}, ...keys.map((key) => element('kbd', {}, key))), element('dd', {}, meaning)),
  );
  const close = element('button', { class: 'button primary', attributes: { type: 'button' } }, text('help.close'));
  const dialog = element(
    'dialog',
    { class: 'help', attributes: { 'aria-labelledby': 'help-title' } },
    element('h2', { attributes: { id: 'help-title' } }, text('help.title')),
    element('dl', {}, ...rows),
    close,
  );
  close.addEventListener('click', () => dialog.close());
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) dialog.close();
  });
  // Keys of the page do not act behind it.
  dialog.addEventListener('keydown', (event) => event.stopPropagation());
  return { element: dialog, open: () => dialog.showModal() };
}
