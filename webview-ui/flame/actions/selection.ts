import type { PageActions } from '../model/actions';
import { activeMatches, placeOf, selectedFrame } from '../model/pageModel';
import { placeText } from '../panes/details';
import { text } from '../model/strings';
import { nameOf, sourcePlaceOf, type ActionContext } from './context';
import { formatShare } from '../../../src/core/words/sampledShares';
import { formatValue } from '../../../src/core/words/measures';

export interface SelectionActions extends Pick<PageActions, 'selectFrame' | 'openSource' | 'nextMatch'> {
  selectionChanged(frame: number | undefined, byUser: boolean): void;
}

/** The editor reveals what is selected; not each box that arrow keys pass by. */
const TELL_SELECTION_AFTER_MS = 180;

/** Which method is selected, and where its source is. */
export function selectionActions(context: ActionContext): SelectionActions {
  const { model } = context;
  const tell = createTeller(context);

  function selectionChanged(frame: number | undefined, byUser: boolean): void {
    if (byUser) model.selectedKey = frame === undefined ? undefined : model.result?.frameKeys[frame];
    context.showDetails();
    context.changed();
    context.showPosition(undefined, 0);
    if (byUser) tell(frame);
  }

  function selectFrame(frame: number | undefined): void {
    const { result, choices } = model;
    if (!result || frame === undefined) return;
    if (choices.view === 'table') {
      model.selectedKey = result.frameKeys[frame];
      selectionChanged(frame, true);
      context.update();
    } else if (!context.stage().selectFrame(frame)) context.info(text('selected.notShown', nameOf(context, frame)));
  }

  return {
    selectionChanged,
    selectFrame,
    openSource: (frame, toSide) => openSource(context, frame, toSide),
    nextMatch: (step) => {
      if (!activeMatches(model)) return;
      if (model.choices.view === 'table') selectFrame(nextRow(context, step));
      else selectMatch(context, step);
    },
  };
}

/** Tells the editor of a selection that lasts, once. */
function createTeller(context: ActionContext): (frame: number | undefined) => void {
  let timer = 0;
  let told: string | undefined;
  return (frame) => {
    clearTimeout(timer);
    timer = window.setTimeout(() => {
      const place = frame === undefined ? undefined : sourcePlaceOf(context, frame);
      const written = JSON.stringify(place);
      if (written !== told) context.host.post({ type: 'selected', place });
      told = written;
    }, TELL_SELECTION_AFTER_MS);
  };
}

function openSource(context: ActionContext, frame: number, toSide: boolean): void {
  const { host, model, info } = context;
  const place = sourcePlaceOf(context, frame);
  if (!place) info(text('selected.noSource', nameOf(context, frame)));
  else if (host.kind === 'report') info(text('selected.report', placeText(placeOf(model, frame))));
  else host.post({ type: 'openSource', place, toSide });
}

/** The table lists only what matches. */
function nextRow({ model, table }: ActionContext, step: 1 | -1): number | undefined {
  const rows = table().rows();
  const at = rows.indexOf(selectedFrame(model));
  return rows[(at + step + rows.length) % rows.length];
}

function selectMatch({ stage, announce, showPosition }: ActionContext, step: 1 | -1): void {
  const found = stage().nextMatch(step);
  if (!found) {
    announce(text('search.noneInView'));
    return;
  }
  showPosition(found.position, found.count);
  announce(text('search.position', String(found.position), String(found.count)));
}

/** What the tree has just read to those who are in it is not said twice. */
export function announceSelection(context: ActionContext): void {
  const { model, announce } = context;
  const frame = selectedFrame(model);
  const { result } = model;
  if (!result || frame < 0 || document.activeElement?.getAttribute('role') === 'treeitem') return;
  const total = result.frameTotals[frame];
  announce(
    text(
      'announce.selected',
      nameOf(context, frame),
      formatValue(total, result.measure.unit),
      formatShare(total, result.total),
    ),
  );
}
