import { existsSync } from 'node:fs';
import * as vscode from 'vscode';

const KEY = 'heatlens.recentProfiles';
const MOST = 10;

/** Profiles that were opened or exported in this workspace and are still there, the last one first. */
export function recentProfiles(memento: vscode.Memento): vscode.Uri[] {
  return memento
    .get<string[]>(KEY, [])
    .filter((path) => existsSync(path))
    .map((path) => vscode.Uri.file(path));
}

export function rememberProfile(memento: vscode.Memento, uri: vscode.Uri): void {
  if (uri.scheme !== 'file') return;
  const others = memento.get<string[]>(KEY, []).filter((path) => path !== uri.fsPath);
  void memento.update(KEY, [uri.fsPath, ...others].slice(0, MOST));
}
