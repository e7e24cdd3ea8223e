import type { ExplainPageState, FromExplainPage, ToExplainPage } from '../../src/core/protocol/explain';
import { iconButton, textButton } from '../common/controls';
import { displayText, element, setShown, setText } from '../common/dom';
import { createHelp } from '../common/help';
import { connectWindow } from '../common/hostChannel';
import { icon } from '../common/icons';
import { belongsToControl } from '../common/keys';
import { createStateKeeper } from '../common/stateKeeper';
import { createTabs } from '../common/tabs';
import type { PageActions } from './model/actions';
import { newModel, paneOf, PANES, stateOf, takeRun, unfoldTo, type Pane } from './model/pageModel';
import { rowAt } from './model/planRows';
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
import { helpRows, text } from './strings';

/** Builds the page, tells the editor that it is ready, and shows what comes. */
export function startExplainPage(): void {
  const host = connectWindow<ToExplainPage, FromExplainPage, ExplainPageState>(1);
  const model = newModel();
  /** Of before the page was made anew; applies to the first run. */
  let saved = host.savedState();
  model.pane = paneOf(saved);
  model.statementCollapsed = saved?.statementCollapsed;

  const live = element('div', { class: 'visually-hidden', attributes: { role: 'status' } });
  const keeper = createStateKeeper(host, () => (model.run ? stateOf(model) : undefined));

  const actions: PageActions = {
    post: (message) => host.post(message),
    run: () => {
      // What was just typed may be all that was missing: the editor knows.
      const told = statement.flush();
      if (model.statement && (told || model.statement.blocked === null) && !model.progress.has('explain'))
        host.post({ type: 'run' });
    },
    runWith: (verbosity) => {
      actions.setVerbosity(verbosity);
      actions.run();
    },
    setVerbosity: (verbosity) => {
      if (
        !model.statement ||
        model.statement.refused[verbosity] !== undefined ||
        model.statement.verbosity === verbosity
      )
        return;
      // Shown at once; the editor answers with the statement as it then is.
      model.statement = { ...model.statement, verbosity };
      host.post({ type: 'setVerbosity', verbosity });
      update();
    },
    cancel: (of) => host.post({ type: 'cancel', of }),
    act: (action) => host.post({ type: 'act', action }),
    showPane: (pane) => {
      model.pane = pane;
      changed();
    },
    selectRow: (row, { reveal = false } = {}) => {
      model.selected = row;
      changed();
      if (reveal) tree.reveal();
    },
    setCollapsed: (rows, collapsed) => {
      const next = new Set(model.collapsed);
      for (const row of rows) {
        if (collapsed) next.add(row);
        else next.delete(row);
      }
      model.collapsed = next;
      changed();
    },
    selectFinding: (index, { focus = false } = {}) => {
      const finding = model.run?.findings.at(index);
      if (!finding) return;
      model.finding = index;
      const row = rowAt(model.rows, finding.stage);
      if (row) {
        unfoldTo(model, row);
        model.selected = row;
        model.pane = 'tree';
      }
      changed();
      if (row) tree.reveal({ page: true });
      if (focus) findings.focus(index);
      actions.announce(`${finding.rule}: ${finding.evidence}`);
    },
    selectRejected: (index) => {
      model.rejected = index;
      update();
    },
    collapseStatement: (collapsed) => {
      model.statementCollapsed = collapsed;
      changed();
    },
    tryIndex: (suggestion) => {
      model.failures.delete('trial');
      host.post({ type: 'tryIndex', suggestion });
      update();
    },
    dismissFailure: (of) => model.failures.delete(of),
    focusDetails: () => details.focus(),
    focusTree: () => tree.focus(),
    announce: (words) => setText(live, words),
  };

  const statement = createStatementPane(actions);
  const summary = createSummaryStrip(actions);
  const findings = createFindingsList(actions);
  const suggestions = createSuggestionsPane(actions);
  const empty = createEmptyState(actions);
  const tree = createTreePane(actions);
  const details = createStageDetails(actions);
  const rejected = createRejectedPane(actions);
  const comparison = createComparisonPane();
  const scale = createScalePane(actions);
  const raw = createRawPane(actions);
  const help = createHelp(text('help.title'), text('help.close'), helpRows());

  const planned = element(
    'div',
    { class: 'hint' },
    icon('info'),
    element('span', {}, text('planned')),
    textButton(text('planned.run'), () => actions.runWith('executionStats')),
  );
  const treeHost = element('div', { class: 'tree-pane' }, planned, tree.element, details.element);
  const panes: Record<Pane, HTMLElement> = {
    tree: treeHost,
    rejected: rejected.element,
    comparison: comparison.element,
    scale: scale.element,
    raw: raw.element,
  };
  const tabs = createTabs<Pane>(PANES, {
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
  const panel = element(
    'div',
    { class: 'panel', attributes: { id: 'panel', role: 'tabpanel' } },
    ...PANES.map((pane) => panes[pane]),
  );
  const workspace = element(
    'div',
    { class: 'workspace' },
    element('div', { class: 'advice-pane' }, findings.element, suggestions.element),
    element(
      'main',
      { class: 'plan-pane' },
      element(
        'div',
        { class: 'plan-head' },
        tabs.element,
        iconButton('help', text('help'), () => help.open()),
      ),
      panel,
    ),
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
  document.body.append(page);

  function changed(): void {
    keeper.changed();
    update();
  }

  function update(): void {
    const isEmpty = empty.update(model);
    statement.update(model);
    summary.update(model);
    setShown(workspace, !isEmpty);
    page.classList.toggle('no-run', isEmpty);
    if (isEmpty) return;
    findings.update(model);
    suggestions.update(model);
    showTabs();
    for (const pane of PANES) setShown(panes[pane], pane === model.pane);
    panel.setAttribute('aria-labelledby', `tab-${model.pane}`);
    switch (model.pane) {
      case 'tree':
        showPlanned();
        tree.update(model);
        details.update(model);
        break;
      case 'rejected':
        rejected.update(model);
        break;
      case 'comparison':
        comparison.update(model);
        break;
      case 'scale':
        scale.update(model);
        break;
      case 'raw':
        raw.update(model);
        break;
    }
  }

  function showTabs(): void {
    tabs.update(model.pane);
    const { plan } = model.run!;
    const counts: Partial<Record<Pane, number>> = {
      rejected: plan.rejected.length,
      comparison: model.comparison?.changes.length,
    };
    for (const [pane, tab] of tabs.buttons)
      setText(tab.querySelector<HTMLElement>('.tab-count')!, counts[pane] ? String(counts[pane]) : '');
  }

  function showPlanned(): void {
    const { plan } = model.run!;
    const mayRun = model.statement !== undefined && model.statement.refused.executionStats === undefined;
    setShown(planned, !plan.executed && plan.failure === undefined);
    setShown(planned.querySelector('button')!, mayRun);
    planned.querySelector('button')!.disabled = model.statement?.blocked != null || model.progress.has('explain');
  }

  function showRun(message: Extract<ToExplainPage, { type: 'run' }>): void {
    performance.mark('heatlens:run:received');
    takeRun(model, message, saved);
    saved = undefined;
    model.progress.delete('explain');
    model.failures.delete('explain');
    model.statementMakesRoom = statement.mayMakeRoom(model);
    changed();
    tree.reveal();
    actions.announce(text('announce.run', message.view.summary, message.comparison?.summary ?? ''));
    // Drawn is what the next frame shows.
    requestAnimationFrame(() => {
      performance.mark('heatlens:run:shown');
      performance.measure('heatlens:run', 'heatlens:run:received', 'heatlens:run:shown');
    });
  }

  function receive(message: ToExplainPage): void {
    switch (message.type) {
      case 'statement':
        model.statement = message.statement;
        break;
      case 'run':
        showRun(message);
        return;
      case 'progress':
        if (message.text === undefined) model.progress.delete(message.of);
        else {
          model.progress.set(message.of, { ...message, text: message.text });
          model.failures.delete(message.of);
        }
        break;
      case 'failure':
        model.progress.delete(message.of);
        model.failures.set(message.of, message);
        // What failed out of sight would be missed.
        if (message.of === 'scale' && model.run) model.pane = 'scale';
        break;
      case 'trial':
        model.progress.delete('trial');
        model.failures.delete('trial');
        model.trials.set(message.trial.suggestion.ddl, message);
        actions.announce(displayText(message.trial.comparison.summary));
        break;
      case 'scale':
        model.progress.delete('scale');
        model.failures.delete('scale');
        model.scale = message.scale;
        if (model.run) model.pane = 'scale';
        break;
      case 'command':
        runCommand(message.command);
        break;
    }
    update();
  }

  function runCommand(command: Extract<ToExplainPage, { type: 'command' }>['command']): void {
    switch (command) {
      case 'focusStatement':
        statement.focus();
        break;
      case 'focusPlan':
        actions.showPane('tree');
        tree.focus();
        break;
      case 'toggleRaw':
        actions.showPane(model.pane === 'raw' ? 'tree' : 'raw');
        break;
      case 'nextFinding':
        stepFinding(1);
        break;
      case 'previousFinding':
        stepFinding(-1);
        break;
    }
  }

  function stepFinding(step: 1 | -1): void {
    const count = model.run?.findings.length ?? 0;
    if (!count) {
      actions.announce(text('findings.none'));
      return;
    }
    const from = model.finding ?? (step > 0 ? -1 : 0);
    actions.selectFinding((from + step + count) % count, { focus: true });
  }

  /** Whether the key is one of the page's, whatever has the focus. */
  function pressAnywhere(event: KeyboardEvent): boolean {
    const control = event.ctrlKey || event.metaKey;
    if (control && event.key === 'Enter') actions.run();
    else if (event.key === 'F8' && !control) stepFinding(event.shiftKey ? -1 : 1);
    else if (control && event.key.toLowerCase() === 'f' && model.pane === 'raw') raw.focusSearch();
    else return false;
    return true;
  }

  function press(event: KeyboardEvent): boolean {
    if (event.ctrlKey || event.metaKey || event.altKey || belongsToControl(event)) return false;
    const pane = PANES.at(Number(event.key) - 1);
    if (event.key === '?') help.open();
    else if (event.key >= '1' && event.key <= '5' && pane && model.run) actions.showPane(pane);
    else return false;
    return true;
  }

  document.addEventListener('keydown', (event) => {
    if (!event.defaultPrevented && (pressAnywhere(event) || press(event))) event.preventDefault();
  });

  host.listen((message) => {
    try {
      receive(message);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      host.post({ type: 'failed', message: reason });
      model.failures.set('explain', {
        type: 'failure',
        of: 'explain',
        message: text('failed', reason),
        nextStep: text('failed.next'),
        action: 'openLog',
      });
      statement.update(model);
    }
  });

  update();
  host.post({ type: 'ready' });
}
