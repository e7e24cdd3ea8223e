import { placeKey } from '../../src/core/flame/view/viewFrames';
import type { FlamePageCommand, ToFlamePage } from '../../src/core/protocol/flame';
import { setShown } from '../common/dom';
import type { AllActions } from './actions/createActions';
import type { FlameHost } from './host/connectHost';
import type { DataFlow } from './host/dataFlow';
import type { Kept } from './model/keepPlace';
import { choicesOf, type PageModel } from './model/pageModel';
import { keptOf } from './model/stateKeeping';
import type { PageParts } from './pageParts';
import type { PageView } from './pageView';
import { text } from './model/strings';

/** What lasts from one result to the next. */
export interface Place {
  /** Where the user is, remembered until the next result is drawn; undefined draws it from its beginning. */
  kept: Kept | undefined;
  /** The next result is drawn where the user is. */
  keep: boolean;
  /** Keys of a method that the editor wants to be seen, as soon as there is a result. */
  focus: readonly string[] | undefined;
}

/** What messages act on. */
export interface Receiver {
  readonly host: FlameHost;
  readonly model: PageModel;
  readonly flow: DataFlow;
  readonly actions: AllActions;
  readonly parts: PageParts;
  readonly view: PageView;
  readonly place: Place;
}

type Told<T extends ToFlamePage['type']> = Extract<ToFlamePage, { type: T }>;

export async function receive(receiver: Receiver, message: ToFlamePage): Promise<void> {
  const { model, view, parts, place } = receiver;
  const { notices } = parts;
  switch (message.type) {
    case 'profile':
      await showProfile(receiver, message);
      break;
    case 'comparison':
      await showComparison(receiver, message);
      break;
    case 'sources':
      model.sources.add(message.sources);
      view.namesChanged();
      break;
    case 'focus':
      place.focus = message.frames.map(placeKey);
      applyFocus(receiver);
      break;
    case 'progress':
      notices.progress(message);
      break;
    case 'failure':
      notices.progress(undefined);
      notices.failure(message.message, message.nextStep);
      if (!model.facts) setShown(parts.empty.element, false);
      break;
    case 'ended':
      model.live = false;
      notices.info(message.message);
      break;
    case 'command':
      runCommand(receiver, message.command);
      break;
  }
}

async function showProfile(receiver: Receiver, message: Told<'profile'>): Promise<void> {
  const { model, flow, place, parts } = receiver;
  const isFirst = model.facts === undefined;
  const isSame = !isFirst && message.active === model.active && message.titles.join('\n') === model.titles.join('\n');
  model.titles = message.titles;
  model.active = message.active;
  model.live = message.live;
  if (isFirst) takeState(receiver, message);
  else await takeNext(receiver, isSame);
  // A draft could leave out the very box that is to be found again.
  await flow.load(message.data, { mayDraft: !model.result && !place.kept && !place.focus });
  parts.notices.progress(undefined);
  parts.notices.clearFailure();
  parts.notices.problems(model.facts?.problems ?? []);
  await flow.refresh();
}

/** What the user chose before the page was made anew. */
function takeState({ model, host, place, parts }: Receiver, message: Told<'profile'>): void {
  const saved = message.state ?? host.savedState();
  if (saved) {
    model.choices = choicesOf(saved);
    model.selectedKey = saved.selected;
    place.kept = keptOf(saved, parts.stage.rowHeight());
  }
  place.keep = false;
}

/** The same profile with more in it, or another one, in which no range of the old one means anything. */
async function takeNext({ model, place, actions }: Receiver, isSame: boolean): Promise<void> {
  model.sources.forgetNumbers();
  place.keep = isSame;
  if (isSame) return;
  model.choices = { ...model.choices, options: { ...model.choices.options, range: undefined } };
  if (model.comparison?.kind === 'ranges') await actions.forgetRanges();
}

async function showComparison({ model, flow, actions }: Receiver, { data }: Told<'comparison'>): Promise<void> {
  await flow.compareWith(data);
  actions.compareWithProfile();
  if (model.choices.view === 'difference' || model.choices.view === 'table') await flow.refresh();
}

export function applyFocus({ model, place, parts, actions }: Receiver): void {
  if (!place.focus || !model.result) return;
  const { frameKeys } = model.result;
  const key = place.focus.find((each) => frameKeys.includes(each));
  const wanted = place.focus[0]?.split('\n')[0] ?? '';
  place.focus = undefined;
  if (key === undefined) {
    parts.notices.info(text('selected.notShown', wanted));
    return;
  }
  model.selectedKey = key;
  const frame = frameKeys.indexOf(key);
  if (model.choices.view === 'sandwich') actions.showSandwich(frame);
  else if (model.choices.view === 'table' || !parts.stage.zoomToFrame(frame)) actions.selectFrame(frame);
}

function runCommand({ parts, actions }: Receiver, command: FlamePageCommand): void {
  switch (command.name) {
    case 'find':
      parts.search.focus();
      break;
    case 'nextMatch':
      actions.nextMatch(1);
      break;
    case 'previousMatch':
      actions.nextMatch(-1);
      break;
    case 'resetZoom':
      actions.resetZoom();
      break;
    case 'view':
      actions.setView(command.view);
      break;
  }
}
