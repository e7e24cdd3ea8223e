import { iconButton } from '../../common/controls';
import { element, setShown, setText } from '../../common/dom';
import { icon } from '../../common/icons';
import type { PageActions } from '../model/actions';
import { inDigits } from '../../../src/core/words/numbers';
import { shareOf } from '../../../src/core/words/shares';
import type { PageModel, SearchChoice } from '../model/pageModel';
import { text } from '../model/strings';

export interface SearchBox {
  readonly element: HTMLElement;
  update(model: PageModel): void;
  focus(): void;
  /** Which of the matching boxes is selected, 1-based; undefined for none. */
  showPosition(position: number | undefined, count: number): void;
}

const DEBOUNCE_MS = 120;

export function createSearchBox(actions: PageActions): SearchBox {
  const input = element('input', {
    class: 'search-input',
    attributes: {
      type: 'text',
      placeholder: text('search'),
      'aria-label': text('search.label'),
      'aria-describedby': 'search-hint',
      spellcheck: 'false',
      autocomplete: 'off',
    },
  });
  const matchCase = toggle('Aa', text('search.case'));
  const isRegExp = toggle('.*', text('search.regexp'));
  const hint = element('div', { class: 'search-hint', attributes: { id: 'search-hint', role: 'status' } });
  const result = element('span', { class: 'search-result' });
  const previous = iconButton('previous', text('search.previous'), () => actions.nextMatch(-1));
  const next = iconButton('next', text('search.next'), () => actions.nextMatch(1));
  const clear = iconButton('close', text('search.clear'), () => {
    input.value = '';
    commit();
    input.focus();
  });
  const field = element('div', { class: 'search-field' }, icon('search'), input, matchCase, isRegExp);
  const host = element(
    'div',
    { class: 'search', attributes: { role: 'search' } },
    field,
    result,
    previous,
    next,
    clear,
    hint,
  );

  let timer = 0;
  let sent: SearchChoice | undefined;
  const current = (): SearchChoice => ({
    query: input.value,
    isRegExp: isRegExp.getAttribute('aria-pressed') === 'true',
    matchCase: matchCase.getAttribute('aria-pressed') === 'true',
  });
  function commit(): void {
    clearTimeout(timer);
    sent = current();
    actions.setSearch(sent);
  }
  input.addEventListener('input', () => {
    clearTimeout(timer);
    timer = window.setTimeout(commit, DEBOUNCE_MS);
  });
  for (const each of [matchCase, isRegExp]) {
    each.addEventListener('click', () => {
      each.setAttribute('aria-pressed', String(each.getAttribute('aria-pressed') !== 'true'));
      commit();
    });
  }
  input.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') {
      if (current().query !== sent?.query) commit();
      else actions.nextMatch(event.shiftKey ? -1 : 1);
    } else if (event.key === 'Escape') {
      if (input.value) {
        input.value = '';
        commit();
      } else input.blur();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });

  let summary = '';
  return {
    element: host,
    update: ({ choices: { search }, found, result: shown }) => {
      // What is being typed is newer than what the model knows.
      if (document.activeElement !== input && input.value !== search.query) input.value = search.query;
      isRegExp.setAttribute('aria-pressed', String(search.isRegExp));
      matchCase.setAttribute('aria-pressed', String(search.matchCase));
      const searching = search.query !== '';
      const broken = searching ? found?.hint : undefined;
      summary =
        searching && found && !broken && shown
          ? resultText(found.matchedFrames, shareOf(found.matchedValue, shown.total))
          : '';
      setText(result, summary);
      setText(hint, broken ?? '');
      setShown(hint, broken !== undefined);
      input.setAttribute('aria-invalid', String(broken !== undefined));
      field.classList.toggle('broken', broken !== undefined);
      for (const button of [previous, next]) button.disabled = !summary || found?.matchedFrames === 0;
      setShown(clear, searching);
      setShown(result, searching);
      setShown(previous, searching);
      setShown(next, searching);
    },
    focus: () => {
      input.focus();
      input.select();
    },
    showPosition: (position, count) => {
      setText(result, position === undefined ? summary : `${inDigits(position)}/${inDigits(count)} · ${summary}`);
    },
  };
}

function resultText(frames: number, share: string): string {
  if (frames === 0) return text('search.none');
  return frames === 1 ? text('search.resultOne', share) : text('search.result', inDigits(frames), share);
}

function toggle(label: string, title: string): HTMLButtonElement {
  return element(
    'button',
    { class: 'toggle', title, attributes: { type: 'button', 'aria-pressed': 'false', 'aria-label': title } },
    label,
  );
}
