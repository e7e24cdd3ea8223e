import * as vscode from 'vscode';
import { shownLabel } from '../messages/shownText';

/** The open pages of one kind, and the one that commands are for. */
export class PageSet<P extends { readonly panel: vscode.WebviewPanel }> {
  private readonly pages = new Set<P>();
  private last: P | undefined;

  /** The one in front, else the one that was last. */
  get active(): P | undefined {
    return this.all().find(({ panel }) => panel.active) ?? this.last;
  }

  all(): P[] {
    return [...this.pages];
  }

  /** Until its panel is closed, of which `closed` is told. A window that closes tells nobody. */
  add(page: P, closed: () => void): P {
    this.pages.add(page);
    this.last = page;
    page.panel.onDidChangeViewState(() => {
      if (page.panel.active) this.last = page;
    });
    page.panel.onDidDispose(() => {
      this.pages.delete(page);
      if (this.last === page) this.last = undefined;
      closed();
    });
    return page;
  }
}

/** A panel beside the source that is looked at. */
export function createPanel(
  viewType: string,
  title: string,
  options: { readonly preserveFocus?: boolean; readonly enableFindWidget?: boolean } = {},
): vscode.WebviewPanel {
  const { preserveFocus = false, ...others } = options;
  const viewColumn = vscode.window.activeTextEditor ? vscode.ViewColumn.Beside : vscode.ViewColumn.Active;
  return vscode.window.createWebviewPanel(viewType, shownLabel(title), { viewColumn, preserveFocus }, others);
}
