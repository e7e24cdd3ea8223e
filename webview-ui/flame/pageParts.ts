import { element, setText } from '../common/dom';
import { createHelp } from '../common/help';
import type { AllActions } from './actions/createActions';
import type { PageModel } from './model/pageModel';
import { createDetails } from './panes/details';
import { createEmptyState } from './panes/emptyState';
import { createHeatStrip } from './panes/heatStrip';
import { createLegend } from './panes/legend';
import { createNotices } from './panes/notices';
import { createRangeBar } from './panes/rangeBar';
import { createSearchBox } from './panes/searchBox';
import { createStage } from './panes/stage';
import { createTablePane } from './panes/tablePane';
import { createToolbar } from './panes/toolbar';
import { helpRows, text } from './model/strings';

export type PageParts = ReturnType<typeof createParts>;

/** Builds the page. `moved`: something of the stage that the saved state tells has changed. */
export function createParts(model: PageModel, actions: AllActions, inEditor: boolean, moved: () => void) {
  const notices = createNotices(() => actions.cancelWork());
  const search = createSearchBox(actions);
  const toolbar = createToolbar(actions, search.element, inEditor);
  const heatStrip = createHeatStrip(actions);
  const rangeBar = createRangeBar(actions, () => heatStrip.awaitSecond());
  const legend = createLegend();
  const details = createDetails(actions);
  const table = createTablePane(actions);
  const empty = createEmptyState(actions, inEditor);
  const help = createHelp(text('help.title'), text('help.close'), helpRows());
  const stage = createStage(model, actions, { selectionChanged: actions.selectionChanged, moved });
  const live = element('div', { class: 'visually-hidden', attributes: { 'aria-live': 'polite' } });
  const stageHost = element(
    'div',
    { class: 'stage', attributes: { id: 'stage', role: 'tabpanel' } },
    stage.element,
    table.element,
    empty.element,
  );
  const page = element(
    'div',
    { class: 'page flame-page' },
    toolbar.element,
    notices.element,
    rangeBar.element,
    heatStrip.element,
    stage.minimap,
    stageHost,
    element('div', { class: 'foot' }, details.element, legend.element),
    live,
    help.element,
  );
  const announce = (words: string): void => setText(live, words);
  return {
    page,
    stageHost,
    notices,
    search,
    toolbar,
    heatStrip,
    rangeBar,
    legend,
    details,
    table,
    empty,
    help,
    stage,
    announce,
  };
}
