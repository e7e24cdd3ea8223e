import { element, type Child } from './dom';

export interface TabLook {
  readonly title: string;
  readonly content: readonly Child[];
}

export interface Tabs<Id extends string> {
  readonly element: HTMLElement;
  readonly buttons: ReadonlyMap<Id, HTMLButtonElement>;
  update(chosen: Id): void;
}

/** A list of tabs for one panel; arrow keys go to the next one and choose it. `tab-ID` is the name of each. */
export function createTabs<Id extends string>(
  ids: readonly Id[],
  {
    label,
    panel,
    look,
    choose,
  }: { label: string; panel: string; look(id: Id, index: number): TabLook; choose(id: Id): void },
): Tabs<Id> {
  const buttons = new Map<Id, HTMLButtonElement>();
  for (const [index, id] of ids.entries()) {
    const { title, content } = look(id, index);
    const tab = element(
      'button',
      { class: 'tab', title, attributes: { role: 'tab', type: 'button', id: `tab-${id}`, 'aria-controls': panel } },
      ...content,
    );
    tab.addEventListener('click', () => choose(id));
    buttons.set(id, tab);
  }
  const list = element(
    'div',
    { class: 'tabs', attributes: { role: 'tablist', 'aria-label': label } },
    ...buttons.values(),
  );
  list.addEventListener('keydown', (event) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    const shown = ids.filter((id) => !buttons.get(id)!.hidden);
    const at = shown.findIndex((id) => buttons.get(id) === document.activeElement);
    if (!step || at < 0) return;
    event.preventDefault();
    event.stopPropagation();
    const next = shown[(at + step + shown.length) % shown.length];
    buttons.get(next)!.focus();
    choose(next);
  });
  return {
    element: list,
    buttons,
    update: (chosen) => {
      for (const [id, tab] of buttons) {
        tab.setAttribute('aria-selected', String(id === chosen));
        tab.tabIndex = id === chosen ? 0 : -1;
      }
    },
  };
}
