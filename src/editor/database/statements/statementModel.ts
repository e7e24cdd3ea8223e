import * as vscode from 'vscode';
import { DisposableStore } from '../../../core/disposable';
import { Emitter } from '../../../core/emitter';
import type { Statement } from '../../../core/database/statement';
import type { Span } from '../../../core/positions';
import {
  createStatementService,
  type FoundStatements,
  type StatementService,
} from '../../../node/database/mongo/statementService';
import { statementLanguages } from '../../contributions';
import { localFolders } from '../../workspace/folders';
import { isSmallEnough, mayHoldStatements } from './mentionsStatement';
import { moveStatements, type Edit } from './moveStatements';
import { carryStatementText, keepStatementText } from './statementText';

/** Typing goes on undisturbed; what is shown follows when it rests so long, ms. */
const EDIT_PAUSE_MS = 250;
/** Instead of a version: an imported file changed since, or not all was found yet. */
const OUTDATED = -1;
const PARTIAL = -2;
/** Versions that a caller waits for, while somebody goes on typing. */
const MAX_WAITS = 50;

interface Known extends FoundStatements {
  /** Of the text that they were found in; below 0 for a list of no version. */
  readonly version: number;
}

interface Asked {
  readonly version: number;
  readonly answer: Promise<void>;
}

/**
 * The statements of open documents, found in a thread of its own. A caller gets what is known: while a version is read, that of the
 * one before, moved by the edits since.
 */
