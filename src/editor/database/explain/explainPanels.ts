import * as vscode from 'vscode';
import type { ToExplainPage } from '../../../core/protocol/explain';
import type { Statement } from '../../../core/database/statement';
import { explainPanel } from '../../contributions';
import { followStatements } from '../statements/followStatements';
import type { StatementModel } from '../statements/statementModel';
import { statementText } from '../statements/statementText';
import type { Memory } from '../../workspace/memory';
import { ExplainPage, type ExplainContent, type ExplainPageServices } from './explainPage';
import type { ExplainSession } from './explainSession';
import { StatementContent } from './statementContent';

/** What finds a panel's statement again after the window was reloaded; its numbers are measured anew. */
interface KeptPanel {
  readonly title: string;
  readonly uri: string;
  readonly text: string;
  readonly line: number;
}

export interface ExplainPanelServices extends ExplainPageServices {
  readonly memory: Memory;
  readonly model: StatementModel;
  contentOf(uri: vscode.Uri, session: ExplainSession): StatementContent;
  open(document: vscode.TextDocument, statement: Statement): ExplainSession;
}

const keptKey = 'heatlens.explain.panels';
/** Tabs that were closed before they were shown again are never asked for. */
const MAX_PENDING = 20;

/** The plan views of the window: one for each statement, and one for each saved plan. */
export class ExplainPanels implements vscode.Disposable {
  private readonly pages = new Set<ExplainPage>();
  private lastActive: ExplainPage | undefined;
  /** Of the window before the reload; the editor brings a panel back when its tab is shown. */
  private readonly pending: KeptPanel[];
  private kept = '';

  constructor(private readonly services: ExplainPanelServices) {
    this.pending = (services.memory.get<KeptPanel[]>(keptKey) ?? []).slice(0, MAX_PENDING);
  }

  /** The one in front, else the one that was last. */
  get active(): ExplainPage | undefined {
    return [...this.pages].find(({ panel }) => panel.active) ?? this.lastActive;
  }

  /** Beside the source, which keeps the focus unless a value is asked for. */
  show(uri: vscode.Uri, session: ExplainSession): ExplainPage {
    const known = [...this.pages].find(
      ({ content }) => content instanceof StatementContent && content.session === session,
    );
    if (known) {
      known.panel.reveal(undefined, true);
      return known;
    }
    const content = this.services.contentOf(uri, session);
    const page = this.add(this.createPanel(content.title), content);
    this.keep();
    return page;
  }

  showContent(content: ExplainContent): ExplainPage {
    return this.add(this.createPanel(content.title), content);
  }

  /** A panel that the window had before it was reloaded. */
  async revive(panel: vscode.WebviewPanel): Promise<void> {
    const at = this.pending.findIndex(({ title }) => title === panel.title);
    const [kept] = at < 0 ? [] : this.pending.splice(at, 1);
    const session = kept && (await this.findStatement(kept));
    if (!kept || !session) return panel.dispose();
    this.add(panel, this.services.contentOf(vscode.Uri.parse(kept.uri), session));
    this.keep();
    return undefined;
  }

  command(command: Extract<ToExplainPage, { type: 'command' }>['command']): void {
    this.active?.command(command);
  }

  /** The window closes; the panels stay, to be brought back by the next one. */
  dispose(): void {
    for (const page of this.pages) page.dispose();
    this.pages.clear();
  }

  private createPanel(title: string): vscode.WebviewPanel {
    const viewColumn = vscode.window.activeTextEditor ? vscode.ViewColumn.Beside : vscode.ViewColumn.Active;
    return vscode.window.createWebviewPanel(
      explainPanel,
      title,
      { viewColumn, preserveFocus: true },
      { enableFindWidget: true },
    );
  }

  private add(panel: vscode.WebviewPanel, content: ExplainContent): ExplainPage {
    panel.iconPath = vscode.Uri.joinPath(this.services.extensionUri, 'media', 'icon.svg');
    const page = new ExplainPage(panel, content, this.services);
    this.pages.add(page);
    this.lastActive = page;
    panel.onDidChangeViewState(() => {
      if (panel.active) this.lastActive = page;
    });
    const watching = content.onDidChange(() => this.keep());
    // Closed by the user; a window that closes tells nobody.
    panel.onDidDispose(() => {
      watching.dispose();
      this.pages.delete(page);
      if (this.lastActive === page) this.lastActive = undefined;
      this.keep();
    });
    return page;
  }

  /** Written when something of it changed. */
  private keep(): void {
    const kept = [...this.pages].flatMap(({ content }): KeptPanel[] => {
      if (!(content instanceof StatementContent)) return [];
      const { statement } = content.session;
      return [
        {
          title: content.title,
          uri: content.uri.toString(),
          text: statementText(statement),
          line: statement.span.start.line,
        },
      ];
    });
    const all = [...kept, ...this.pending];
    const text = JSON.stringify(all);
    if (text === this.kept) return;
    this.kept = text;
    void this.services.memory.update(keptKey, all);
  }

  private async findStatement({ uri, text, line }: KeptPanel): Promise<ExplainSession | undefined> {
    const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(uri)).then(
      (opened) => opened,
      () => undefined,
    );
    if (!document) return undefined;
    const statements = this.services.model.statementsOf(document);
    const same = statements.filter((statement) => statementText(statement) === text);
    const near = same.length ? same : statements.filter((statement) => statement.span.start.line === line);
    const [first] = near;
    const [found] = first ? followStatements([{ statement: first, text }], near, statementText) : [];
    return found && this.services.open(document, found);
  }
}
