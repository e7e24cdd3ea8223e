import * as vscode from 'vscode';
import { redact } from '../../core/redact';
import { withoutMiddle } from '../../core/words/foreignText';
import { LOG_LENGTH, loggedText } from './shownText';

/** The output channel; what goes through here is redacted, and text of others in it is text. */
export interface Log extends vscode.Disposable {
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
  show(): void;
}

export function createLog(): Log {
  const channel = vscode.window.createOutputChannel('Heatlens', { log: true });
  return {
    info: (message) => channel.info(entry(message)),
    warn: (message) => channel.warn(entry(message)),
    error: (message) => channel.error(entry(message)),
    show: () => channel.show(true),
    dispose: () => channel.dispose(),
  };
}

/**
 * A text that is far too long is cut twice: what stands beside the first cut, where a secret may have lost the half by
 * which it is known, goes with the second one.
 */
function entry(message: string): string {
  return loggedText(redact(withoutMiddle(message, 2 * LOG_LENGTH)));
}
