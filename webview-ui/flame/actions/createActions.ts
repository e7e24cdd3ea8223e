import type { KeyCommand } from '../interaction/keyboard';
import type { PageActions } from '../model/actions';
import { selectedFrame } from '../model/pageModel';
import { changeView, choiceActions } from './choices';
import { comparisonActions, type ComparisonActions } from './comparison';
import type { ActionContext } from './context';
import { pictureActions, type PictureActions } from './pictures';
import { announceSelection, selectionActions, type SelectionActions } from './selection';

export interface AllActions extends PageActions, ComparisonActions, SelectionActions, PictureActions {
  /** What a key asks for. */
  run(command: Exclude<KeyCommand, 'find'>): void;
}

export function createActions(context: ActionContext): AllActions {
  const { host } = context;
  const actions: AllActions = {
    ...choiceActions(context),
    ...comparisonActions(context),
    ...selectionActions(context),
    ...pictureActions(context),
    resetZoom: () => context.stage().resetZoom(),
    showHelp: context.help,
    cancelWork: () => host.post({ type: 'cancelWork' }),
    announce: context.announce,
    run: (command) => runKey(context, actions, command),
  };
  return actions;
}

function runKey(context: ActionContext, actions: AllActions, command: Exclude<KeyCommand, 'find'>): void {
  if (typeof command === 'object') {
    void changeView(context, command.view).then(() => focusView(context));
    return;
  }
  const frame = selectedFrame(context.model);
  switch (command) {
    case 'open':
    case 'openToSide':
      if (frame >= 0) actions.openSource(frame, command === 'openToSide');
      break;
    case 'nextMatch':
    case 'previousMatch':
      actions.nextMatch(command === 'nextMatch' ? 1 : -1);
      break;
    case 'reset':
      context.stage().resetZoom();
      break;
    case 'help':
      context.help();
      break;
    default:
      if (context.model.choices.view === 'table') context.table().focus();
      else if (context.stage().run(command)) announceSelection(context);
  }
}

/** Where keys act in the view that is shown. */
function focusView({ model, table, stage }: ActionContext): void {
  if (model.choices.view === 'table') table().focus();
  else stage().focus();
}
