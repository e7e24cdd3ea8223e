import assert from 'node:assert/strict';
import { createView } from '../../src/core/flame/view/createView';
import { layoutLeftHeavy } from '../../src/core/flame/layouts/layoutLeftHeavy';
import { defaultViewOptions } from '../../src/core/flame/view/viewOptions';
import { readColumns } from '../../src/node/profiles/readColumns';
import { assertWellFormed } from './wellFormed';

/** A box of a picture: its row from the top, and where it lies within the root's width (0..1). */
interface DrawnBox {
  readonly name: string;
  readonly row: number;
  readonly left: number;
  readonly right: number;
}

/** A picture may leave out half a pixel between two boxes, and everything that is narrower. */
const PIXEL = 1 / 1000;

/** The boxes of a picture that have a name. */
export function boxesOf(svg: string): DrawnBox[] {
  const boxes = [
    ...svg.matchAll(/<title>([^<]*?): [\d.,]+[^<]*<\/title><rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)"/g),
  ].map(([, name, ...numbers]) => ({ name: unescaped(name), numbers: numbers.map(Number) }));
  const rows = [...new Set(boxes.map(({ numbers: [, y] }) => y))].sort((a, b) => a - b);
  const [start, , whole] = boxes.find(({ numbers: [, y] }) => y === rows[0])?.numbers ?? [0, 0, 1];
  return boxes.map(({ name, numbers: [x, y, width] }) => ({
    name,
    row: rows.indexOf(y),
    left: (x - start) / whole,
    right: (x + width - start) / whole,
  }));
}

function unescaped(text: string): string {
  const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
  return text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => entities[name]);
}

/** The picture is the left heavy view of the first profile of a file, by its first measure: each frame in its place. */
export async function assertPictureOf(svg: string, profile: string): Promise<void> {
  assertWellFormed(svg);
  const [columns] = await readColumns(profile);
  const view = createView(columns, defaultViewOptions);
  const { width, rowStarts, lefts, rights, frames } = layoutLeftHeavy(view, view.frames);
  const expected: DrawnBox[] = [];
  for (let row = 0; row + 1 < rowStarts.length; row++)
    for (let box = rowStarts[row]; box < rowStarts[row + 1]; box++)
      expected.push({
        name: view.frames[frames[box]].name,
        row,
        left: lefts[box] / width,
        right: rights[box] / width,
      });
  const drawn = boxesOf(svg);
  assert.ok(drawn.length > 5, `${drawn.length} boxes are drawn`);
  const wide = expected.filter(({ left, right }) => right - left > PIXEL);
  const missing = wide.filter((box) => !drawn.some((other) => isSame(box, other)));
  const foreign = drawn.filter((box) => !expected.some((other) => isSame(box, other)));
  assert.deepEqual({ missing, foreign }, { missing: [], foreign: [] });
  assert.ok(drawn.length >= wide.length && drawn.length <= expected.length, `${drawn.length} of ${expected.length}`);
}

function isSame(a: DrawnBox, b: DrawnBox): boolean {
  return (
    a.name === b.name && a.row === b.row && Math.abs(a.left - b.left) < PIXEL && Math.abs(a.right - b.right) < PIXEL
  );
}
