import * as vscode from 'vscode';
import { redact } from '../../core/redact';
import { loggedText } from './shownText';

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
    info: (message) => channel.info(loggedText(redact(message))),
    warn: (message) => channel.warn(loggedText(redact(message))),
    error: (message) => channel.error(loggedText(redact(message))),
    show: () => channel.show(true),
    dispose: () => channel.dispose(),
  };
}
