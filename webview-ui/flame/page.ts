import { belongsToControl } from '../common/keys';
import { createStateKeeper } from '../common/stateKeeper';
import { createActions } from './actions/createActions';
import { readTheme, watchTheme } from './theme/theme';
import { connectHost } from './host/connectHost';
import { createDataFlow } from './host/dataFlow';
import { startWorker } from './host/workerClient';
import { keyCommand } from './interaction/keyboard';
import { defaultChoices, type PageModel } from './model/pageModel';
import { createSourceBook } from './model/sources';
import { stateOf } from './model/stateKeeping';
import { createParts, type PageParts } from './pageParts';
import { createPageView, type PageView } from './pageView';
import { applyFocus, receive, type Place, type Receiver } from './receiver';
import { useStrings } from './model/strings';

/** Builds the page, tells the host that it is ready, and shows what comes. */
export function startFlamePage(script: HTMLScriptElement | undefined): void {
  const host = connectHost();
  useStrings(host.texts);
  const model = newModel();
  const place: Place = { kept: undefined, keep: false, focus: undefined };

  const flow = createDataFlow(model, startWorker(script), {
    replacing: () => {
      if (place.keep) place.kept = parts.stage.remember() ?? place.kept;
    },
    shown: (problem) => {
      const { kept } = place;
      place.kept = undefined;
      place.keep = true;
      view.showResult(kept, problem);
      applyFocus(receiver);
    },
    searched: () => view.showMatches(),
    busy: (isBusy) => parts.page.classList.toggle('busy', isBusy),
  });
  const actions = createActions({
    model,
    host,
    flow,
    announce: (words) => parts.announce(words),
    info: (words) => parts.notices.info(words),
    update: () => view.update(),
    repaint: () => parts.stage.repaint(),
    stage: () => parts.stage,
    table: () => parts.table,
    help: () => parts.help.open(),
    forgetPlace: () => {
      place.keep = false;
      place.kept = undefined;
    },
    showPosition: (position, count) => parts.search.showPosition(position, count),
    showDetails: () => view.showDetails(),
    changed: () => keeper.changed(),
  });
  const parts: PageParts = createParts(model, actions, host.kind === 'editor', () => keeper.changed());
  const keeper = createStateKeeper(host, () => (model.result ? stateOf(model, parts.stage.seen()) : undefined));
  const view: PageView = createPageView(model, flow, parts);
  const receiver: Receiver = { host, model, flow, actions, parts, view, place };

  (document.getElementById('flame') ?? document.body).append(parts.page);
  listen(receiver);
  listenToKeys(receiver);
  watchTheme(() => view.themeChanged());
  view.update();
  host.post({ type: 'ready' });
}

function newModel(): PageModel {
  return {
    choices: defaultChoices,
    theme: readTheme(),
    sources: createSourceBook(),
    titles: [],
    active: 0,
    live: false,
  };
}

/** One message after the other: a profile that is being loaded must not be overtaken by what refers to it. */
function listen(receiver: Receiver): void {
  const { host, actions, parts } = receiver;
  let queue: Promise<void> = Promise.resolve();
  host.listen(
    (message) => {
      queue = queue
        .then(() => receive(receiver, message))
        .catch((error: unknown) => {
          const reason = error instanceof Error ? error.message : String(error);
          parts.notices.progress(undefined);
          parts.notices.failure(reason, '');
          host.post({ type: 'failed', message: reason });
        });
    },
    {
      draw: async ({ format }) => {
        await queue;
        return actions.draw(format);
      },
    },
  );
}

function listenToKeys({ parts, actions }: Receiver): void {
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || belongsToControl(event)) return;
    const command = keyCommand(event);
    if (command === undefined) return;
    event.preventDefault();
    if (command === 'find') parts.search.focus();
    else actions.run(command);
  });
}
