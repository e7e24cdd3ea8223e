import { iconButton, textButton } from '../common/controls';
import { element, setText } from '../common/dom';
import { createHelp, type Help } from '../common/help';
import { icon } from '../common/icons';
import { createTabs, type Tabs } from '../common/tabs';
import type { PageActions } from './model/actions';
import { PANES, type Pane } from './model/pageModel';
import { createComparisonPane } from './panes/comparisonPane';
import { createEmptyState } from './panes/emptyState';
import { createFindingsList } from './panes/findingsList';
import { createRawPane } from './panes/rawPane';
import { createRejectedPane } from './panes/rejectedPane';
import { createScalePane } from './panes/scalePane';
import { createStageDetails } from './panes/stageDetails';
import { createStatementPane } from './panes/statementPane';
import { createSuggestionsPane } from './panes/suggestionsPane';
import { createSummaryStrip } from './panes/summaryStrip';
import { createTreePane } from './panes/treePane';
import { helpRows, text } from './model/strings';

export type PageParts = ReturnType<typeof createParts>;

/** Builds the page. */
export function createParts(actions: PageActions) {
  const panes = createPanes(actions);
  const statement = createStatementPane(actions);
  const summary = createSummaryStrip(actions);
  const findings = createFindingsList(actions);
  const suggestions = createSuggestionsPane(actions);
  const empty = createEmptyState(actions);
  const help = createHelp(text('help.title'), text('help.close'), helpRows());
  const live = element('div', { class: 'visually-hidden', attributes: { role: 'status' } });
  const tabs = createPaneTabs(actions);
  const panel = element(
    'div',
    { class: 'panel', attributes: { id: 'panel', role: 'tabpanel' } },
    ...PANES.map((pane) => panes.elements[pane]),
  );
  const workspace = element(
    'div',
    { class: 'workspace' },
    element('div', { class: 'advice-pane' }, findings.element, suggestions.element),
    element('main', { class: 'plan-pane' }, createHead(tabs, help), panel),
  );
  const page = element(
    'div',
    { class: 'page explain-page' },
    statement.element,
    summary.element,
    empty.element,
    workspace,
    live,
    help.element,
  );
  const announce = (words: string): void => setText(live, words);
  return { ...panes, statement, summary, findings, suggestions, empty, help, tabs, panel, workspace, page, announce };
}

/** What the tabs choose from. */
function createPanes(actions: PageActions) {
  const tree = createTreePane(actions);
  const details = createStageDetails(actions);
  const rejected = createRejectedPane(actions);
  const comparison = createComparisonPane();
  const scale = createScalePane(actions);
  const raw = createRawPane(actions);
  const runPlanned = textButton(text('planned.run'), () => actions.runWith('executionStats'));
  const planned = element('div', { class: 'hint' }, icon('info'), element('span', {}, text('planned')), runPlanned);
  const elements: Record<Pane, HTMLElement> = {
    tree: element('div', { class: 'tree-pane' }, planned, tree.element, details.element),
    rejected: rejected.element,
    comparison: comparison.element,
    scale: scale.element,
    raw: raw.element,
  };
  return { tree, details, rejected, comparison, scale, raw, planned, runPlanned, elements };
}

function createPaneTabs(actions: PageActions): Tabs<Pane> {
  return createTabs<Pane>(PANES, {
    label: text('panes'),
    panel: 'panel',
    look: (pane, index) => ({
      title: `${text(`pane.${pane}.hint`)} (${index + 1})`,
      content: [
        icon(pane),
        element('span', { class: 'tab-text' }, text(`pane.${pane}`)),
        element('span', { class: 'tab-count' }),
      ],
    }),
    choose: (pane) => actions.showPane(pane),
  });
}

function createHead(tabs: Tabs<Pane>, help: Help): HTMLElement {
  return element(
    'div',
    { class: 'plan-head' },
    tabs.element,
    iconButton('help', text('help'), () => help.open()),
  );
}