export class StatementModel implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new Emitter<vscode.TextDocument>());
  private readonly known = new Map<string, Known>();
  private readonly asked = new Map<string, Asked>();
  private readonly pauses = new Map<string, NodeJS.Timeout>();
  /** Versions of what is not saved, by path, as the thread has them. */
  private readonly unsaved = new Map<string, number>();

  /** What is known of a document is another; or what it imports has changed. */
  readonly onDidChange = this.changed.event;

  constructor(private readonly service: StatementService = createStatementService({ onStatement: keepStatementText })) {
    this.store.add(service);
    this.store.add(vscode.workspace.onDidChangeTextDocument((event) => this.edited(event)));
    this.store.add(vscode.workspace.onDidSaveTextDocument((document) => this.saved(document)));
    this.store.add(vscode.workspace.onDidCloseTextDocument((document) => this.forget(document)));
  }

  /** In order; empty for a language without statements, and for a document that was not read yet. */
  statementsOf(document: vscode.TextDocument): readonly Statement[] {
    return this.knownOf(document)?.statements ?? [];
  }

  /** What is known now; undefined for a document that was not read yet. What is missing is looked for: `onDidChange` tells of it. */
  knownOf(document: vscode.TextDocument): FoundStatements | undefined {
    if (!isSource(document)) return NOTHING;
    const known = this.known.get(document.uri.toString());
    if (known?.version !== document.version) void this.read(document);
    return this.known.get(document.uri.toString());
  }

  /** The same of the present version; whoever goes on typing is waited for. */
  async ready(document: vscode.TextDocument): Promise<FoundStatements> {
    const id = document.uri.toString();
    if (!isSource(document)) return NOTHING;
    for (let waits = 0; waits < MAX_WAITS && this.known.get(id)?.version !== document.version; waits++) {
      if (document.isClosed) break;
      await this.read(document);
    }
    return this.known.get(id) ?? NOTHING;
  }

  dispose(): void {
    for (const pause of this.pauses.values()) clearTimeout(pause);
    this.pauses.clear();
    this.known.clear();
    this.asked.clear();
    this.store.dispose();
  }

  /** Asks for the present version, unless it is being read already. */
  private read(document: vscode.TextDocument): Promise<void> {
    const id = document.uri.toString();
    const { version } = document;
    const before = this.asked.get(id);
    if (before?.version === version) return before.answer;
    if (!mayHoldStatements(document)) {
      if (before) this.service.forget(id);
      this.asked.delete(id);
      this.known.set(id, { ...NOTHING, version });
      return Promise.resolve();
    }
    const asked: Asked = { version, answer: this.find(document, id, version) };
    this.asked.set(id, asked);
    void asked.answer.then(() => {
      if (this.asked.get(id) === asked) this.asked.delete(id);
    });
    return asked.answer;
  }

  private async find(document: vscode.TextDocument, id: string, version: number): Promise<void> {
    this.tellUnsaved();
    const found = await this.service.find({
      key: id,
      fileName: document.uri.fsPath,
      text: document.getText(),
      folders: localFolders().map(({ path }) => path),
      onProgress: (statements) => {
        // Better than nothing; but not than the whole list of the version before.
        if (!this.known.has(id) || this.known.get(id)?.version === PARTIAL)
          this.keep(document, id, { statements, version: PARTIAL });
      },
    });
    // Otherwise another version is being read, or the document is closed.
    if (found && document.version === version && !document.isClosed) this.keep(document, id, { ...found, version });
  }

  private keep(document: vscode.TextDocument, id: string, known: Known): void {
    this.known.set(id, known);
    this.changed.fire(document);
  }

  /** What is typed into an imported file counts before it is saved. */
  private tellUnsaved(): void {
    const dirty = new Map<string, number>();
    for (const document of vscode.workspace.textDocuments) {
      if (!document.isDirty || !isSource(document)) continue;
      const path = document.uri.fsPath;
      dirty.set(path, document.version);
      if (this.unsaved.get(path) !== document.version && isSmallEnough(document))
        this.service.setUnsaved(path, document.getText());
      this.unsaved.set(path, document.version);
    }
    for (const path of this.unsaved.keys()) {
      if (dirty.has(path)) continue;
      this.unsaved.delete(path);
      this.service.setUnsaved(path, undefined);
    }
  }

  private edited({ document, contentChanges }: vscode.TextDocumentChangeEvent): void {
    if (!isSource(document) || !contentChanges.length) return;
    const id = document.uri.toString();
    const known = this.known.get(id);
    if (known) {
      const statements = moveStatements(known.statements, contentChanges.map(editOf));
      for (const [at, statement] of statements.entries()) carryStatementText(known.statements[at], statement);
      this.known.set(id, { ...known, statements });
    }
    clearTimeout(this.pauses.get(id));
    const pause = setTimeout(() => {
      this.pauses.delete(id);
      // Whoever asks for it meanwhile has it read sooner.
      if (this.known.get(id)?.version === document.version) this.changed.fire(document);
      else void this.read(document);
    }, EDIT_PAUSE_MS);
    this.pauses.set(id, pause);
  }

  /** Others may import it. */
  private saved(document: vscode.TextDocument): void {
    if (!isSource(document)) return;
    for (const other of vscode.workspace.textDocuments) {
      const id = other.uri.toString();
      const known = this.known.get(id);
      if (!known || other === document || !mayHoldStatements(other)) continue;
      this.known.set(id, { ...known, version: OUTDATED });
      this.asked.delete(id);
      void this.read(other);
    }
  }

  private forget(document: vscode.TextDocument): void {
    const id = document.uri.toString();
    clearTimeout(this.pauses.get(id));
    this.pauses.delete(id);
    this.known.delete(id);
    this.asked.delete(id);
    this.service.forget(id);
  }
}

const NOTHING: FoundStatements = { statements: [] };

function editOf({ range, text }: vscode.TextDocumentContentChangeEvent): Edit {
  return {
    start: { line: range.start.line, column: range.start.character },
    end: { line: range.end.line, column: range.end.character },
    lines: text.split(/\r\n|\r|\n/).map((line) => line.length),
  };
}

export function isSource(document: vscode.TextDocument): boolean {
  return document.uri.scheme === 'file' && (statementLanguages as readonly string[]).includes(document.languageId);
}

/** Kept inside the document, which may be shorter by now. */
export function rangeOf(document: vscode.TextDocument, { start, end }: Span): vscode.Range {
  return document.validateRange(new vscode.Range(start.line, start.column, end.line, end.column));
}
