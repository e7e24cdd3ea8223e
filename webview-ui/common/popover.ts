import { element } from './dom';

/** A panel under a button. Escape and a click elsewhere close it, and the focus goes back to the button. */
export function popoverButton(button: HTMLButtonElement, panel: HTMLElement): HTMLElement {
  panel.classList.add('popover');
  panel.hidden = true;
  const host = element('div', { class: 'popover-host' }, button, panel);
  const show = (open: boolean): void => {
    panel.hidden = !open;
    button.setAttribute('aria-expanded', String(open));
    if (!open) return;
    // Kept within the window, whatever side the button is at.
    panel.classList.toggle('to-left', button.getBoundingClientRect().left + panel.offsetWidth > window.innerWidth - 8);
    panel.querySelector<HTMLElement>('input, button, select')?.focus();
  };
  button.setAttribute('aria-haspopup', 'true');
  button.setAttribute('aria-expanded', 'false');
  button.addEventListener('click', () => show(panel.hidden !== false));
  host.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || panel.hidden) return;
    event.stopPropagation();
    show(false);
    button.focus();
  });
  host.addEventListener('focusout', (event) => {
    if (event.relatedTarget instanceof Node && !host.contains(event.relatedTarget)) show(false);
  });
  document.addEventListener('pointerdown', (event) => {
    if (event.target instanceof Node && !host.contains(event.target)) show(false);
  });
  panel.addEventListener('click', (event) => {
    if (event.target instanceof Element && event.target.closest('.menu-item')) {
      show(false);
      button.focus();
    }
  });
  return host;
}
