import * as vscode from 'vscode';

export interface Folder {
  readonly name: string;
  /** Absolute. */
  readonly path: string;
}

/** Workspace folders on this machine's disk. */
export function localFolders(): Folder[] {
  return (vscode.workspace.workspaceFolders ?? [])
    .filter((folder) => folder.uri.scheme === 'file')
    .map((folder) => ({ name: folder.name, path: folder.uri.fsPath }));
}
