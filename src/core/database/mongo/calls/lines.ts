import type { Position } from '../../../positions';

/** Places in a text by offset. */
export interface Lines {
  position(offset: number): Position;
}

/** Positions in a text from the starts of its lines. */
export function linesOf(text: string): Lines {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return {
    position(offset) {
      let low = 0;
      let high = starts.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if (starts[middle] <= offset) low = middle;
        else high = middle - 1;
      }
      return { line: low, column: offset - starts[low] };
    },
  };
}
