/** Whether a key is text (or a choice) for the control that has the focus. */
export function belongsToControl(event: KeyboardEvent): boolean {
  const { target } = event;
  if (!(target instanceof HTMLElement)) return false;
  const key = event.key;
  if (target instanceof HTMLInputElement && target.type !== 'checkbox' && target.type !== 'radio') {
    return !(event.ctrlKey || event.metaKey) && key !== 'F3';
  }
  if (target instanceof HTMLSelectElement)
    return key.length === 1 || key.startsWith('Arrow') || key === 'Enter' || key === 'Escape';
  const pressed = key === 'Enter' || key === ' ';
  if (target.closest('button, a, summary, input')) return pressed;
  return false;
}
