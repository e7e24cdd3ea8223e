import type { ColourMode, ViewKind, ViewOptions } from '../../../src/core/flame/view/viewOptions';
import { checkbox, createSelect, fillSelect, iconButton } from '../../common/controls';
import { element, setShown, type Child } from '../../common/dom';
import { icon } from '../../common/icons';
import { popoverButton } from '../../common/popover';
import { createTabs } from '../../common/tabs';
import { VIEW_ORDER } from '../interaction/keyboard';
import type { PageActions } from '../model/actions';
import type { PageModel } from '../model/pageModel';
import { text, type StringKey } from '../model/strings';

export interface Toolbar {
  readonly element: HTMLElement;
  update(model: PageModel): void;
}

export function createToolbar(actions: PageActions, searchBox: HTMLElement, canChooseFormat: boolean): Toolbar {
  const views = createTabs<ViewKind>(VIEW_ORDER, {
    label: text('views'),
    panel: 'stage',
    look: (view, index) => ({
      title: `${text(`view.${view}.hint`)} (${index + 1})`,
      content: [icon(view), element('span', { class: 'tab-text' }, text(`view.${view}`))],
    }),
    choose: (view) => actions.setView(view),
  });
  const profiles = createSelect(text('profile'), (value) => actions.chooseProfile(Number(value)));
  const measures = createSelect(text('measure'), (value) => actions.setOptions({ measure: Number(value) }));
  const colours = createSelect(text('colour'), (value) => actions.setColour(value as ColourMode));
  fillSelect(
    colours,
    (['heat', 'package', 'file'] as const).map((mode) => [mode, text(`colour.${mode}`)]),
  );
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
      fillSelect(
        profiles,
        model.titles.map((title, index) => [String(index), title]),
      );
      profiles.value = String(model.active);
      const known = model.facts?.measures ?? [];
      setShown(measures, known.length > 0);
      fillSelect(
        measures,
        known.map(({ label }, index) => [String(index), label]),
      );
      measures.value = String(model.choices.options.measure);
      measures.disabled = known.length < 2;
      colours.value = model.choices.colour;
      setShown(colours, model.choices.view !== 'difference' && model.choices.view !== 'table');
    },
  };
}

const SWITCHES: readonly (keyof ViewOptions & StringOf<'option'>)[] = [
  'mergeRecursion',
  'foldPackages',
  'hideInternals',
  'hideIdle',
];
type StringOf<P extends string> = StringKey extends infer K ? (K extends `${P}.${infer Name}` ? Name : never) : never;

function createOptions(actions: PageActions): { element: HTMLElement; update(model: PageModel): void } {
  const boxes = SWITCHES.map((name) => ({
    name,
    ...checkbox(text(`option.${name}`), (on) => actions.setOptions({ [name]: on })),
  }));
  const normalised = checkbox(text('option.normalised'), (on) => actions.setNormalised(on));
  const button = element(
    'button',
    { class: 'button', attributes: { type: 'button' } },
    icon('options'),
    text('options'),
  );
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
      button.classList.toggle(
        'on',
        choices.options.mergeRecursion || choices.options.foldPackages || choices.options.hideInternals,
      );
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
  return popoverButton(
    button,
    element('div', { attributes: { role: 'group', 'aria-label': text('export') } }, ...children),
  );
}
