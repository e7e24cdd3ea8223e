import * as vscode from 'vscode';
import type { Span } from '../../core/positions';
import type { HeatModel, PlacedHeat } from '../heat/heatModel';
import { hoverText } from '../messages/hovers';
import { hoverCommands, lineHover, methodHover } from './hoverMarkdown';

/** On the name of a hot method everything known about it; on its other hot lines one short line. */
export class HeatHoverProvider implements vscode.HoverProvider {
  constructor(private readonly model: HeatModel) {}

  provideHover(document: vscode.TextDocument, position: vscode.Position): vscode.Hover | undefined {
    const { view } = this.model;
    if (!view) return undefined;
    const { methods, lines } = this.model.heatOf(document);
    // Of methods that begin at one place (`get(() => …)`), the innermost is the one that is pointed at.
    const named = methods.filter((method) => nameRange(document, method).contains(position)).at(-1);
    if (named) return markdownHover(this.methodText(named), nameRange(document, named));
    const share = lines.get(position.line);
    if (share === undefined) return undefined;
    const around = methods.filter(({ method: { span } }) => holdsLine(span, position.line)).at(-1);
    return markdownHover(lineHover(share, view.snapshot, around?.heat.accuracy ?? view.snapshot.accuracy));
  }

  private methodText(placed: PlacedHeat): string {
    const { view, heapIntervalBytes, memoryPending } = this.model;
    if (!view) return '';
    return methodHover(placed.heat, {
      snapshot: view.snapshot,
      heapIntervalBytes,
      memoryPending,
      now: Date.now(),
      stale: placed.stale,
      lineShift: placed.lineShift,
    });
  }
}

function holdsLine({ start, end }: Span, line: number): boolean {
  return start.line <= line && line <= end.line;
}

function nameRange(document: vscode.TextDocument, { method }: PlacedHeat): vscode.Range {
  const { line, column } = method.nameStart;
  const start = new vscode.Position(line, column);
  if (line >= document.lineCount) return new vscode.Range(start, start);
  return (
    document.getWordRangeAtPosition(start) ?? document.validateRange(new vscode.Range(line, column, line, column + 1))
  );
}

function markdownHover(text: string, range?: vscode.Range): vscode.Hover {
  return new vscode.Hover(hoverText([text], hoverCommands), range);
}
