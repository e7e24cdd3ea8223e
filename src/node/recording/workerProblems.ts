import { t } from '@vscode/l10n';
import { errorText, isHeatlensError } from '../../core/errors';

/** Different problems that are told; there are no more than a few ways to fail. */
const MOST_TEXTS = 10;

/** What went wrong with workers, one line for each kind of problem however many they are. */
export interface WorkerProblems {
  add(worker: string, error: unknown): void;
}

/** `replace` is told what a line was, and what it is now. */
export function createWorkerProblems(replace: (before: string | undefined, after: string) => void): WorkerProblems {
  const lines = new Map<string, { readonly first: string; count: number; text?: string }>();
  return {
    add(worker, error) {
      const hasEnded = isHeatlensError(error, 'connectionLost', 'processGone');
      const key = hasEnded ? '' : errorText(error);
      const line = lines.get(key) ?? { first: worker, count: 0 };
      if (!lines.has(key) && lines.size >= MOST_TEXTS) return;
      lines.set(key, line);
      line.count++;
      const before = line.text;
      line.text = hasEnded ? endedText(line.count) : problemText(line.first, line.count, key);
      replace(before, line.text);
    },
  };
}

function endedText(count: number): string {
  return count === 1
    ? t('One worker thread ended before it could be measured.')
    : t('{0} worker threads ended before they could be measured.', count);
}

function problemText(first: string, count: number, text: string): string {
  return count === 1 ? `worker ${first}: ${text}` : `worker ${first} (+ ${count - 1}): ${text}`;
}
