import * as vscode from 'vscode';

type Show = (message: string, ...items: unknown[]) => Thenable<unknown>;

/** What the user is asked and told while a task runs, and what it gives. */
export interface Told<T> {
  readonly result: T;
  readonly questions: readonly string[];
  readonly errors: readonly string[];
}

/**
 * Runs a task while modal questions are answered: the workbench shows none in tests. The button that goes ahead is the
 * last one.
 */
export async function whileAnswering<T>(answer: 'go' | 'cancel', task: () => Thenable<T>): Promise<Told<T>> {
  const window = vscode.window as unknown as Record<'showWarningMessage' | 'showErrorMessage', Show>;
  const { showWarningMessage, showErrorMessage } = window;
  const questions: string[] = [];
  const errors: string[] = [];
  window.showWarningMessage = (message, ...items) => {
    const isModal = items.some((item) => (item as vscode.MessageOptions | undefined)?.modal);
    if (!isModal) return showWarningMessage.call(vscode.window, message, ...items);
    questions.push(message);
    return Promise.resolve(answer === 'go' ? items.at(-1) : undefined);
  };
  window.showErrorMessage = (message) => {
    errors.push(message);
    return Promise.resolve(undefined);
  };
  try {
    return { result: await task(), questions, errors };
  } finally {
    Object.assign(window, { showWarningMessage, showErrorMessage });
  }
}

/** Runs a command with what a caller gives it, and goes ahead where it asks. */
export async function executeAndGo<T>(command: string, ...args: unknown[]): Promise<T> {
  return (await whileAnswering('go', () => vscode.commands.executeCommand<T>(command, ...args))).result;
}
