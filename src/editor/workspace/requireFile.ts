import * as vscode from 'vscode';
import { FLAVOUR, whyNotHere } from '../../node/files/readForeignFile';
import { uriRefused } from '../editorErrors';
import { localFolders } from './folders';
import { isOwnFile } from './ownFile';

/** For URIs that came as arguments of commands. Gives it back, or throws `uriRefused`; see `isOwnFile`. */
export function requireFile(uri: vscode.Uri): vscode.Uri {
  const folders = localFolders().map(({ path }) => path);
  if (!isOwnFile(uri, folders, FLAVOUR) || whyNotHere(uri.fsPath, folders)) throw uriRefused(uri.toString());
  return uri;
}

/** The same for what is shown as a document; one that is open already, of whatever kind, leads nowhere new. */
export function requireDocument(uri: vscode.Uri): vscode.Uri {
  const isOpen = vscode.workspace.textDocuments.some((document) => document.uri.toString() === uri.toString());
  return isOpen ? uri : requireFile(uri);
}
