import * as vscode from 'vscode';
import { DisposableStore } from '../../../../core/disposable';
import { commandId, statementLanguages } from '../../../contributions';
import { createLanguageStatus } from '../../../messages/items';
import type { MongoConnections } from './mongoConnections';
import { serverText } from './serverText';
import { folderOf } from '../../connections/folderOf';

/** In the language status of a source file: what its folder explains against, and how the connection does. */
export class MongoStatus implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly item = this.store.add(
    createLanguageStatus(
      'heatlens.mongo',
      'MongoDB',
      statementLanguages.map((language) => ({ language, scheme: 'file' })),
    ),
  );

  constructor(private readonly connections: MongoConnections) {
    this.store.add(connections.open.onDidChange(() => this.render()));
    this.store.add(vscode.window.onDidChangeActiveTextEditor(() => this.render()));
    this.render();
  }

  dispose(): void {
    this.store.dispose();
  }

  private render(): void {
    const uri = vscode.window.activeTextEditor?.document.uri;
    const choice = this.connections.saved.choice(folderOf(uri));
    const status = choice && this.connections.open.status(choice.id);
    this.item.show({
      text: status
        ? `MongoDB: ${[status.name, choice?.database].filter(Boolean).join(' · ')}`
        : vscode.l10n.t('MongoDB: no connection'),
      detail: status?.failure ?? (status?.connection ? serverText(status.connection.server) : undefined),
      isBusy: status?.state === 'connecting',
      isError: status?.state === 'failed',
      command: {
        title: status ? vscode.l10n.t('Change') : vscode.l10n.t('Choose'),
        command: commandId('pickMongoConnection'),
      },
    });
  }
}
