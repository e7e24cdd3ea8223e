import type * as vscode from 'vscode';

/** Calls that may be statements. Cheap on purpose: it decides whether the code that really looks is loaded. */
const STATEMENT_CALL =
  /\.\s*(?:find\w*|aggregate|count(?:_?documents)?|estimated_?document_?count|distinct|(?:update|replace|delete|insert)_?(?:one|many)|bulk_?write|exists|where)\s*[(<]/i;
/** Generated and minified files have no queries that people look at. */
const MAX_CHARACTERS = 2_000_000;
const MAX_LINES = 100_000;

export function mentionsStatement(text: string): boolean {
  return STATEMENT_CALL.test(text);
}

const known = new WeakMap<vscode.TextDocument, { readonly version: number; readonly may: boolean }>();

/** Whether a document is small enough to be read, so that even putting its text together takes no time. */
export function isSmallEnough(document: vscode.TextDocument): boolean {
  return document.lineCount <= MAX_LINES && document.getText().length <= MAX_CHARACTERS;
}

/** Whether a document may hold a statement that people look at; each version is looked through once. */
export function mayHoldStatements(document: vscode.TextDocument): boolean {
  const { version } = document;
  const before = known.get(document);
  if (before?.version === version) return before.may;
  const may = isSmallEnough(document) && mentionsStatement(document.getText());
  known.set(document, { version, may });
  return may;
}
