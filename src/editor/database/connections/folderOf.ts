import * as vscode from 'vscode';

/** The workspace folder that connections are chosen for: the file's, else the first one; '' where none is open. */
export function folderOf(uri: vscode.Uri | undefined): string {
  const folder = (uri && vscode.workspace.getWorkspaceFolder(uri)) ?? vscode.workspace.workspaceFolders?.[0];
  return folder?.uri.toString() ?? '';
}

/** Of the active editor. */
export function activeFolder(): string {
  return folderOf(vscode.window.activeTextEditor?.document.uri);
}

/** For a person; undefined where there is only one to mean. */
export function folderName(folder: string): string | undefined {
  const { workspaceFolders = [] } = vscode.workspace;
  return workspaceFolders.length > 1 ? workspaceFolders.find(({ uri }) => uri.toString() === folder)?.name : undefined;
}
