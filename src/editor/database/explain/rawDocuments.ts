import * as vscode from 'vscode';

const SCHEME = 'heatlens-explain';
const MAX_KEPT = 20;

/** Raw answers as read-only JSON documents; the oldest are forgotten. */
export class RawDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly texts = new Map<string, string>();
  private readonly registration = vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);
  private count = 0;

  async open(name: string, text: string): Promise<void> {
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${++this.count}/${name.replace(/[^\w.-]+/g, '-')}.json` });
    this.texts.set(uri.toString(), text);
    const [oldest] = this.texts.keys();
    if (this.texts.size > MAX_KEPT && oldest !== undefined) this.texts.delete(oldest);
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document, { preview: true, viewColumn: vscode.ViewColumn.Active });
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return (
      this.texts.get(uri.toString()) ?? vscode.l10n.t('This result is no longer available. Explain the query again.')
    );
  }

  dispose(): void {
    this.registration.dispose();
    this.texts.clear();
  }
}
