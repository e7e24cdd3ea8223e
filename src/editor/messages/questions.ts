import * as vscode from 'vscode';
import { shownDetail, shownLabel, shownMessage } from './shownText';

/** A row to pick. `icon` is the name of one of the editor's, before the label; nothing in the texts becomes one. */
export interface Choice {
  readonly icon?: string;
  readonly label: string;
  readonly description?: string;
  readonly detail?: string;
  readonly kind?: vscode.QuickPickItemKind;
  readonly picked?: boolean;
  readonly alwaysShow?: boolean;
  readonly buttons?: readonly vscode.QuickInputButton[];
}

/** As the editor gets it, with all that a row keeps for who picks it. */
export type ShownChoice<T> = T & vscode.QuickPickItem & { readonly choice: T };

export function shownChoice<T extends Choice>(choice: T): ShownChoice<T> {
  const { icon, label, description, detail, buttons } = choice;
  return {
    ...choice,
    label: `${icon === undefined ? '' : `$(${icon}) `}${shownLabel(label)}`,
    ...(description === undefined ? {} : { description: shownDetail(description) }),
    ...(detail === undefined ? {} : { detail: shownDetail(detail) }),
    buttons,
    choice,
  };
}

export interface PickOptions {
  readonly title?: string;
  readonly placeHolder?: string;
  readonly matchOnDetail?: boolean;
}

/** The row that was picked; undefined when the list was dismissed. */
export async function pickOne<T extends Choice>(choices: readonly T[], options: PickOptions): Promise<T | undefined> {
  return (await vscode.window.showQuickPick(choices.map(shownChoice), shownOptions(options)))?.choice;
}

/** The rows that are checked; undefined when the list was dismissed. */
export async function pickSeveral<T extends Choice>(
  choices: readonly T[],
  options: PickOptions,
): Promise<T[] | undefined> {
  const items = choices.map(shownChoice);
  const picked = await vscode.window.showQuickPick(items, { ...shownOptions(options), canPickMany: true });
  return picked?.map(({ choice }) => choice);
}

/** A list that changes while it is shown: its rows are made by `shownChoice`. */
export function createPicker<T extends Choice>(options: {
  readonly title: string;
  readonly placeholder: string;
}): vscode.QuickPick<ShownChoice<T>> {
  const pick = vscode.window.createQuickPick<ShownChoice<T>>();
  pick.title = shownMessage(options.title);
  pick.placeholder = shownMessage(options.placeholder);
  return pick;
}

export interface Asked {
  readonly title?: string;
  readonly prompt?: string;
  readonly placeHolder?: string;
  readonly value?: string;
  readonly password?: boolean;
  readonly ignoreFocusOut?: boolean;
  /** What is wrong with a value; undefined where nothing is. */
  readonly problem?: (value: string) => string | undefined;
}

/** A text that is typed; undefined when the box was dismissed. */
export function ask({ title, prompt, placeHolder, problem, ...rest }: Asked): Thenable<string | undefined> {
  const shown = (text: string | undefined): string | undefined => (text === undefined ? undefined : shownMessage(text));
  return vscode.window.showInputBox({
    ...rest,
    title: shown(title),
    prompt: shown(prompt),
    placeHolder: shown(placeHolder),
    ...(problem ? { validateInput: (value: string) => shown(problem(value)) } : {}),
  });
}

export interface FileQuestion {
  readonly title: string;
  /** Endings without their dot, by what the dialog calls them. */
  readonly filters: { readonly [name: string]: string[] };
}

/** The editor's dialog for files to read. */
export function askFiles(
  question: FileQuestion & { readonly several?: boolean; readonly openLabel?: string },
): Thenable<vscode.Uri[] | undefined> {
  const { title, filters, openLabel, several = false } = question;
  return vscode.window.showOpenDialog({ title: shownMessage(title), filters, openLabel, canSelectMany: several });
}

/** The one for a file to write, which asks before it replaces one. */
export function askTarget(
  question: FileQuestion & { readonly defaultUri: vscode.Uri },
): Thenable<vscode.Uri | undefined> {
  const { title, filters, defaultUri } = question;
  return vscode.window.showSaveDialog({ title: shownMessage(title), filters, defaultUri });
}

function shownOptions({ title, placeHolder, ...rest }: PickOptions): vscode.QuickPickOptions {
  return {
    ...rest,
    ...(title === undefined ? {} : { title: shownMessage(title) }),
    ...(placeHolder === undefined ? {} : { placeHolder: shownMessage(placeHolder) }),
  };
}
