import * as vscode from 'vscode';
import type { RemoteDirectory } from '../../core/source/pathMapping';
import { openSource } from '../workspace/openSource';
import { noHeat } from '../editorErrors';
import type { HeatModel, PlacedHeat } from '../heat/heatModel';
import type { HotMethod } from '../heat/heatView';
import type { HotMethodsView } from '../views/hotMethodsView';

/** Opens a measured method where it stands now; `measuredLine` (0-based) leads to a line inside it. */
export async function goToMethod(
  model: HeatModel,
  mappings: readonly RemoteDirectory[],
  file: string,
  index: number,
  measuredLine?: number,
): Promise<void> {
  const measured = model.view?.snapshot.methods.find(({ source }) => source.file === file && source.index === index);
  // A link can name any file.
  if (!measured) throw noHeat();
  const document = await openSource(model.paths.shown(file), mappings);
  const editor = await vscode.window.showTextDocument(document);
  // A text that was not read cannot be followed through edits.
  const method = index < 0 ? measured.source.method : model.locate(document, file, index);
  const placed = model.heatOf(document).methods.find((each) => each.heat.source.index === index);
  const shift = measuredLine === undefined ? undefined : placed?.lineShift;
  const line = shift === undefined || measuredLine === undefined ? method?.nameStart.line : measuredLine + shift;
  if (line === undefined) return;
  const column = line === method?.nameStart.line ? method.nameStart.column : 0;
  reveal(editor, line, column);
}

/**
 * Steps through the hot methods from the hottest down, in the order of the Hot Methods view. Begins at the method the
 * cursor is in, else at the hottest (or, backwards, the coldest).
 */
export async function stepToHotMethod(
  model: HeatModel,
  mappings: readonly RemoteDirectory[],
  view: HotMethodsView,
  step: 1 | -1,
): Promise<void> {
  const order = view.inOrder();
  if (!order.length) throw noHeat();
  const at = methodAtCursor(model, order);
  const next = at < 0 ? (step > 0 ? 0 : order.length - 1) : (at + step + order.length) % order.length;
  const { file, index } = order[next].heat.source;
  await goToMethod(model, mappings, file, index);
}

/** Rank of the innermost hot method around the cursor; -1 when there is none. */
function methodAtCursor(model: HeatModel, order: readonly HotMethod[]): number {
  const innermost = hotMethodAtCursor(model)?.heat;
  return innermost ? order.findIndex(({ heat }) => heat === innermost) : -1;
}

/** The innermost hot method around the cursor. */
export function hotMethodAtCursor(model: HeatModel): PlacedHeat | undefined {
  const editor = vscode.window.activeTextEditor;
  if (!editor) return undefined;
  const { line, character } = editor.selection.active;
  const around = model.heatOf(editor.document).methods.filter(({ method }) => {
    // The name of `const total = () => …` stands before the span.
    const from = method.nameStart.line < method.span.start.line ? method.nameStart : method.span.start;
    const start = new vscode.Position(from.line, Math.min(from.column, method.nameStart.column));
    const end = new vscode.Position(method.span.end.line, method.span.end.column);
    return new vscode.Range(start, end).contains(new vscode.Position(line, character));
  });
  return around.at(-1);
}

function reveal(editor: vscode.TextEditor, line: number, column: number): void {
  const position = editor.document.validatePosition(new vscode.Position(line, column));
  editor.selection = new vscode.Selection(position, position);
  editor.revealRange(new vscode.Range(position, position), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}
