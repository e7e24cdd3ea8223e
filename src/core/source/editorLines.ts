import type { Position } from '../positions';

/** From a place as JavaScript counts lines to the same as editors do, both 0-based. */
export type ToEditor = (position: Position) => Position;

/**
 * V8 and source maps end a line also at U+2028 and U+2029, as ECMAScript and ECMA-426 have it; editors, and the index of methods, do
 * not. Undefined for a text without them, which is nearly every one.
 */
export function editorLines(text: string): ToEditor | undefined {
  if (!/[\u2028\u2029]/.test(text)) return undefined;
  /** Of each line of JavaScript: the editor's line that it is in, and the column that it begins at there. */
  const lines: number[] = [0];
  const columns: number[] = [0];
  let lineStart = 0;
  for (const { 0: end, index } of text.matchAll(/\r\n|[\n\r\u2028\u2029]/g)) {
    const next = index + end.length;
    const isEditorLine = end !== '\u2028' && end !== '\u2029';
    if (isEditorLine) lineStart = next;
    lines.push(lines[lines.length - 1] + (isEditorLine ? 1 : 0));
    columns.push(next - lineStart);
  }
  return ({ line, column }) => {
    if (line < lines.length) return { line: lines[line], column: columns[line] + column };
    return { line: line - lines.length + 1 + lines[lines.length - 1], column };
  };
}
