import * as vscode from 'vscode';
import { codeBlock } from '../../core/words/markdown';
import { shownLines } from './shownText';

/**
 * Markdown of ours for a hover; what is foreign in it has passed `escapeMarkdown`. Its links run these commands and no other
 * ones, and HTML stays text.
 */
export function hoverText(parts: readonly string[], enabledCommands: readonly string[]): vscode.MarkdownString {
  const markdown = new vscode.MarkdownString(parts.join('\n\n'), true);
  markdown.isTrusted = { enabledCommands };
  markdown.supportHtml = false;
  return markdown;
}

/** Code in a hover. The editor looks for icons in it too. */
export function hoverCode(language: string, code: string): string {
  return codeBlock(language, shownLines(code));
}
