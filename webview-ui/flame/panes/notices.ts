import { element, setShown, setText } from '../../common/dom';
import { createMessageLine, createProgressLine } from '../../common/notices';
import { text } from '../model/strings';

export interface Notices {
  readonly element: HTMLElement;
  /** Undefined ends it. `fraction` 0..1. */
  progress(state: { readonly text: string; readonly fraction?: number } | undefined): void;
  failure(message: string, nextStep: string): void;
  info(message: string): void;
  /** What was wrong with the file. */
  problems(list: readonly string[]): void;
  clearFailure(): void;
}

/** Lines between the controls and the picture; they leave the picture as it is. */
export function createNotices(cancel: () => void): Notices {
  const progress = createProgressLine(text('status.busy'), { label: text('cancel'), run: cancel });
  const failure = createMessageLine('failure', text('dismiss'));
  const info = createMessageLine('info', text('dismiss'));
  const summary = element('summary');
  const list = element('ul');
  const problemLine = element('details', { class: 'notice problems' }, summary, list);
  setShown(problemLine, false);

  return {
    element: element('div', { class: 'notices' }, progress.element, failure.element, info.element, problemLine),
    progress: progress.show,
    failure: (message, nextStep) => failure.show(`${message} ${nextStep}`.trim()),
    info: (message) => info.show(message),
    problems: (problems) => {
      setShown(problemLine, problems.length > 0);
      setText(summary, problems.length === 1 ? text('problems.one') : text('problems', String(problems.length)));
      list.replaceChildren(...problems.map((problem) => element('li', {}, problem)));
    },
    clearFailure: () => failure.show(''),
  };
}
