import { element, setShown, setText } from '../dom';
import { icon } from '../icons';
import { text } from '../strings';
import { iconButton } from './toolbar';

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
  const progressText = element('span');
  const bar = element('progress', { attributes: { max: '1', 'aria-label': text('status.busy') } });
  const cancelButton = element('button', { class: 'button', attributes: { type: 'button' } }, text('cancel'));
  cancelButton.addEventListener('click', cancel);
  const progressLine = element('div', { class: 'notice progress', attributes: { role: 'status' } }, progressText, bar, cancelButton);

  const failureText = element('span', { class: 'notice-text' });
  const failureLine = element('div', { class: 'notice failure', attributes: { role: 'alert' } }, icon('warning'), failureText);
  failureLine.append(iconButton('close', text('dismiss'), () => setShown(failureLine, false)));

  const infoText = element('span', { class: 'notice-text' });
  const infoLine = element('div', { class: 'notice info', attributes: { role: 'status' } }, infoText);
  infoLine.append(iconButton('close', text('dismiss'), () => setShown(infoLine, false)));

  const summary = element('summary');
  const list = element('ul');
  const problemLine = element('details', { class: 'notice problems' }, summary, list);
  const lines = [progressLine, failureLine, infoLine, problemLine];
  for (const line of lines) setShown(line, false);

  return {
    element: element('div', { class: 'notices' }, ...lines),
    progress: (state) => {
      setShown(progressLine, state !== undefined);
      if (!state) return;
      setText(progressText, state.text);
      if (state.fraction === undefined) bar.removeAttribute('value');
      else bar.value = state.fraction;
    },
    failure: (message, nextStep) => {
      setText(failureText, `${message} ${nextStep}`.trim());
      setShown(failureLine, true);
    },
    info: (message) => {
      setText(infoText, message);
      setShown(infoLine, message !== '');
    },
    problems: (problems) => {
      setShown(problemLine, problems.length > 0);
      setText(summary, problems.length === 1 ? text('problems.one') : text('problems', String(problems.length)));
      list.replaceChildren(...problems.map((problem) => element('li', {}, problem)));
    },
    clearFailure: () => setShown(failureLine, false),
  };
}
