import * as vscode from 'vscode';
import { workspaceNotTrusted } from '../editorErrors';

/** Attaching runs code inside other processes, and launching runs the workspace's: both need its trust. */
export function requireTrust(): void {
  if (!vscode.workspace.isTrusted) throw workspaceNotTrusted();
}
