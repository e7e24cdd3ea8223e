import * as vscode from 'vscode';
import { visibleText } from '../../core/words/foreignText';
import { shownLabel, shownLines, shownMessage } from './shownText';

// What stands in the editor for a while: rows of views, lenses, items of the status bar, texts behind lines, problems,
// tabs. Icons are named apart from the text, in which nothing becomes one.

/** The status bar is shared with everything else. */
const STATUS_LENGTH = 80;

export interface TreeTexts {
  readonly id: string;
  readonly label: string;
  readonly description?: string;
  readonly tooltip?: string;
  /** What a screen reader says. */
  readonly spoken: string;
}

/** A row of a view. The id is not shown, and stays as it is. */
export function treeItem(texts: TreeTexts, state: vscode.TreeItemCollapsibleState): vscode.TreeItem {
  const item = new vscode.TreeItem(shownLabel(texts.label), state);
  item.id = texts.id;
  item.description = texts.description === undefined ? undefined : shownLabel(texts.description);
  item.tooltip = texts.tooltip === undefined ? undefined : shownLines(texts.tooltip);
  item.accessibilityInformation = { label: shownMessage(texts.spoken) };
  return item;
}

export interface LensTexts {
  readonly icon?: string;
  readonly title: string;
  readonly tooltip: string;
  readonly command: string;
  readonly arguments: unknown[];
}

/** What a lens shows and does. */
export function lensCommand({ icon, title, tooltip, ...rest }: LensTexts): vscode.Command {
  return {
    title: `${icon === undefined ? '' : `$(${icon})\u00a0`}${shownLabel(title)}`,
    tooltip: shownLines(tooltip),
    ...rest,
  };
}

/** A lens for something; what it shows may be told later. */
export class Lens<T> extends vscode.CodeLens {
  constructor(
    range: vscode.Range,
    readonly about: T,
    command?: vscode.Command,
  ) {
    super(range, command);
  }
}

export interface StatusTexts {
  readonly icon?: string;
  readonly text: string;
  /** Lines. */
  readonly tooltip: readonly string[];
  readonly spoken: string;
  readonly isWarning: boolean;
}

export interface StatusItem extends vscode.Disposable {
  /** Nothing hides it. */
  show(texts: StatusTexts | undefined): void;
}

/** An item of the status bar, on the left. */
export function createStatusItem(options: {
  readonly id: string;
  readonly name: string;
  readonly priority: number;
  readonly command: string;
}): StatusItem {
  const item = vscode.window.createStatusBarItem(options.id, vscode.StatusBarAlignment.Left, options.priority);
  item.name = options.name;
  item.command = options.command;
  return {
    show(texts) {
      if (!texts) return item.hide();
      const { icon, text, tooltip, spoken, isWarning } = texts;
      item.text = `${icon === undefined ? '' : `$(${icon}) `}${shownLabel(visibleText(text, { limit: STATUS_LENGTH }))}`;
      item.tooltip = shownLines(tooltip.map((line) => shownLabel(line)).join('\n'));
      item.accessibilityInformation = { label: shownMessage(spoken), role: 'button' };
      item.backgroundColor = isWarning ? new vscode.ThemeColor('statusBarItem.warningBackground') : undefined;
      item.show();
    },
    dispose: () => item.dispose(),
  };
}

export interface LanguageStatusTexts {
  readonly text: string;
  readonly detail: string | undefined;
  readonly isBusy: boolean;
  readonly isError: boolean;
  readonly command: vscode.Command;
}

export interface LanguageStatus extends vscode.Disposable {
  show(texts: LanguageStatusTexts): void;
}

/** An item in the language status of files; the editor would make links and icons of both of its texts. */
export function createLanguageStatus(id: string, name: string, selector: vscode.DocumentSelector): LanguageStatus {
  const item = vscode.languages.createLanguageStatusItem(id, selector);
  item.name = name;
  return {
    show({ text, detail, isBusy, isError, command }) {
      const { Information, Error } = vscode.LanguageStatusSeverity;
      item.busy = isBusy;
      item.severity = isError ? Error : Information;
      item.text = shownLabel(text);
      item.detail = detail === undefined ? undefined : shownMessage(detail);
      item.command = command;
    },
    dispose: () => item.dispose(),
  };
}

/** A text behind a line of the source. */
export function textBehind(text: string): vscode.DecorationInstanceRenderOptions {
  return { after: { contentText: shownLabel(text) } };
}

/** A problem of the source, and what is told beside it, about the same place. */
export function problem(
  uri: vscode.Uri,
  range: vscode.Range,
  texts: { readonly message: string; readonly related: string },
  severity: vscode.DiagnosticSeverity,
): vscode.Diagnostic {
  const diagnostic = new vscode.Diagnostic(range, shownLines(texts.message), severity);
  const location = new vscode.Location(uri, range);
  diagnostic.relatedInformation = [new vscode.DiagnosticRelatedInformation(location, shownMessage(texts.related))];
  return diagnostic;
}

/** Names the tab of a page. */
export function entitle(panel: vscode.WebviewPanel, title: string): void {
  const shown = shownLabel(title);
  if (panel.title !== shown) panel.title = shown;
}
