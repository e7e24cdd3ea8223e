import * as vscode from 'vscode';
import { shownMessage } from './shownText';

/** Says in the status bar what was done, for `ms`. */
export function tell(text: string, ms: number): void {
  vscode.window.setStatusBarMessage(shownMessage(text), ms);
}

export async function toClipboard(text: string): Promise<void> {
  await vscode.env.clipboard.writeText(text);
  tell(vscode.l10n.t('Copied'), 3000);
}
