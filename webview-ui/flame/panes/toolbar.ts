import type { ColourMode, ViewKind, ViewOptions } from '../../../src/core/flame/viewOptions';
import { element, setShown, type Child } from '../dom';
import { icon, type IconName } from '../icons';
import { viewOrder } from '../interaction/keyboard';
import type { PageActions } from '../model/actions';
import type { PageModel } from '../model/pageModel';
import { text, type StringKey } from '../strings';
import { popoverButton } from './popover';

export interface Toolbar {
  readonly element: HTMLElement;
  update(model: PageModel): void;
}

export function createToolbar(actions: PageActions, searchBox: HTMLElement, canChooseFormat: boolean): Toolbar {
  const views = createViewTabs(actions);
  const profiles = createSelect(text('profile'), (value) => actions.chooseProfile(Number(value)));
  const measures = createSelect(text('measure'), (value) => actions.setOptions({ measure: Number(value) }));
  const colours = createSelect(text('colour'), (value) => actions.setColour(value as ColourMode));
  fillSelect(colours, (['heat', 'package', 'file'] as const).map((mode) => [mode, text(`colour.${mode}`)]));
  const options = createOptions(actions);
  const bar = element(
    'div',
    { class: 'toolbar', attributes: { role: 'toolbar', 'aria-label': text('flame') } },
    views.element,
    element('div', { class: 'choices' }, profiles, measures, colours, options.element),
    element(
      'div',
      { class: 'right' },
      searchBox,
      element(
        'div',
        { class: 'tools' },
        iconButton('zoomOut', text('resetZoom'), () => actions.resetZoom()),
        createExportMenu(actions, canChooseFormat),
        iconButton('help', text('help'), () => actions.showHelp()),
      ),
    ),
  );
  return {
    element: bar,
    update: (model) => {
      views.update(model.choices.view);
      options.update(model);
      setShown(profiles, model.titles.length > 1);
      fillSelect(profiles, model.titles.map((title, index) => [String(index), title]));
      profiles.value = String(model.active);
      const known = model.facts?.measures ?? [];
      setShown(measures, known.length > 0);
      fillSelect(measures, known.map(({ label }, index) => [String(index), label]));
      measures.value = String(model.choices.options.measure);
      measures.disabled = known.length < 2;
      colours.value = model.choices.colour;
      setShown(colours, model.choices.view !== 'difference' && model.choices.view !== 'table');
    },
  };
}

function createViewTabs(actions: PageActions): { element: HTMLElement; update(view: ViewKind): void } {
  const tabs = viewOrder.map((view, index) => {
    const tab = element(
      'button',
      {
        class: 'tab',
        title: `${text(`view.${view}.hint`)} (${index + 1})`,
        attributes: { role: 'tab', type: 'button', id: `tab-${view}`, 'aria-controls': 'stage' },
      },
      icon(view),
      element('span', { class: 'tab-text' }, text(`view.${view}`)),
    );
    tab.addEventListener('click', () => actions.setView(view));
    return tab;
  });
  const list = element('div', { class: 'tabs', attributes: { role: 'tablist', 'aria-label': text('views') } }, ...tabs);
  list.addEventListener('keydown', (event) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    const at = tabs.indexOf(document.activeElement as HTMLButtonElement);
    if (!step || at < 0) return;
    event.preventDefault();
    event.stopPropagation();
    const next = (at + step + tabs.length) % tabs.length;
    tabs[next].focus();
    actions.setView(viewOrder[next]);
  });
  return {
    element: list,
    update: (view) => {
      tabs.forEach((tab, index) => {
        const chosen = viewOrder[index] === view;
        tab.setAttribute('aria-selected', String(chosen));
        tab.tabIndex = chosen ? 0 : -1;
      });
    },
  };
}

const switches: readonly (keyof ViewOptions & StringOf<'option'>)[] = ['mergeRecursion', 'foldPackages', 'hideInternals', 'hideIdle'];
type StringOf<P extends string> = StringKey extends infer K ? (K extends `${P}.${infer Name}` ? Name : never) : never;

function createOptions(actions: PageActions): { element: HTMLElement; update(model: PageModel): void } {
  const checkbox = (label: string, changed: (on: boolean) => void): { input: HTMLInputElement; row: HTMLElement } => {
    const input = element('input', { attributes: { type: 'checkbox' } });
    input.addEventListener('change', () => changed(input.checked));
    return { input, row: element('label', { class: 'check' }, input, label) };
  };
  const boxes = switches.map((name) => ({ name, ...checkbox(text(`option.${name}`), (on) => actions.setOptions({ [name]: on })) }));
  const normalised = checkbox(text('option.normalised'), (on) => actions.setNormalised(on));
  const button = element('button', { class: 'button', attributes: { type: 'button' } }, icon('options'), text('options'));
  const panel = element(
    'div',
    { attributes: { role: 'group', 'aria-label': text('options') } },
    ...boxes.map(({ row }) => row),
    normalised.row,
  );
  return {
    element: popoverButton(button, panel),
    update: ({ choices }) => {
      for (const { name, input } of boxes) input.checked = choices.options[name] === true;
      normalised.input.checked = choices.normalised;
      setShown(normalised.row, choices.view === 'difference');
      // What differs from the profile as it is must not be overlooked.
      button.classList.toggle('on', choices.options.mergeRecursion || choices.options.foldPackages || choices.options.hideInternals);
    },
  };
}

function createExportMenu(actions: PageActions, canChooseFormat: boolean): HTMLElement {
  const item = (key: StringKey, format: Parameters<PageActions['exportAs']>[0]): HTMLElement => {
    const button = element('button', { class: 'menu-item', attributes: { type: 'button' } }, text(key));
    button.addEventListener('click', () => actions.exportAs(format));
    return button;
  };
  const children: Child[] = [item('export.svg', 'svg'), item('export.png', 'png')];
  if (canChooseFormat) children.push(item('export.other', 'other'));
  const button = iconButton('export', text('export'));
  return popoverButton(button, element('div', { attributes: { role: 'group', 'aria-label': text('export') } }, ...children));
}

export function iconButton(name: IconName, label: string, pressed?: () => void): HTMLButtonElement {
  const button = element('button', { class: 'icon-button', title: label, attributes: { type: 'button', 'aria-label': label } }, icon(name));
  if (pressed) button.addEventListener('click', pressed);
  return button;
}

function createSelect(label: string, chosen: (value: string) => void): HTMLSelectElement {
  const select = element('select', { title: label, attributes: { 'aria-label': label } });
  select.addEventListener('change', () => chosen(select.value));
  return select;
}

/** Only when they differ: to replace the options of a select closes its list under the user's hand. */
function fillSelect(select: HTMLSelectElement, options: readonly (readonly [string, string])[]): void {
  const same =
    select.options.length === options.length &&
    options.every(([value, label], index) => select.options[index].value === value && select.options[index].text === label);
  if (same) return;
  select.replaceChildren(...options.map(([value, label]) => element('option', { attributes: { value } }, label)));
}
