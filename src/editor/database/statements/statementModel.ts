import * as vscode from 'vscode';
import { DisposableStore } from '../../../core/disposable';
import { Emitter } from '../../../core/emitter';
import type { Statement } from '../../../core/database/statement';
import { createStatementFinder, type StatementFinder } from '../../../core/database/mongo/calls/findStatements';
import type { Span } from '../../../core/positions';
import { createImportedFiles } from '../../../node/database/mongo/importedFiles';
import { statementLanguages } from '../../contributions';
import { localFolders } from '../../workspace/folders';
import { mentionsStatement } from './mentionsStatement';

/** Typing goes on undisturbed; what is shown follows when it rests so long, ms. */
const EDIT_PAUSE_MS = 250;
/** Generated and minified files have no queries that people look at. */
const MAX_CHARACTERS = 2_000_000;

interface Known {
  readonly finder: StatementFinder;
  version: number;
  statements: readonly Statement[];
}

/** The statements of open documents. Found when asked for, once per version; a new version reads only what an edit changed. */
export class StatementModel implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new Emitter<vscode.TextDocument>());
  private readonly known = new Map<string, Known>();
  private readonly pauses = new Map<string, NodeJS.Timeout>();
  private readonly imported = createImportedFiles(() => localFolders().map(({ path }) => path));

  /** Edits of a document have rested; or what it imports has changed. */
  readonly onDidChange = this.changed.event;

  constructor() {
    this.store.add(vscode.workspace.onDidChangeTextDocument(({ document }) => this.edited(document)));
    this.store.add(vscode.workspace.onDidSaveTextDocument((document) => this.saved(document)));
    this.store.add(vscode.workspace.onDidCloseTextDocument((document) => this.forget(document)));
  }

  /** In order; empty for a language without statements. */
  statementsOf(document: vscode.TextDocument): readonly Statement[] {
    if (!isSource(document)) return [];
    const id = document.uri.toString();
    const before = this.known.get(id);
    if (before?.version === document.version) return before.statements;
    const text = textToRead(document);
    if (text === undefined) return [];
    const known = before ?? this.begin(document, id);
    known.statements = known.finder.find(text);
    known.version = document.version;
    return known.statements;
  }

  /** Parses a document that is new here bit by bit, so that a large one does not hold up what the editor does meanwhile. */
  async prepare(document: vscode.TextDocument): Promise<void> {
    const id = document.uri.toString();
    if (!isSource(document) || this.known.has(id)) return;
    const text = textToRead(document);
    if (text !== undefined)
      await this.begin(document, id).finder.prepare(text, () => new Promise((resolve) => setImmediate(resolve)));
  }

  dispose(): void {
    for (const pause of this.pauses.values()) clearTimeout(pause);
    this.pauses.clear();
    this.known.clear();
    this.store.dispose();
  }

  private begin(document: vscode.TextDocument, id: string): Known {
    const finder = createStatementFinder(document.uri.fsPath, {
      resolveImport: (from, specifier) => this.resolve(from, specifier),
    });
    const known: Known = { finder, version: -1, statements: [] };
    this.known.set(id, known);
    return known;
  }

  /** What is typed into an imported file counts before it is saved. */
  private resolve(from: string, specifier: string): { readonly fileName: string; readonly text: string } | undefined {
    const file = this.imported.resolveImport(from, specifier);
    const open =
      file &&
      vscode.workspace.textDocuments.find((document) => document.isDirty && document.uri.fsPath === file.fileName);
    return open ? { fileName: file.fileName, text: open.getText() } : file;
  }

  private edited(document: vscode.TextDocument): void {
    if (!isSource(document)) return;
    const id = document.uri.toString();
    clearTimeout(this.pauses.get(id));
    const pause = setTimeout(() => {
      this.pauses.delete(id);
      this.changed.fire(document);
    }, EDIT_PAUSE_MS);
    this.pauses.set(id, pause);
  }

  /** Others may import it. */
  private saved(document: vscode.TextDocument): void {
    if (!isSource(document)) return;
    for (const other of vscode.workspace.textDocuments) {
      const known = this.known.get(other.uri.toString());
      if (!known || other === document) continue;
      known.version = -1;
      this.changed.fire(other);
    }
  }

  private forget(document: vscode.TextDocument): void {
    const id = document.uri.toString();
    clearTimeout(this.pauses.get(id));
    this.pauses.delete(id);
    this.known.delete(id);
  }
}

/** Undefined where there can be no statement that people look at. */
function textToRead(document: vscode.TextDocument): string | undefined {
  const text = document.getText();
  return text.length > MAX_CHARACTERS || !mentionsStatement(text) ? undefined : text;
}

export function isSource(document: vscode.TextDocument): boolean {
  return document.uri.scheme === 'file' && (statementLanguages as readonly string[]).includes(document.languageId);
}

/** Kept inside the document, which may be shorter by now. */
export function rangeOf(document: vscode.TextDocument, { start, end }: Span): vscode.Range {
  return document.validateRange(new vscode.Range(start.line, start.column, end.line, end.column));
}
