import * as vscode from 'vscode';
import { errorText, isHeatlensError } from '../../core/errors';
import { commandId } from '../contributions';
import type { Log } from './log';
import { showError, showInformation, showWarning } from './notifications';

/** The only place that notifies: errors, lost targets and what became of them, and never the same text twice in a row. */
export interface Notify {
  error(error: unknown): void;
  warn(message: string): void;
  /** What was warned of is no longer so. */
  inform(message: string): void;
}

const QUIET_MS = 5000;

export function createNotify(log: Log): Notify {
  let lastText = '';
  let lastAt = 0;
  const isRepeat = (text: string): boolean => {
    const repeat = text === lastText && Date.now() - lastAt < QUIET_MS;
    lastText = text;
    lastAt = Date.now();
    return repeat;
  };
  const offer = async (shown: Thenable<string | undefined>, openLog: string): Promise<void> => {
    if ((await shown) === openLog) await vscode.commands.executeCommand(commandId('openLog'));
  };

  return {
    error(error) {
      if (isAbort(error)) return;
      log.error(error instanceof Error ? `${errorText(error)}\n${stackOf(error)}` : String(error));
      const text = isHeatlensError(error)
        ? error.oneLine
        : vscode.l10n.t('Heatlens failed: {0}. The log has the details.', errorText(error).replace(/\.$/, ''));
      const openLog = vscode.l10n.t('Open Log');
      if (!isRepeat(text)) void offer(showError(text, openLog), openLog);
    },
    warn(message) {
      log.warn(message);
      const openLog = vscode.l10n.t('Open Log');
      if (!isRepeat(message)) void offer(showWarning(message, openLog), openLog);
    },
    inform(message) {
      log.info(message);
      if (!isRepeat(message)) void showInformation(message);
    },
  };
}

export function isAbort(error: unknown): boolean {
  return error instanceof vscode.CancellationError || (error instanceof Error && error.name === 'AbortError');
}

function stackOf(error: Error): string {
  const cause = error.cause instanceof Error ? `\ncaused by ${error.cause.stack ?? error.cause.message}` : '';
  return (error.stack ?? '') + cause;
}
