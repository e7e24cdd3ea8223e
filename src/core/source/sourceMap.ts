import type { MapColumns } from './decodeMappings';
import type { SourceContents } from './sourceContents';

/** A generated column and the original place it comes from. All numbers 0-based. */
export interface Segment {
  readonly column: number;
  /** Index into `SourceMap.sources`; -1 for text that comes from no source. */
  readonly source: number;
  readonly sourceLine: number;
  readonly sourceColumn: number;
}

/**
 * A source map as columns of numbers: a bundle's map with a million segments takes 16 MB, against some 150 MB as arrays.
 * Segments are sorted by generated position; those of line `n` are `lineStarts[n]` up to `lineStarts[n + 1]`.
 */
export interface SourceMap extends MapColumns {
  /** Resolved against the map's own URL and `sourceRoot`: `file:///…`, `webpack://…`; '' for an unnamed source. */
  readonly sources: readonly string[];
  readonly contents: SourceContents;
}

export function segmentAt(map: SourceMap, index: number): Segment {
  return {
    column: map.columns[index],
    source: map.sourceIndices[index],
    sourceLine: map.sourceLines[index],
    sourceColumn: map.sourceColumns[index],
  };
}

/** Range of the indices of a generated line's segments; empty for lines that the map does not cover. */
export function segmentsOfLine(map: SourceMap, line: number): { from: number; to: number } {
  if (line < 0 || line + 1 >= map.lineStarts.length) return { from: 0, to: 0 };
  return { from: map.lineStarts[line], to: map.lineStarts[line + 1] };
}

/**
 * Index of the last segment of the generated line that starts at or before `column`; -1 when there is none. Of several
 * at one column it is the last, as everybody reads it.
 */
export function findSegment(map: SourceMap, line: number, column: number): number {
  const { from, to } = segmentsOfLine(map, line);
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (map.columns[middle] <= column) low = middle + 1;
    else high = middle;
  }
  return low > from ? low - 1 : -1;
}

/** Index of the first segment on this line or a later one that starts after `column`; -1 when there is none. */
export function nextSegment(map: SourceMap, line: number, column: number): number {
  const at = findSegment(map, line, column);
  const index = at >= 0 ? at + 1 : map.lineStarts[Math.min(Math.max(line, 0), map.lineStarts.length - 1)];
  return index < map.columns.length ? index : -1;
}
