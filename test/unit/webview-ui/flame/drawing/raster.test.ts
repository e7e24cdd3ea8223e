import assert from 'node:assert/strict';
import type { FlameLayout } from '../../../../../src/core/flame/layouts/flameLayout';
import { Pattern, type BoxPaint } from '../../../../../webview-ui/flame/drawing/boxPaint';
import { rasterise, type RasterFrame } from '../../../../../webview-ui/flame/drawing/raster';
import { layoutOf, rowOfBoxes } from '../../../../support/layoutBuilder';

const ground = 0xff000000;

/** Pixels of box n are n + 1; the gap is the ground. */
function draw(
  layout: FlameLayout,
  width: number,
  height: number,
  frame: Partial<RasterFrame> = {},
  paint: Partial<BoxPaint> = {},
): { rows: number[][]; wide: number[] } {
  const data = new Uint8ClampedArray(width * height * 4);
  const wide = rasterise(
    { width, height, data },
    layout,
    { from: 0, to: layout.width, rowHeight: 1, scroll: 0, flipped: false, labelFrom: 5, ...frame },
    {
      fill: (box) => box + 1,
      lightInk: () => false,
      pattern: () => Pattern.none,
      background: ground,
      gap: ground,
      ...paint,
    },
  );
  const pixels = new Uint32Array(data.buffer);
  return { rows: Array.from({ length: height }, (_, y) => [...pixels.subarray(y * width, (y + 1) * width)]), wide };
}

describe('rows of pixels', () => {
  it('are boxes with a gap at the end, and ground where nothing is', () => {
    const layout = layoutOf({
      frame: 0,
      left: 0,
      right: 20,
      children: [
        { frame: 1, left: 0, right: 6 },
        { frame: 2, left: 10, right: 16 },
      ],
    });
    const [, row] = draw(layout, 20, 2).rows;
    assert.deepEqual(row, [
      2,
      2,
      2,
      2,
      2,
      ...Array<number>(5).fill(ground),
      3,
      3,
      3,
      3,
      3,
      ...Array<number>(5).fill(ground),
    ]);
  });

  it('tell which boxes are wide enough for a text, and where', () => {
    const layout = layoutOf({
      frame: 0,
      left: 0,
      right: 20,
      children: [
        { frame: 1, left: 0, right: 4 },
        { frame: 2, left: 4, right: 12 },
      ],
    });
    assert.deepEqual(draw(layout, 20, 6, { rowHeight: 3 }).wide, [0, 0, 20, 0, 2, 4, 12, 3]);
  });

  it('leave no pixel without a box where boxes are narrower than pixels', () => {
    for (const count of [101, 1000, 12345]) {
      const row = draw(rowOfBoxes(count, 1000), 100, 2).rows[1];
      assert.ok(
        row.every((pixel) => pixel !== ground),
        `${count} boxes`,
      );
      const boxes = row.map((pixel) => pixel - 1);
      assert.deepEqual(
        boxes,
        [...boxes].sort((a, b) => a - b),
      );
    }
  });

  it('show the widest of the first boxes within a pixel, and a match before all', () => {
    const children = [0.1, 0.2, 0.6, 0.1].reduce<{ frame: number; left: number; right: number }[]>(
      (boxes, width) => [
        ...boxes,
        { frame: boxes.length + 1, left: boxes.at(-1)?.right ?? 0, right: (boxes.at(-1)?.right ?? 0) + width },
      ],
      [],
    );
    const layout = layoutOf({ frame: 0, left: 0, right: 10, children });
    assert.equal(draw(layout, 10, 2).rows[1][0], 3 + 1);
    assert.equal(draw(layout, 10, 2, {}, { matches: (box) => box === 4 }).rows[1][0], 4 + 1);
  });

  it('begin within a box, without looking at those before', () => {
    const layout = rowOfBoxes(1_000_000, 1_000_000);
    const looked: number[] = [];
    const { rows } = draw(
      layout,
      10,
      2,
      { from: 777_000.5, to: 777_010.5 },
      { fill: (box) => (looked.push(box), box + 1) },
    );
    // The root is box 0, so the box from 777,006 on is one further.
    assert.equal(rows[1][5] - 1, 777_007);
    assert.ok(looked.length < 40, `${looked.length} boxes were looked at`);
  });

  it('grow upward when flipped, and scroll', () => {
    const layout = layoutOf({
      frame: 0,
      left: 0,
      right: 4,
      children: [{ frame: 1, left: 0, right: 4, children: [{ frame: 2, left: 0, right: 4 }] }],
    });
    assert.deepEqual(
      draw(layout, 4, 3, { flipped: true }).rows.map(([first]) => first),
      [3, 2, 1],
    );
    assert.deepEqual(
      draw(layout, 4, 2, { scroll: 1 }).rows.map(([first]) => first),
      [2, 3],
    );
  });

  it('have a pattern that is not the fill, over the whole box', () => {
    const layout = layoutOf({ frame: 0, left: 0, right: 30 });
    const { rows } = draw(layout, 30, 9, { rowHeight: 10 }, { pattern: () => Pattern.rising, fill: () => 0xff808080 });
    const inked = rows.flat().filter((pixel) => pixel !== 0xff808080 && pixel !== ground);
    assert.ok(inked.length > 40 && inked.length < 120, `${inked.length} pixels`);
  });
});
