import type { StatementView } from '../../../src/core/protocol/explain';
import { displayText, element } from '../../common/dom';
import type { PageActions } from '../model/actions';
import { statementPieces, type Piece } from '../model/shellTokens';
import { text } from '../model/strings';
import { createHoleInput, problemIdOf, sourceText, typeText, type HoleInput } from './holeInput';

export interface StatementText {
  readonly element: HTMLElement;
  update(statement: StatementView): void;
  /** Tells what is typed and was not told yet; false when there is nothing of that. */
  flush(): boolean;
  /** The first value that is missing or wrong, else the first. */
  focus(): void;
}

/** Longer ones are cut: a list of 10,000 ids is not read here. */
const mostLetters = 200_000;

/** The statement as code with fields in it, and the list of what they are. */
export function createStatementText(actions: PageActions): StatementText {
  const code = element('pre', {
    class: 'code statement-code',
    attributes: { 'aria-label': text('statement.code'), tabindex: '0' },
  });
  const list = element('ul', { class: 'holes', attributes: { 'aria-label': text('holes') } });
  let inputs: HoleInput[] = [];
  let written = '';

  const inputFor = (statement: StatementView, name: string): HoleInput => {
    const field = statement.holes.find((hole) => hole.name === name) ?? {
      name,
      type: 'unknown',
      path: '',
      value: null,
      source: 'none',
    };
    return createHoleInput(field, (value) => actions.post({ type: 'setHole', name, value }));
  };

  function build(statement: StatementView, pieces: readonly Piece[], listed: readonly string[]): void {
    const typing = inputs.findIndex(({ input }) => input === document.activeElement);
    const before = typing < 0 ? undefined : inputs[typing];
    const nth = before ? inputs.slice(0, typing).filter(({ hole }) => hole === before.hole).length : 0;
    before?.flush();
    inputs = [];
    code.replaceChildren(
      ...pieces.map((piece) => {
        if (piece.kind !== 'hole')
          return piece.kind === 'plain' ? piece.text : element('span', { class: `token-${piece.kind}` }, piece.text);
        const made = inputFor(statement, piece.hole);
        inputs.push(made);
        return made.element;
      }),
    );
    list.replaceChildren(
      ...statement.holes.map((hole) => {
        const own = listed.includes(hole.name) ? inputFor(statement, hole.name) : undefined;
        if (own) inputs.push(own);
        return element(
          'li',
          { class: 'hole-row', attributes: { 'data-row': hole.name } },
          element('code', { class: 'hole-name', title: hole.path }, displayText(hole.name, 120)),
          own?.element,
          element('span', { class: 'hole-type muted' }),
          element('span', { class: 'hole-problem', attributes: { id: problemIdOf(hole.name) } }),
        );
      }),
    );
    const again =
      before &&
      (inputs.filter(({ hole }) => hole === before.hole).at(nth) ?? inputs.find(({ hole }) => hole === before.hole));
    if (!again || !before) return;
    const { value, selectionStart, selectionEnd } = before.input;
    again.input.value = value;
    again.input.focus({ preventScroll: true });
    again.input.setSelectionRange(selectionStart, selectionEnd);
  }

  return {
    element: element('div', { class: 'statement-text' }, code, list),
    update: (statement) => {
      const cut = statement.text.length > mostLetters;
      const shown = cut ? `${statement.text.slice(0, mostLetters)}\n… ` : statement.text;
      const pieces = statementPieces(shown, statement.ranges);
      const inText = new Set(pieces.map((piece) => (piece.kind === 'hole' ? piece.hole : undefined)));
      const listed = statement.holes.map(({ name }) => name).filter((name) => !inText.has(name));
      // What is typed in must not be replaced under the user's hand: only another form of the statement is built anew.
      const form = JSON.stringify([
        pieces.map((piece) => (piece.kind === 'hole' ? [piece.hole] : piece.text)),
        statement.holes.map(({ name }) => name),
      ]);
      if (form !== written) build(statement, pieces, listed);
      written = form;
      for (const input of inputs) {
        const field = statement.holes.find(({ name }) => name === input.hole);
        if (field) input.update(field);
      }
      list.hidden = statement.holes.length === 0;
      for (const row of list.children) {
        const field = statement.holes.find(({ name }) => name === (row as HTMLElement).dataset.row);
        if (!field) continue;
        row.querySelector('.hole-type')!.textContent = [typeText(field), sourceText(field)].filter(Boolean).join(' · ');
        row.querySelector('.hole-problem')!.textContent = displayText(field.problem ?? '', 600);
        row.classList.toggle('broken', field.problem !== undefined);
      }
    },
    flush: () => inputs.some((input) => document.activeElement === input.input && input.flush()),
    focus: () => {
      const wanted = inputs.find(({ element: host }) => !host.classList.contains('filled')) ?? inputs.at(0);
      if (wanted) wanted.input.focus();
      else code.focus();
    },
  };
}
