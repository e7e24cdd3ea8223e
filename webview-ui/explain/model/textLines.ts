/** A long text by lines, without a copy of it: where each begins. */
export interface TextLines {
  readonly count: number;
  line(index: number): string;
  /** Index of the line that a place in the text is on. */
  lineAt(offset: number): number;
}

/** Longer lines are cut: nobody reads them, and drawing them takes its time. */
const LONGEST_LINE = 2000;

export function textLines(text: string): TextLines {
  let starts = new Uint32Array(1024);
  let count = 1;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
    if (count === starts.length) {
      const grown = new Uint32Array(count * 2);
      grown.set(starts);
      starts = grown;
    }
    starts[count++] = at + 1;
  }
  return {
    count,
    line: (index) => {
      const from = starts[index];
      const to = index + 1 < count ? starts[index + 1] - 1 : text.length;
      return to - from > LONGEST_LINE ? `${text.slice(from, from + LONGEST_LINE)}…` : text.slice(from, to);
    },
    lineAt: (offset) => {
      let low = 0;
      let high = count - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if (starts[middle] <= offset) low = middle;
        else high = middle - 1;
      }
      return low;
    },
  };
}

/** Where a text occurs, upper and lower case alike; at most so many, in order. */
export function occurrences(text: string, wanted: string, most: number): number[] {
  if (!wanted) return [];
  const pattern = new RegExp(wanted.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'gi');
  const found: number[] = [];
  for (const match of text.matchAll(pattern)) {
    found.push(match.index);
    if (found.length === most) break;
  }
  return found;
}
