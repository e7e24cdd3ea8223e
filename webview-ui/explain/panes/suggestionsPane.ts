import { inBytes } from '../../../src/core/words/bytes';
import { inDigits } from '../../../src/core/words/numbers';
import type { IndexSuggestion } from '../../../src/core/database/indexes';
import type { ToExplainPage } from '../../../src/core/protocol/explain';
import { textButton } from '../../common/controls';
import { displayText, element, setShown, setText } from '../../common/dom';
import { createMessageLine, createProgressLine } from '../../common/notices';
import type { PageActions } from '../model/actions';
import { replacedIndexes, type PageModel } from '../model/pageModel';
import { shellTokens } from '../model/shellTokens';
import { text } from '../model/strings';
import { changesTable, verdictElement } from './changesTable';
import { failureParts } from './failureParts';
import { miniTree } from './miniTree';

type Trial = Extract<ToExplainPage, { type: 'trial' }>;

export interface SuggestionsPane {
  readonly element: HTMLElement;
  update(model: PageModel): void;
}

/** Indexes that would serve the query better, and what a trial of one showed. */
export function createSuggestionsPane(actions: PageActions): SuggestionsPane {
  const title = element('h2', { attributes: { id: 'suggestions-title' } });
  const list = element('ul', { class: 'suggestions', attributes: { 'aria-labelledby': 'suggestions-title' } });
  const progress = createProgressLine(text('working'), { label: text('cancel'), run: () => actions.cancel('trial') });
  const failure = createMessageLine('failure', text('dismiss'), () => actions.dismissFailure('trial'));
  const host = element(
    'section',
    { class: 'suggestions-pane', attributes: { 'aria-labelledby': 'suggestions-title' } },
    title,
    progress.element,
    failure.element,
    list,
  );
  let shown = '';

  return {
    element: host,
    update: (model) => {
      const suggestions = model.run?.suggestions ?? [];
      setShown(host, suggestions.length > 0);
      setText(title, text(suggestions.length === 1 ? 'suggestion' : 'suggestions'));
      progress.show(model.progress.get('trial'));
      failure.show(...failureParts(model.failures.get('trial'), actions));
      const trials = suggestions.map((suggestion) => model.trials.get(suggestion.ddl));
      // Of the run and of the trials: what is unfolded stays so until one of them changes.
      const now = JSON.stringify([
        model.run?.at,
        model.statement !== undefined,
        suggestions,
        trials.map((told) => told && [told.trial.sampled, told.trial.comparison]),
      ]);
      if (now !== shown)
        list.replaceChildren(
          ...suggestions.map((suggestion, index) => suggestionItem(model, actions, suggestion, index, trials[index])),
        );
      shown = now;
      for (const button of list.querySelectorAll<HTMLButtonElement>('.try'))
        button.disabled = model.progress.has('trial');
    },
  };
}

/** Shell text in its colours. */
function codeText(code: string): HTMLElement {
  const parts = shellTokens(code).map(({ kind, from, to }) =>
    kind === 'plain' ? code.slice(from, to) : element('span', { class: `token-${kind}` }, code.slice(from, to)),
  );
  return element('code', { class: 'code' }, ...parts);
}

function suggestionItem(
  model: PageModel,
  actions: PageActions,
  suggestion: IndexSuggestion,
  index: number,
  trial: Trial | undefined,
): HTMLElement {
  const replaced = replacedIndexes(model, suggestion);
  // A saved plan has no statement to run.
  const mayTry = model.statement !== undefined;
  const tryIt = textButton(text(trial ? 'tryAgain' : 'tryIt'), () => actions.tryIndex(index));
  tryIt.classList.add('try');
  tryIt.title = text('tryIt.hint');
  const copy = textButton(text('copy.index'), () => actions.post({ type: 'copyIndex', suggestion: index }));
  return element(
    'li',
    { class: 'suggestion' },
    codeText(suggestion.ddl),
    element('p', {}, displayText(suggestion.reason, 1000)),
    replaced.length
      ? element(
          'p',
          { class: 'muted' },
          text('replaces', replaced.map(({ name, key }) => (key === undefined ? name : `${name} ${key}`)).join(', ')),
        )
      : undefined,
    element(
      'div',
      { class: 'buttons' },
      copy,
      ...(mayTry ? [tryIt, element('span', { class: 'muted try-note' }, text('tryIt.note'))] : []),
    ),
    trial ? trialElement(trial) : undefined,
  );
}

function trialElement({ trial, summaries }: Trial): HTMLElement {
  const { comparison, before, after, sampled, rows, indexBytes, notes = [] } = trial;
  const caveat =
    rows === undefined
      ? text('trial.sampleOnly', inDigits(sampled))
      : text('trial.sample', inDigits(sampled), inDigits(rows));
  const size = indexBytes === undefined ? '' : ` ${text('trial.size', inBytes(indexBytes))}`;
  return element(
    'div',
    { class: 'trial', attributes: { role: 'group', 'aria-label': text('trial') } },
    element('p', { class: 'trial-verdict' }, verdictElement(comparison), ` ${displayText(comparison.summary, 600)}`),
    element(
      'dl',
      { class: 'before-after' },
      element('dt', {}, text('changes.before')),
      element('dd', {}, displayText(summaries.before, 400)),
      element('dt', {}, text('changes.after')),
      element('dd', {}, displayText(summaries.after, 400)),
    ),
    element('p', { class: 'muted' }, `${caveat}${size}`),
    notes.length
      ? element('ul', { class: 'trial-notes' }, ...notes.map((note) => element('li', {}, displayText(note, 600))))
      : undefined,
    element(
      'details',
      {},
      element('summary', {}, text('trial.plans')),
      comparison.changes.length ? changesTable(comparison) : undefined,
      element(
        'div',
        { class: 'side-by-side' },
        element(
          'div',
          {},
          element('h4', {}, text('changes.before')),
          miniTree(before.plan, before.plan.root, text('changes.before')),
        ),
        element(
          'div',
          {},
          element('h4', {}, text('changes.after')),
          miniTree(after.plan, after.plan.root, text('changes.after')),
        ),
      ),
    ),
  );
}
