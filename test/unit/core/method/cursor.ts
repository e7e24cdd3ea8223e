import type { Position } from '../../../../src/core/positions';

/** Position of `|` in a text, and the text without it. */
export function cursor(marked: string): { text: string; position: Position } {
  const lines = marked.slice(0, marked.indexOf('|')).split('\n');
  return {
    text: marked.replace('|', ''),
    position: { line: lines.length - 1, column: lines[lines.length - 1].length },
  };
}
