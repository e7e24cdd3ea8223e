import type { FlameLayout } from '../../src/core/flame/layouts/flameLayout';

/** A box: its frame, from where to where, and the boxes on it. */
export interface BoxDraft {
  readonly frame: number;
  readonly left: number;
  readonly right: number;
  readonly children?: readonly BoxDraft[];
}

/** A layout by hand, row by row; self values are what children leave of the width. */
export function layoutOf(root: BoxDraft): FlameLayout {
  const rowStarts: number[] = [0];
  const lefts: number[] = [];
  const rights: number[] = [];
  const frames: number[] = [];
  const parents: number[] = [];
  const selfs: number[] = [];
  let row: { readonly draft: BoxDraft; readonly parent: number }[] = [{ draft: root, parent: -1 }];
  while (row.length > 0) {
    const next: typeof row = [];
    for (const { draft, parent } of row) {
      const { frame, left, right, children = [] } = draft;
      for (const child of children) next.push({ draft: child, parent: lefts.length });
      lefts.push(left);
      rights.push(right);
      frames.push(frame);
      parents.push(parent);
      selfs.push(right - left - children.reduce((sum, child) => sum + child.right - child.left, 0));
    }
    rowStarts.push(lefts.length);
    row = next;
  }
  return {
    width: root.right - root.left,
    rowStarts: Uint32Array.from(rowStarts),
    lefts: Float64Array.from(lefts),
    rights: Float64Array.from(rights),
    frames: Int32Array.from(frames),
    parents: Int32Array.from(parents),
    selfs: Float64Array.from(selfs),
  };
}

/** A root (frame 0) with a row of `count` boxes of equal width and frames from 1. */
export function rowOfBoxes(count: number, width: number): FlameLayout {
  const each = width / count;
  const children = Array.from({ length: count }, (_, at) => ({
    frame: at + 1,
    left: at * each,
    right: (at + 1) * each,
  }));
  return layoutOf({ frame: 0, left: 0, right: width, children });
}
