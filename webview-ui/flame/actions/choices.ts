import type { ViewKind } from '../../../src/core/flame/view/viewOptions';
import type { PageActions } from '../model/actions';
import { text } from '../model/strings';
import { choose, refresh, type ActionContext } from './context';
import { formatValue } from '../../../src/core/words/measures';

type Choosing =
  | 'setView'
  | 'setOptions'
  | 'setColour'
  | 'setNormalised'
  | 'setSearch'
  | 'setSort'
  | 'setRange'
  | 'chooseProfile'
  | 'showSandwich';

/** What is looked at, and how. */
export function choiceActions(context: ActionContext): Pick<PageActions, Choosing> {
  const { model, host, flow } = context;
  return {
    setView: (view) => void changeView(context, view),
    setOptions: (options) => {
      choose(context, { options: { ...model.choices.options, ...options } });
      void refresh(context);
    },
    setColour: (colour) => {
      choose(context, { colour });
      context.repaint();
      context.update();
    },
    setNormalised: (normalised) => {
      choose(context, { normalised });
      void refresh(context);
    },
    setSearch: (search) => {
      choose(context, { search });
      void flow.search();
    },
    setSort: (sort) => {
      choose(context, { sort });
      context.update();
    },
    setRange: (range) => {
      choose(context, { options: { ...model.choices.options, range } });
      context.forgetPlace();
      void refresh(context);
    },
    chooseProfile: (index) => host.post({ type: 'chooseProfile', index }),
    showSandwich: (frame) => {
      const key = model.result?.frameKeys[frame];
      if (key === undefined) return;
      model.sandwichKey = model.selectedKey = key;
      choose(context, { view: 'sandwich' });
      context.forgetPlace();
      void refresh(context);
    },
  };
}

export async function changeView(context: ActionContext, view: ViewKind): Promise<void> {
  const { model } = context;
  if (view === model.choices.view) return;
  choose(context, { view });
  if (view === 'sandwich') model.sandwichKey = model.selectedKey;
  context.forgetPlace();
  await refresh(context);
  const total = model.result ? formatValue(model.result.total, model.result.measure.unit) : '–';
  context.announce(text('announce.view', text(`view.${view}`), total));
}
