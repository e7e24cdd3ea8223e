import * as vscode from 'vscode';

/** The explorer gives the clicked file and all selected ones: of two, the clicked one is what is now. Others name both. */
export function pairOf(clicked: unknown, selection: unknown): { before: vscode.Uri; after: vscode.Uri } | undefined {
  const { before, after } = (clicked ?? {}) as { before?: unknown; after?: unknown };
  if (before instanceof vscode.Uri && after instanceof vscode.Uri) return { before, after };
  if (!(clicked instanceof vscode.Uri) || !Array.isArray(selection) || selection.length !== 2) return undefined;
  const other = (selection as unknown[]).find(
    (uri) => uri instanceof vscode.Uri && uri.toString() !== clicked.toString(),
  );
  return other instanceof vscode.Uri ? { before: other, after: clicked } : undefined;
}

/** A row of Hot Methods, or the file and index that a link of ours carries. */
export function methodOf(
  given: unknown,
  index: unknown,
): { readonly file: string; readonly index: number } | undefined {
  if (typeof given === 'string' && typeof index === 'number') return { file: given, index };
  const { method } = (given ?? {}) as { method?: { heat?: { source?: { file?: unknown; index?: unknown } } } };
  const { file, index: at } = method?.heat?.source ?? {};
  return typeof file === 'string' && typeof at === 'number' ? { file, index: at } : undefined;
}

/** Other extensions and tests may say what to write where: `{ format, uri }`. */
export function exportOf(given: unknown): { readonly format: string; readonly uri: vscode.Uri } | undefined {
  const { format, uri } = (given ?? {}) as { format?: unknown; uri?: unknown };
  return typeof format === 'string' && uri instanceof vscode.Uri ? { format, uri } : undefined;
}
