import { planUnreadable } from '../errors/databaseErrors';
import { basename, dirname } from 'node:path';
import * as vscode from 'vscode';
import { isHeatlensError } from '../../../core/errors';
import type { ExplainRun } from '../../../core/database/explainRun';
import { runView } from '../../../core/database/mongo/run/runView';
import { savedRun } from '../../../core/database/mongo/run/savedRun';
import { readForeignText } from '../../../node/files/readForeignFile';
import type { ToExplainPage } from '../../../core/protocol/explain';
import { askFiles } from '../../messages/questions';
import { requireDocument } from '../../workspace/requireFile';
import type { ExplainContent, ExplainPageEvent } from './explainPage';
import { planTooLarge } from '../errors/databaseErrors';

/** Servers answer with 16 MB at most; indented text is a few times as long. */
const MAX_CHARACTERS = 200_000_000;

/** The file that was clicked, else the JSON of the active editor, else one that is asked for. */
export async function choosePlanFile(clicked: unknown): Promise<vscode.Uri | undefined> {
  if (clicked instanceof vscode.Uri) return requireDocument(clicked);
  const document = vscode.window.activeTextEditor?.document;
  if (document && /^jsonc?$/.test(document.languageId)) return document.uri;
  const [chosen] =
    (await askFiles({
      title: vscode.l10n.t('Open Saved Explain Result'),
      openLabel: vscode.l10n.t('Open'),
      filters: { [vscode.l10n.t('Explain results')]: ['json'], [vscode.l10n.t('All files')]: ['*'] },
    })) ?? [];
  return chosen;
}

/** A saved explain result; of an open document what is in the editor. */
export async function readPlanFile(uri: vscode.Uri): Promise<{ readonly run: ExplainRun; readonly raw: string }> {
  const name = basename(uri.path);
  const raw = await textOf(uri, name);
  return { run: savedRun(raw, name), raw };
}

/** A plan of a file as a page shows it. */
export function planContent(
  title: string,
  run: ExplainRun,
  raw: string,
  receive: (message: ExplainPageEvent) => void,
): ExplainContent {
  const message: ToExplainPage = { type: 'run', run, view: runView(run), raw, history: [] };
  return { title, onDidChange: () => new vscode.Disposable(() => undefined), messages: () => [message], receive };
}

async function textOf(uri: vscode.Uri, name: string): Promise<string> {
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  if (open) return open.getText();
  if (uri.scheme === 'file') {
    // The user chose it, on whatever disk; a pipe or a device is none of his files.
    const limits = { maxBytes: MAX_CHARACTERS, given: [dirname(uri.fsPath)] };
    const file = await readForeignText(uri.fsPath, limits);
    if (!('problem' in file)) return file.text;
    throw file.problem === 'too-large' ? planTooLarge(name) : planUnreadable(name, new Error(file.detail));
  }
  try {
    const { type, size } = await vscode.workspace.fs.stat(uri);
    if (size > MAX_CHARACTERS) throw planTooLarge(name);
    if (!(type & vscode.FileType.File)) throw planUnreadable(name, new Error(vscode.l10n.t('it is not a file')));
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
  } catch (error) {
    if (isHeatlensError(error)) throw error;
    throw planUnreadable(name, error);
  }
}
