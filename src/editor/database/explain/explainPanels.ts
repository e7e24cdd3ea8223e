import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import type { ExplainPageCommand } from '../../../core/protocol/explain';
import type { Statement } from '../../../core/database/statement';
import { explainPanel } from '../../contributions';
import { ContentPage, type ContentPageServices } from '../../webview/contentPage';
import { KeptPanels } from '../../webview/keptPanels';
import { createPanel, PageSet } from '../../webview/pageSet';
import { followStatements } from '../statements/followStatements';
import type { StatementModel } from '../statements/statementModel';
import { statementText } from '../statements/statementText';
import type { Memory } from '../../workspace/memory';
import { explainPageKind, type ExplainContent, type ExplainPage } from './explainPage';
import type { ExplainSession } from './explainSession';
import { StatementContent } from './statementContent';

/** What finds a panel's statement again after the window was reloaded; its numbers are measured anew. */
interface KeptStatement {
  readonly key: string;
  readonly uri: string;
  readonly text: string;
  readonly line: number;
}

export interface ExplainPanelServices extends ContentPageServices {
  readonly memory: Memory;
  readonly model: StatementModel;
  contentOf(uri: vscode.Uri, session: ExplainSession): StatementContent;
  open(document: vscode.TextDocument, statement: Statement): ExplainSession;
}

/** The plan views of the window: one for each statement, and one for each saved plan. */
export class ExplainPanels implements vscode.Disposable {
  private readonly pages = new PageSet<ExplainPage>();
  private readonly kept: KeptPanels<KeptStatement>;
  /** Of the pages that show statements. */
  private readonly keys = new WeakMap<ExplainPage, string>();

  constructor(private readonly services: ExplainPanelServices) {
    this.kept = new KeptPanels(services.memory, 'heatlens.explain.panels');
  }

  /** The one in front, else the one that was last. */
  get active(): ExplainPage | undefined {
    return this.pages.active;
  }

  /** Beside the source, which keeps the focus unless a value is asked for. */
  show(uri: vscode.Uri, session: ExplainSession): ExplainPage {
    const known = this.pages
      .all()
      .find(({ content }) => content instanceof StatementContent && content.session === session);
    if (known) {
      known.panel.reveal(undefined, true);
      return known;
    }
    const content = this.services.contentOf(uri, session);
    return this.add(newPanel(content.title), content, randomUUID());
  }

  showContent(content: ExplainContent): ExplainPage {
    return this.add(newPanel(content.title), content);
  }

  /** A panel that the window had before it was reloaded, with the state of its page. */
  async revive(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const kept = this.kept.take(state);
    const session = kept && (await this.findStatement(kept));
    if (!kept || !session) return panel.dispose();
    this.add(panel, this.services.contentOf(vscode.Uri.parse(kept.uri), session), kept.key);
    return undefined;
  }

  command(command: ExplainPageCommand): void {
    this.active?.host.sendOnceShown({ type: 'command', command });
  }

  /** The window closes; the panels stay, to be brought back by the next one. */
  dispose(): void {
    for (const page of this.pages.all()) page.dispose();
  }

  /** Without a key it is not kept for the next window. */
  private add(panel: vscode.WebviewPanel, content: ExplainContent, key?: string): ExplainPage {
    panel.iconPath = vscode.Uri.joinPath(this.services.extensionUri, 'media', 'icon.svg');
    const watching = content.onDidChange(() => this.keep());
    const page = this.pages.add(new ContentPage(panel, content, explainPageKind, this.services, key), () => {
      watching.dispose();
      this.keep();
    });
    if (key !== undefined) this.keys.set(page, key);
    this.keep();
    return page;
  }

  private keep(): void {
    const open = this.pages.all().flatMap((page): KeptStatement[] => {
      const { content } = page;
      const key = this.keys.get(page);
      if (key === undefined || !(content instanceof StatementContent)) return [];
      const { statement } = content.session;
      return [{ key, uri: content.uri.toString(), text: statementText(statement), line: statement.span.start.line }];
    });
    this.kept.keep(open);
  }

  private async findStatement({ uri, text, line }: KeptStatement): Promise<ExplainSession | undefined> {
    const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(uri)).then(
      (opened) => opened,
      () => undefined,
    );
    if (!document) return undefined;
    const { statements } = await this.services.model.ready(document);
    const same = statements.filter((statement) => statementText(statement) === text);
    const near = same.length ? same : statements.filter((statement) => statement.span.start.line === line);
    const [first] = near;
    const [found] = first ? followStatements([{ statement: first, text }], near, statementText) : [];
    return found && this.services.open(document, found);
  }
}

function newPanel(title: string): vscode.WebviewPanel {
  return createPanel(explainPanel, title, { preserveFocus: true, enableFindWidget: true });
}
