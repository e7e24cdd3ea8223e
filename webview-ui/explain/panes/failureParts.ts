import type { ToExplainPage } from '../../../src/core/protocol/explain';
import type { PageActions } from '../model/actions';
import { text } from '../model/strings';

type Failure = Extract<ToExplainPage, { type: 'failure' }>;

/** A failure as a line of the page: what happened, what to do, and the button that does it. */
export function failureParts(
  failure: Failure | undefined,
  actions: PageActions,
): [string, { label: string; run(): void }?] {
  if (!failure) return [''];
  const { action } = failure;
  const words = `${failure.message} ${failure.nextStep}`.trim();
  return action ? [words, { label: text(`action.${action}`), run: () => actions.act(action) }] : [words];
}
