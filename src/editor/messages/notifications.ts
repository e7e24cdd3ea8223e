import * as vscode from 'vscode';
import { shownMessage } from './shownText';

/** Each resolves to the button that was pressed, undefined when the message was closed. Buttons are our own words. */
export function showError(text: string, ...buttons: string[]): Thenable<string | undefined> {
  return vscode.window.showErrorMessage(shownMessage(text), ...buttons);
}

export function showWarning(text: string, ...buttons: string[]): Thenable<string | undefined> {
  return vscode.window.showWarningMessage(shownMessage(text), ...buttons);
}

export function showInformation(text: string, ...buttons: string[]): Thenable<string | undefined> {
  return vscode.window.showInformationMessage(shownMessage(text), ...buttons);
}
