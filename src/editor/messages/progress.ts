import * as vscode from 'vscode';
import { shownMessage } from './shownText';

const PATIENCE_MS = 1500;

export interface ProgressReporter {
  readonly signal: AbortSignal;
  report(message: string): void;
}

/**
 * Runs a task that is usually quick: a cancellable notification appears only when it takes longer than 1.5 s, so that
 * attaching to a healthy process stays silent.
 */
export async function withQuietProgress<T>(
  title: string,
  task: (reporter: ProgressReporter) => Promise<T>,
): Promise<T> {
  const abort = new AbortController();
  let latest = '';
  let show: ((message: string) => void) | undefined;
  const running = task({
    signal: abort.signal,
    report(message) {
      latest = message;
      show?.(message);
    },
  });
  const settled = running.then(
    () => true,
    () => true,
  );
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<false>((resolve) => (timer = setTimeout(() => resolve(false), PATIENCE_MS)));
  const done = await Promise.race([settled, patience]);
  clearTimeout(timer);
  if (!done) {
    void withProgress(title, async (progress, token) => {
      const cancellation = token.onCancellationRequested(() => abort.abort());
      show = (message) => progress.report({ message });
      if (latest) show(latest);
      await settled;
      cancellation.dispose();
    });
  }
  return running;
}

/** `increment` is in percent of the whole. */
export type Progress = vscode.Progress<{ readonly message?: string; readonly increment?: number }>;

/** A notification for as long as a task runs, which can be cancelled. */
export function withProgress<T>(
  title: string,
  task: (progress: Progress, token: vscode.CancellationToken) => Promise<T>,
): Thenable<T> {
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: shownMessage(title), cancellable: true },
    (progress, token) =>
      task(
        {
          report: ({ message, ...rest }) =>
            progress.report(message === undefined ? rest : { ...rest, message: shownMessage(message) }),
        },
        token,
      ),
  );
}

/** The same in the status bar, for what needs no more than a sign that it runs. */
export function withStatusProgress<T>(title: string, task: () => Promise<T>): Thenable<T> {
  return vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title: shownMessage(title) }, task);
}
