import * as vscode from 'vscode';
import type { FoundStatements } from '../../../node/database/mongo/statementService';
import { Lens, lensCommand } from '../../messages/items';

type Why = NonNullable<FoundStatements['unread']>['why'];

/** Where a file was not read to its end: that it was not, and why. */
export function unreadLens(document: vscode.TextDocument, { unread }: FoundStatements): vscode.CodeLens[] {
  if (!unread) return [];
  const range = document.validateRange(new vscode.Range(unread.line, 0, unread.line, 0));
  const title = vscode.l10n.t('Queries from here on may be missing or incomplete: {0}', reason(unread.why));
  return [new Lens(range, unread, lensCommand({ icon: 'info', title, tooltip: title, command: '', arguments: [] }))];
}

function reason(why: Why): string {
  switch (why) {
    case 'size':
      return vscode.l10n.t('the file is too large');
    case 'time':
      return vscode.l10n.t('reading them takes too long');
    case 'steps':
      return vscode.l10n.t('there is too much to follow');
    case 'count':
      return vscode.l10n.t('there are more than are shown');
    case 'depth':
      return vscode.l10n.t('the code is nested too deeply');
    case 'memory':
      return vscode.l10n.t('reading them needs too much memory');
    case 'failed':
      return vscode.l10n.t('reading them failed');
  }
}
