import { belongsToControl } from '../common/keys';
import { createStateKeeper } from '../common/stateKeeper';
import { connectHost, type ExplainHost } from './connectHost';
import { newModel, paneOf, PANES, stateOf } from './model/pageModel';
import { createActions } from './pageActions';
import { createParts, type PageParts } from './pageParts';
import { showModel } from './pageView';
import { receive, showFailure, stepFinding, type Receiver } from './receiver';
import { useStrings } from './model/strings';

/** Builds the page, tells the editor that it is ready, and shows what comes. */
export function startExplainPage(): void {
  const host = connectHost();
  useStrings(host.texts);
  const model = newModel();
  const saved = host.savedState();
  model.pane = paneOf(saved);
  model.statementCollapsed = saved?.statementCollapsed;

  const keeper = createStateKeeper(host, () => (model.run ? stateOf(model) : undefined));
  const update = (): void => showModel(model, parts);
  const changed = (): void => {
    keeper.changed();
    update();
  };
  const actions = createActions({ model, host, parts: () => parts, update, changed });
  const parts: PageParts = createParts(actions);
  const receiver: Receiver = { model, actions, parts, saved, update, changed };

  document.body.append(parts.page);
  listenToKeys(receiver);
  listen(host, receiver);
  update();
  host.post({ type: 'ready' });
}

function listen(host: ExplainHost, receiver: Receiver): void {
  host.listen((message) => {
    try {
      receive(receiver, message);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      host.post({ type: 'failed', message: reason });
      showFailure(receiver, reason);
    }
  }, {});
}

function listenToKeys(receiver: Receiver): void {
  document.addEventListener('keydown', (event) => {
    if (!event.defaultPrevented && (pressAnywhere(receiver, event) || press(receiver, event))) event.preventDefault();
  });
}

/** Whether the key is one of the page's, whatever has the focus. */
function pressAnywhere(receiver: Receiver, event: KeyboardEvent): boolean {
  const { model, actions, parts } = receiver;
  const control = event.ctrlKey || event.metaKey;
  if (control && event.key === 'Enter') actions.run();
  else if (event.key === 'F8' && !control) stepFinding(receiver, event.shiftKey ? -1 : 1);
  else if (control && event.key.toLowerCase() === 'f' && model.pane === 'raw') parts.raw.focusSearch();
  else return false;
  return true;
}

/** Whether the key is one of the page's, unless the control that has the focus has use for it. */
function press({ model, actions, parts }: Receiver, event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || belongsToControl(event)) return false;
  const pane = PANES.at(Number(event.key) - 1);
  if (event.key === '?') parts.help.open();
  else if (event.key >= '1' && event.key <= '5' && pane && model.run) actions.showPane(pane);
  else return false;
  return true;
}
