import type { ExplainPageCommand, ExplainPageState, ToExplainPage } from '../../src/core/protocol/explain';
import { displayText } from '../common/dom';
import type { PageActions } from './model/actions';
import { takeRun, type PageModel } from './model/pageModel';
import type { PageParts } from './pageParts';
import { text } from './model/strings';

/** What messages act on. */
export interface Receiver {
  readonly model: PageModel;
  readonly actions: PageActions;
  readonly parts: PageParts;
  /** Of before the page was made anew; applies to the first run. */
  saved: Partial<ExplainPageState> | undefined;
  update(): void;
  /** Something that the saved state tells has changed. */
  changed(): void;
}

type Told<T extends ToExplainPage['type']> = Extract<ToExplainPage, { type: T }>;

export function receive(receiver: Receiver, message: ToExplainPage): void {
  const { model, actions } = receiver;
  switch (message.type) {
    case 'statement':
      model.statement = message.statement;
      break;
    case 'run':
      showRun(receiver, message);
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
      runCommand(receiver, message.command);
      break;
  }
  receiver.update();
}

function showRun(receiver: Receiver, message: Told<'run'>): void {
  performance.mark('heatlens:run:received');
  const { model, parts, actions } = receiver;
  takeRun(model, message, receiver.saved);
  receiver.saved = undefined;
  model.progress.delete('explain');
  model.failures.delete('explain');
  model.statementMakesRoom = parts.statement.mayMakeRoom(model);
  receiver.changed();
  parts.tree.reveal();
  actions.announce(text('announce.run', message.view.summary, message.comparison?.summary ?? ''));
  // Drawn is what the next frame shows.
  requestAnimationFrame(() => {
    performance.mark('heatlens:run:shown');
    performance.measure('heatlens:run', 'heatlens:run:received', 'heatlens:run:shown');
  });
}

/** A message that could not be shown is told of where a failed explain would be. */
export function showFailure({ model, parts }: Receiver, reason: string): void {
  model.failures.set('explain', {
    type: 'failure',
    of: 'explain',
    message: text('failed', reason),
    nextStep: text('failed.next'),
    action: 'openLog',
  });
  parts.statement.update(model);
}

function runCommand(receiver: Receiver, command: ExplainPageCommand): void {
  const { model, actions, parts } = receiver;
  switch (command) {
    case 'focusStatement':
      parts.statement.focus();
      break;
    case 'toggleRaw':
      actions.showPane(model.pane === 'raw' ? 'tree' : 'raw');
      break;
    case 'nextFinding':
      stepFinding(receiver, 1);
      break;
    case 'previousFinding':
      stepFinding(receiver, -1);
      break;
  }
}

export function stepFinding({ model, actions }: Pick<Receiver, 'model' | 'actions'>, step: 1 | -1): void {
  const count = model.run?.findings.length ?? 0;
  if (!count) {
    actions.announce(text('findings.none'));
    return;
  }
  const from = model.finding ?? (step > 0 ? -1 : 0);
  actions.selectFinding((from + step + count) % count, { focus: true });
}
