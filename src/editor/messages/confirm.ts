import * as vscode from 'vscode';
import { shownLines, shownMessage } from './shownText';

export interface Question {
  readonly question: string;
  /** What happens then, and what does not. */
  readonly detail: string;
  /** The button that goes ahead. */
  readonly go: string;
}

/** Asks before something that cannot be taken back, or that others feel: nothing else in the window can be used meanwhile. */
export async function confirm({ question, detail, go }: Question): Promise<boolean> {
  const options = { modal: true, detail: shownLines(detail) };
  return (await vscode.window.showWarningMessage(shownMessage(question), options, go)) === go;
}
