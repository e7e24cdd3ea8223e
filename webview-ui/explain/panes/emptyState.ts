import { textButton } from '../../common/controls';
import { element, setShown, setText } from '../../common/dom';
import type { PageActions } from '../model/actions';
import type { PageModel } from '../model/pageModel';
import { text, type StringKey } from '../model/strings';

export interface EmptyState {
  readonly element: HTMLElement;
  /** Shows what to do while there is no plan; false when there is one. */
  update(model: PageModel): boolean;
}

interface Told {
  readonly message: StringKey;
  readonly next?: StringKey;
  readonly actions: readonly { readonly label: StringKey; run(): void }[];
}

export function createEmptyState(actions: PageActions): EmptyState {
  const message = element('p', { class: 'empty-message' });
  const next = element('p', { class: 'muted' });
  const buttons = element('div', { class: 'buttons' });
  const host = element('div', { class: 'empty', attributes: { role: 'status' } }, message, next, buttons);
  let shown = '';
  return {
    element: host,
    update: (model) => {
      const told = model.run ? undefined : reasonOf(model, actions);
      setShown(host, told !== undefined);
      if (!told) return false;
      setText(message, text(told.message));
      setText(next, told.next ? text(told.next) : '');
      const now = told.actions.map(({ label }) => label).join();
      // Buttons that are made anew at every message would lose the focus.
      if (now !== shown)
        buttons.replaceChildren(
          ...told.actions.map(({ label, run }, index) => textButton(text(label), run, index ? '' : 'primary')),
        );
      shown = now;
      return true;
    },
  };
}

function reasonOf({ statement, progress }: PageModel, actions: PageActions): Told {
  if (!statement) return { message: 'empty.waiting', actions: [] };
  if (progress.has('explain')) return { message: 'empty.running', actions: [] };
  if (!statement.connection) {
    return {
      message: 'empty.noConnection',
      next: 'empty.noConnection.next',
      actions: [
        { label: 'action.addConnection', run: () => actions.act('addConnection') },
        { label: 'action.pickConnection', run: () => actions.act('pickConnection') },
      ],
    };
  }
  if (statement.blocked !== null) return { message: 'empty.blocked', next: 'empty.blocked.next', actions: [] };
  const next = statement.verbosity === 'queryPlanner' ? 'empty.notRun.planner' : 'empty.notRun.executed';
  return { message: 'empty.notRun', next, actions: [{ label: 'run', run: () => actions.run() }] };
}
