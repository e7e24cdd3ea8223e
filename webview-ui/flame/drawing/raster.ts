import type { FlameLayout } from '../../../src/core/flame/layouts/flameLayout';
import { patternCovers, type BoxPaint, type Pattern } from './boxPaint';
import { firstAbove, gallopAbove, rowCount } from '../boxes/findBox';
import { fromPixel, mix, pixel } from '../theme/color';

/** The part of `ImageData` that is used; its buffer begins with its first pixel. */
export interface RasterImage {
  readonly width: number;
  readonly height: number;
  readonly data: { readonly buffer: ArrayBufferLike };
}

/** Which part of a layout is drawn where; all lengths in pixels of the image. */
export interface RasterFrame {
  /** Part of the layout's width. */
  readonly from: number;
  readonly to: number;
  readonly rowHeight: number;
  /** Distance of the first row's near edge above the image's (below it, when flipped). */
  readonly scroll: number;
  /** Row 0 stands at the bottom and rows grow upward. */
  readonly flipped: boolean;
  /** Boxes at least this wide are reported for a label. */
  readonly labelFrom: number;
}

/** Boxes that are wide enough for a text, flat: box, left, right, top. */
export type WideBoxes = number[];

/** Boxes of a run below one pixel that are looked at: the widest of them gives the colour, a match among them wins. */
const LOOK_AHEAD = 8;
const LOOK_AHEAD_FOR_MATCH = 32;
/** Pixels; a pattern on less could not be told from another. */
const LEAST_PATTERN = 4;

/**
 * Draws boxes as rows of pixels. Work follows pixels: one binary search per row, then boxes that are wider than a pixel one
 * by one, and runs of narrower ones in doubling steps.
 */
export function rasterise(image: RasterImage, layout: FlameLayout, frame: RasterFrame, paint: BoxPaint): WideBoxes {
  const { width, height } = image;
  const pixels = new Uint32Array(image.data.buffer);
  pixels.fill(paint.background);
  const wide: WideBoxes = [];
  const line = new Uint32Array(width);
  const { rowHeight, scroll } = frame;
  const first = Math.max(0, Math.floor(scroll / rowHeight));
  const last = Math.min(rowCount(layout) - 1, Math.floor((scroll + height - 1) / rowHeight));
  for (let row = first; row <= last; row++) {
    const near = row * rowHeight - scroll;
    const top = frame.flipped ? height - near - rowHeight : near;
    const boxes = wide.length;
    const patterned: number[] = [];
    rasteriseRow(line, layout, row, frame, paint, wide, patterned);
    // The gap between rows is the last line of each, unless rows are too thin for one.
    const filled = rowHeight > 3 ? rowHeight - 1 : rowHeight;
    for (let y = Math.max(0, top); y < Math.min(height, top + filled); y++) pixels.set(line, y * width);
    const edge = top + filled;
    if (paint.edge !== undefined && filled < rowHeight && edge >= 0 && edge < height) {
      for (let x = 0; x < width; x++) if (line[x] !== paint.background) pixels[edge * width + x] = paint.edge;
    }
    for (let at = boxes; at < wide.length; at += 4) wide[at + 3] = top;
    for (let at = 0; at < patterned.length; at += 3) {
      const box = patterned[at];
      overlay(
        pixels,
        width,
        height,
        paint.pattern(box),
        patterned[at + 1],
        patterned[at + 2],
        top,
        filled,
        paint.lightInk(box),
      );
    }
  }
  return wide;
}

function rasteriseRow(
  line: Uint32Array,
  { rowStarts, lefts, rights }: FlameLayout,
  row: number,
  { from, to, labelFrom }: RasterFrame,
  paint: BoxPaint,
  wide: WideBoxes,
  patterned: number[],
): void {
  line.fill(paint.background);
  const width = line.length;
  const scale = width / (to - from);
  const end = rowStarts[row + 1];
  let box = firstAbove(rights, rowStarts[row], end, from);
  while (box < end) {
    const exactLeft = (lefts[box] - from) * scale;
    if (exactLeft >= width) break;
    const left = exactLeft > 0 ? Math.floor(exactLeft) : 0;
    const right = Math.min(width, Math.floor((rights[box] - from) * scale));
    if (right <= left) {
      const next = gallopAbove(rights, box, end, from + (left + 1) / scale);
      const shown = next > box + 1 ? representative(box, next, lefts, rights, paint) : box;
      line[left] = paint.fill(shown);
      box = next > box ? next : box + 1;
      continue;
    }
    const isWide = right - left > 2;
    const fill = paint.fill(box);
    line.fill(fill, left, isWide ? right - 1 : right);
    // A box that goes on beyond the edge has no gap there; between narrow ones a whole gap would be a third of the picture.
    if (isWide)
      line[right - 1] =
        (rights[box] - from) * scale > width ? fill : right - left > 4 ? paint.gap : halfway(fill, paint.gap);
    if (right - left >= labelFrom) wide.push(box, left, right, 0);
    if (right - left >= LEAST_PATTERN && paint.pattern(box)) patterned.push(box, left, right);
    box++;
  }
}

/** Between two pixels, each channel by itself. */
function halfway(a: number, b: number): number {
  return (((a & 0xfefefe) >>> 1) + ((b & 0xfefefe) >>> 1) + 0xff000000) >>> 0;
}

/** The box that a pixel shows of those that all lie within it. */
function representative(
  start: number,
  end: number,
  lefts: Float64Array,
  rights: Float64Array,
  { matches }: BoxPaint,
): number {
  if (matches) {
    const last = Math.min(end, start + LOOK_AHEAD_FOR_MATCH);
    for (let box = start; box < last; box++) if (matches(box)) return box;
  }
  let best = start;
  const last = Math.min(end, start + LOOK_AHEAD);
  for (let box = start + 1; box < last; box++) if (rights[box] - lefts[box] > rights[best] - lefts[best]) best = box;
  return best;
}

function overlay(
  pixels: Uint32Array,
  width: number,
  height: number,
  pattern: Pattern,
  left: number,
  right: number,
  top: number,
  rows: number,
  lightInk: boolean,
): void {
  const ink = lightInk ? { red: 255, green: 255, blue: 255 } : { red: 0, green: 0, blue: 0 };
  const inside = Math.min(height - 1, Math.max(0, top));
  const inked = pixel(mix(fromPixel(pixels[inside * width + left]), ink, 0.45));
  for (let y = Math.max(0, top); y < Math.min(height, top + rows); y++) {
    for (let x = left; x < right - 1; x++) if (patternCovers(pattern, x, y)) pixels[y * width + x] = inked;
  }
}
