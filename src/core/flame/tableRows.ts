import type { ViewFrame } from './view/profileView';

/** What a table shows of each frame. Columns by frame, as a `ViewResult` has them. */
export interface FrameColumns {
  readonly frames: readonly ViewFrame[];
  readonly frameSelfs: Float64Array;
  readonly frameTotals: Float64Array;
  /** Of a difference. */
  readonly frameSelfsBefore?: Float64Array;
  readonly frameTotalsBefore?: Float64Array;
}

export type TableColumn = 'name' | 'self' | 'total' | 'selfBefore' | 'totalBefore' | 'selfChange' | 'totalChange';

/**
 * Frames that have a value (the root only a self value), in the order of the column; equal ones by name, then as they
 * are. `descending` is what a table of costs starts with; names descend from Z.
 */
export function tableRows(columns: FrameColumns, column: TableColumn, descending: boolean): Int32Array<ArrayBuffer> {
  const { frames, frameSelfs, frameTotals, frameSelfsBefore, frameTotalsBefore } = columns;
  const shown: number[] = [];
  for (let frame = 0; frame < frames.length; frame++) {
    const isRoot = frames[frame].category === 'root';
    const value = isRoot
      ? frameSelfs[frame] + (frameSelfsBefore?.[frame] ?? 0)
      : frameTotals[frame] + (frameTotalsBefore?.[frame] ?? 0);
    if (value > 0) shown.push(frame);
  }
  const rows = Int32Array.from(shown);
  const values = columnValues(columns, column);
  const byName = (a: number, b: number): number =>
    frames[a].name < frames[b].name ? -1 : frames[a].name > frames[b].name ? 1 : 0;
  const sign = descending ? -1 : 1;
  return values
    ? rows.sort((a, b) => sign * (values[a] - values[b]) || byName(a, b) || a - b)
    : rows.sort((a, b) => sign * byName(a, b) || a - b);
}

function columnValues(columns: FrameColumns, column: TableColumn): Float64Array | undefined {
  const none = (): Float64Array => new Float64Array(columns.frames.length);
  const { frameSelfs, frameTotals, frameSelfsBefore = none(), frameTotalsBefore = none() } = columns;
  switch (column) {
    case 'name':
      return undefined;
    case 'self':
      return frameSelfs;
    case 'total':
      return frameTotals;
    case 'selfBefore':
      return frameSelfsBefore;
    case 'totalBefore':
      return frameTotalsBefore;
    case 'selfChange':
      return frameSelfs.map((self, frame) => self - frameSelfsBefore[frame]);
    case 'totalChange':
      return frameTotals.map((total, frame) => total - frameTotalsBefore[frame]);
  }
}
