import * as vscode from 'vscode';
import type { ContextKey } from '../contributions';

export type SetContextKey = (key: ContextKey, value: boolean) => void;

/** Sets keys of `when` clauses; the editor is told of changes only. */
export function createContextKeys(): SetContextKey {
  const told = new Map<ContextKey, boolean>();
  return (key, value) => {
    if (told.get(key) === value) return;
    told.set(key, value);
    void vscode.commands.executeCommand('setContext', key, value);
  };
}
