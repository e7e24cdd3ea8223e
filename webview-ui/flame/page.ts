import { placeKey } from '../../src/core/flame/view/viewFrames';
import type { FlamePageCommand, ToFlamePage } from '../../src/core/protocol/flame';
import { element, setShown, setText } from '../common/dom';
import { createHelp } from '../common/help';
import { belongsToControl } from '../common/keys';
import { createStateKeeper } from '../common/stateKeeper';
import { readTheme, watchTheme } from './drawing/theme';
import { createDataFlow } from './host/dataFlow';
import { connectHost } from './host/hostChannel';
import { startWorker } from './host/workerClient';
import { keyCommand } from './interaction/keyboard';
import type { Kept } from './model/keepPlace';
import { choicesOf, defaultChoices, hasTimes, selectedFrame, type PageModel } from './model/pageModel';
import { createSourceBook } from './model/sources';
import { keptOf, stateOf } from './model/stateKeeping';
import { createActions } from './pageActions';
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
import { helpRows, text } from './strings';

/** Builds the page, tells the host that it is ready, and shows what comes. */
export function startFlamePage(script: HTMLScriptElement | undefined): void {
  const host = connectHost();
  const model: PageModel = {
    choices: defaultChoices,
    theme: readTheme(),
    sources: createSourceBook(),
    titles: [],
    active: 0,
    live: false,
  };

  let problem: string | undefined;
  /** Where the user is, remembered until the next result is drawn; undefined draws it from its beginning. */
  let kept: Kept | undefined;
  let keepPlace = false;
  let pendingFocus: readonly string[] | undefined;

  const flow = createDataFlow(model, startWorker(script), {
    replacing: () => {
      if (keepPlace) kept = stage.remember() ?? kept;
    },
    shown: (reason) => {
      problem = reason;
      const place = kept;
      kept = undefined;
      keepPlace = true;
      // What is hidden has no size, and cannot be drawn.
      showParts();
      stage.show(place);
      update();
      showHeatMap();
      applyFocus();
    },
    searched: () => {
      stage.repaint();
      update();
      if (model.found && model.result && model.found.hint === undefined && model.choices.search.query) {
        announce(search.element.querySelector('.search-result')?.textContent ?? '');
      }
    },
    busy: (isBusy) => main.classList.toggle('busy', isBusy),
  });

  const live = element('div', { class: 'visually-hidden', attributes: { 'aria-live': 'polite' } });
  const announce = (words: string): void => setText(live, words);
  const notices = createNotices(() => actions.cancelWork());

  const actions = createActions({
    model,
    host,
    flow,
    announce,
    info: (words) => notices.info(words),
    update: () => update(),
    repaint: () => stage.repaint(),
    stage: () => stage,
    table: () => table,
    help: () => help.open(),
    forgetPlace: () => {
      keepPlace = false;
      kept = undefined;
    },
    showPosition: (position, count) => search.showPosition(position, count),
    changed: () => keeper.changed(),
  });

  const search = createSearchBox(actions);
  const toolbar = createToolbar(actions, search.element, host.kind !== 'report');
  const heatStrip = createHeatStrip(actions);
  const rangeBar = createRangeBar(actions, () => heatStrip.awaitSecond());
  const legend = createLegend();
  const details = createDetails(actions);
  const table = createTablePane(actions);
  const empty = createEmptyState(actions, host.kind !== 'report');
  const help = createHelp(text('help.title'), text('help.close'), helpRows());
  const stage = createStage(model, actions, {
    selectionChanged: (frame, byUser) => actions.selectionChanged(frame, byUser),
    moved: () => keeper.changed(),
  });
  const keeper = createStateKeeper(host, () => (model.result ? stateOf(model, stage.seen()) : undefined));

  const stageHost = element(
    'div',
    { class: 'stage', attributes: { id: 'stage', role: 'tabpanel' } },
    stage.element,
    table.element,
    empty.element,
  );
  const main = element(
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
  (document.getElementById('flame') ?? document.body).append(main);

  function showParts(): void {
    const { view } = model.choices;
    const isEmpty = empty.update(model, problem);
    setShown(stage.element, !isEmpty && view !== 'table');
    setShown(table.element, !isEmpty && view === 'table');
    setShown(stage.minimap, !isEmpty && view !== 'table' && view !== 'sandwich');
    setShown(heatStrip.element, view === 'timeOrder' && hasTimes(model));
  }

  function update(): void {
    const { view } = model.choices;
    toolbar.update(model);
    search.update(model);
    rangeBar.update(model);
    legend.update(model);
    heatStrip.update(model);
    showParts();
    stageHost.setAttribute('aria-labelledby', `tab-${view}`);
    if (view === 'table') table.update(model);
    showDetails();
  }

  let detailTurn = 0;
  function showDetails(): void {
    const mine = ++detailTurn;
    const frame = selectedFrame(model);
    const selection =
      (model.choices.view === 'table' ? undefined : stage.selection()) ??
      (frame >= 0 ? { frame, stack: [] } : undefined);
    details.show(model, selection, undefined);
    if (!selection) return;
    // Arrow keys pass many boxes by.
    setTimeout(() => {
      if (mine !== detailTurn) return;
      void flow.details(selection.frame).then(
        (found) => mine === detailTurn && details.show(model, selection, found),
        () => undefined,
      );
    }, 80);
  }
  actions.onSelection(showDetails);

  function showHeatMap(): void {
    if (model.choices.view !== 'timeOrder' || !hasTimes(model)) return;
    const { columns, rows } = heatStrip.resolution();
    void flow.heatMap(columns, rows).then(
      (map) => heatStrip.show(map, model.theme),
      () => undefined,
    );
  }

  /** A method that the editor wants to be seen, as soon as there is a result. */
  function applyFocus(): void {
    if (!pendingFocus || !model.result) return;
    const { frameKeys } = model.result;
    const key = pendingFocus.find((each) => frameKeys.includes(each));
    const wanted = pendingFocus[0]?.split('\n')[0] ?? '';
    pendingFocus = undefined;
    if (key === undefined) {
      notices.info(text('selected.notShown', wanted));
      return;
    }
    model.selectedKey = key;
    const frame = frameKeys.indexOf(key);
    if (model.choices.view === 'sandwich') actions.showSandwich(frame);
    else if (model.choices.view === 'table' || !stage.zoomToFrame(frame)) actions.selectFrame(frame);
  }

  function runCommand(command: FlamePageCommand): void {
    switch (command.name) {
      case 'find':
        search.focus();
        break;
      case 'nextMatch':
        actions.nextMatch(1);
        break;
      case 'previousMatch':
        actions.nextMatch(-1);
        break;
      case 'resetZoom':
        stage.resetZoom();
        break;
      case 'view':
        actions.setView(command.view);
        break;
      case 'export':
        actions.exportAs(command.format);
        break;
    }
  }

  async function showProfile(message: Extract<ToFlamePage, { type: 'profile' }>): Promise<void> {
    const isFirst = model.facts === undefined;
    const isSame = !isFirst && message.active === model.active && message.titles.join('\n') === model.titles.join('\n');
    model.titles = message.titles;
    model.active = message.active;
    model.live = message.live;
    if (isFirst) {
      const saved = message.state ?? host.savedState();
      if (saved) {
        model.choices = choicesOf(saved);
        model.selectedKey = saved.selected;
        kept = keptOf(saved, stage.rowHeight());
      }
      keepPlace = false;
    } else {
      model.sources.forgetNumbers();
      keepPlace = isSame;
      if (!isSame) {
        model.choices = { ...model.choices, options: { ...model.choices.options, range: undefined } };
        if (model.comparison?.kind === 'ranges') await actions.forgetRanges();
      }
    }
    // A draft could leave out the very box that is to be found again.
    await flow.load(message.data, { mayDraft: !model.result && !kept && !pendingFocus });
    notices.progress(undefined);
    notices.clearFailure();
    notices.problems(model.facts?.problems ?? []);
    await flow.refresh();
  }

  async function receive(message: ToFlamePage): Promise<void> {
    switch (message.type) {
      case 'profile':
        await showProfile(message);
        break;
      case 'comparison':
        await flow.compareWith(message.data);
        actions.comparisonIs('profile');
        if (model.choices.view === 'difference' || model.choices.view === 'table') await flow.refresh();
        break;
      case 'sources':
        model.sources.add(message.sources);
        namesChanged();
        break;
      case 'focus':
        pendingFocus = message.frames.map(placeKey);
        applyFocus();
        break;
      case 'progress':
        notices.progress(message);
        break;
      case 'failure':
        notices.progress(undefined);
        notices.failure(message.message, message.nextStep);
        if (!model.facts) setShown(empty.element, false);
        break;
      case 'ended':
        model.live = false;
        notices.info(message.message);
        break;
      case 'command':
        runCommand(message.command);
        break;
    }
  }

  let namesTimer = 0;
  /** Parts come one after the other: they are drawn together. */
  function namesChanged(): void {
    namesTimer ||= window.setTimeout(() => {
      namesTimer = 0;
      if (!model.result) return;
      stage.repaint();
      update();
    }, 60);
  }

  // One after the other: a profile that is being loaded must not be overtaken by what refers to it.
  let queue: Promise<void> = Promise.resolve();
  host.listen((message) => {
    queue = queue
      .then(() => receive(message))
      .catch((error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error);
        notices.progress(undefined);
        notices.failure(reason, '');
        host.post({ type: 'failed', message: reason });
      });
  });

  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || belongsToControl(event)) return;
    const command = keyCommand(event);
    if (command === undefined) return;
    event.preventDefault();
    if (command === 'find') search.focus();
    else actions.run(command);
  });

  watchTheme(() => {
    model.theme = readTheme();
    stage.repaint();
    update();
    showHeatMap();
  });

  update();
  host.post({ type: 'ready' });
}
