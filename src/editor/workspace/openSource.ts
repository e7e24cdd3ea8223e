import * as vscode from 'vscode';
import type { RemoteDirectory } from '../../core/source/pathMapping';
import { lookAtForeignFile } from '../../node/files/readForeignFile';
import { fileNotOpened } from '../editorErrors';
import { localFolders } from './folders';

/**
 * The document of a source that a profile or a map names by an absolute path, as the workspace shows it. A map may have
 * brought the text along, so that nobody has looked yet whether there is such a file. Throws `fileNotOpened` where there
 * is none, where it is no plain file, and for one of another machine that no folder or mapping of the user leads to.
 */
export async function openSource(path: string, mappings: readonly RemoteDirectory[]): Promise<vscode.TextDocument> {
  const open = vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === 'file' && uri.fsPath === path);
  if (open) return open;
  const given = [...localFolders().map((folder) => folder.path), ...mappings.map(({ local }) => local)];
  const problem = await lookAtForeignFile(path, { given });
  if (problem) throw fileNotOpened(problem.detail);
  return vscode.workspace.openTextDocument(vscode.Uri.file(path));
}
