import { displayText, element, setShown } from '../../common/dom';
import type { PageActions } from '../model/actions';
import { hasTimes, type PageModel } from '../model/pageModel';
import { text, type StringKey } from '../model/strings';

export interface EmptyState {
  readonly element: HTMLElement;
  /** Shows what to do when there is nothing to draw; false when there is something. */
  update(model: PageModel, problem: string | undefined): boolean;
}

interface Told {
  readonly message: string;
  readonly next: string;
  readonly action?: { readonly label: StringKey; run(): void };
}

export function createEmptyState(actions: PageActions, canCompare: boolean): EmptyState {
  const message = element('p', { class: 'empty-message' });
  const next = element('p', { class: 'muted' });
  const button = element('button', { class: 'button primary', attributes: { type: 'button' } });
  const host = element('div', { class: 'empty', attributes: { role: 'status' } }, message, next, button);
  let run: (() => void) | undefined;
  button.addEventListener('click', () => run?.());
  return {
    element: host,
    update: (model, problem) => {
      const told = emptyReason(model, problem, actions, canCompare);
      setShown(host, told !== undefined);
      if (!told) return false;
      message.textContent = displayText(told.message, 2000);
      next.textContent = displayText(told.next, 2000);
      run = told.action?.run;
      setShown(button, told.action !== undefined);
      if (told.action) button.textContent = text(told.action.label);
      return true;
    },
  };
}

function emptyReason(
  model: PageModel,
  problem: string | undefined,
  actions: PageActions,
  canCompare: boolean,
): Told | undefined {
  const { facts, choices, result, comparison } = model;
  if (!facts) return { message: text('empty.waiting'), next: '' };
  if (choices.view === 'timeOrder' && !hasTimes(model)) {
    const timed = facts.timeline ? facts.measures[facts.timeline.measure].label : undefined;
    return {
      message: text('empty.noTimes'),
      next: [timed && text('empty.noTimes.other', timed), text('empty.noTimes.next')].filter(Boolean).join(' '),
      action: { label: 'view.leftHeavy', run: () => actions.setView('leftHeavy') },
    };
  }
  if (choices.view === 'difference' && !comparison) {
    return {
      message: text('empty.noComparison'),
      next: text('empty.noComparison.next'),
      ...(canCompare ? { action: { label: 'compare.choose', run: () => actions.chooseComparison() } } : {}),
    };
  }
  if (problem !== undefined) return { message: text('empty.internal', problem), next: text('empty.internal.next') };
  if (!result) return { message: text('empty.waiting'), next: '' };
  const nothing = result.total === 0 && !(result.view === 'difference' && result.totalBefore > 0);
  if (!nothing) return undefined;
  if (choices.options.range) {
    return {
      message: text('empty.range'),
      next: text('empty.range.next'),
      action: { label: 'range.clear', run: () => actions.setRange(undefined) },
    };
  }
  return { message: text('empty.nothing'), next: text('empty.nothing.next') };
}
