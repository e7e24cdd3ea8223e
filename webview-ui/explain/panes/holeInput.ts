import type { HoleField } from '../../../src/core/protocol/explain';
import { displayText, element } from '../../common/dom';
import { text } from '../model/strings';

/** How long a pause ends a value that is being typed, ms. */
const TYPED_AFTER_MS = 350;

export interface HoleInput {
  readonly element: HTMLElement;
  readonly input: HTMLInputElement;
  readonly hole: string;
  /** What is typed stays as long as the input has the focus. */
  update(field: HoleField): void;
  /** Tells what is typed and was not told yet; false when there is nothing of that. */
  flush(): boolean;
}

/** A value of the statement, editable where it stands; as wide as what is in it. */
export function createHoleInput(field: HoleField, told: (value: string | null) => void): HoleInput {
  const input = element('input', {
    class: 'hole-input',
    attributes: {
      type: 'text',
      spellcheck: 'false',
      autocomplete: 'off',
      autocapitalize: 'off',
      'data-hole': field.name,
    },
  });
  const host = element('span', { class: 'hole' }, input);
  let known = field;
  let timer = 0;

  function fit(): void {
    const shown = input.value || input.placeholder;
    input.style.width = `${Math.max(2, Math.min(64, [...shown].length + 1))}ch`;
  }
  function flush(): boolean {
    clearTimeout(timer);
    timer = 0;
    const value = input.value === '' ? null : input.value;
    if (value === known.value) return false;
    known = { ...known, value, source: 'typed' };
    told(value);
    return true;
  }
  input.addEventListener('input', () => {
    fit();
    clearTimeout(timer);
    timer = window.setTimeout(flush, TYPED_AFTER_MS);
  });
  input.addEventListener('change', flush);
  input.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') flush();
    else if (event.key === 'Escape' && input.value !== (known.value ?? '')) {
      event.stopPropagation();
      clearTimeout(timer);
      timer = 0;
      input.value = known.value ?? '';
      fit();
    }
  });

  function update(next: HoleField): void {
    const editing = document.activeElement === input || timer !== 0;
    known = next;
    if (!editing || input.value === '') input.value = next.value ?? '';
    input.placeholder = displayText(next.name, 60);
    const told = [displayText(next.name, 200), typeText(next), sourceText(next)].filter(Boolean).join(', ');
    input.setAttribute('aria-label', text('hole.label', told));
    input.title = next.problem === undefined ? told : `${told}\n${next.problem}`;
    if (next.problem === undefined) input.removeAttribute('aria-invalid');
    else input.setAttribute('aria-invalid', 'true');
    const problemId = next.problem === undefined ? null : problemIdOf(next.name);
    if (problemId) input.setAttribute('aria-describedby', problemId);
    else input.removeAttribute('aria-describedby');
    host.className = `hole ${next.problem !== undefined ? 'broken' : next.value === null ? 'open' : 'filled'}`;
    fit();
  }
  update(field);
  return { element: host, input, hole: field.name, update, flush };
}

export function typeText({ type }: HoleField): string {
  return text(`type.${type}`);
}

export function sourceText({ source }: HoleField): string {
  return text(`source.${source}`);
}

/** Names of holes are expressions: an id is made of their characters' codes. */
export function problemIdOf(name: string): string {
  return `hole-problem-${Array.from(name.slice(0, 80), (letter) => letter.codePointAt(0)!.toString(36)).join('-')}`;
}
