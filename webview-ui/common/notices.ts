import { iconButton, textButton } from './controls';
import { displayText, element, setShown, setText } from './dom';
import { icon } from './icons';

export interface ProgressLine {
  readonly element: HTMLElement;
  /** Undefined ends it. `fraction` 0..1. */
  show(state: { readonly text: string; readonly fraction?: number } | undefined): void;
}

export interface MessageLine {
  readonly element: HTMLElement;
  /** An empty one hides the line. */
  show(message: string, action?: { readonly label: string; run(): void }): void;
}

/** What is under way, and the button that ends it. */
export function createProgressLine(label: string, cancel: { readonly label: string; run(): void }): ProgressLine {
  const words = element('span', { class: 'progress-text' });
  const bar = element('progress', { attributes: { max: '1', 'aria-label': label } });
  const line = element(
    'div',
    { class: 'notice progress', attributes: { role: 'status' } },
    words,
    bar,
    textButton(cancel.label, cancel.run),
  );
  setShown(line, false);
  return {
    element: line,
    show: (state) => {
      setShown(line, state !== undefined);
      if (!state) return;
      setText(words, displayText(state.text, 600));
      if (state.fraction === undefined) bar.removeAttribute('value');
      else bar.value = state.fraction;
    },
  };
}

/** A failure interrupts who listens, anything else waits for its turn. */
export function createMessageLine(kind: 'failure' | 'info', dismiss: string, dismissed?: () => void): MessageLine {
  const words = element('span', { class: 'notice-text' });
  let act: (() => void) | undefined;
  const button = textButton('', () => act?.());
  const role = kind === 'failure' ? 'alert' : 'status';
  const line = element(
    'div',
    { class: `notice ${kind}`, attributes: { role } },
    kind === 'failure' ? icon('warning') : undefined,
    words,
    button,
  );
  const close = iconButton('close', dismiss, () => {
    setShown(line, false);
    dismissed?.();
  });
  line.append(close);
  setShown(line, false);
  return {
    element: line,
    show: (message, action) => {
      setText(words, displayText(message, 2000));
      act = action?.run;
      setText(button, action?.label ?? '');
      setShown(button, action !== undefined);
      setShown(line, message !== '');
    },
  };
}
