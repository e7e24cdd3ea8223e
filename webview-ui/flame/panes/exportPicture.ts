import { drawSvg } from '../../../src/core/flame/svg';
import type { PageModel } from '../model/pageModel';
import type { DrawnScene } from './stage';
import { rowCount } from '../boxes/findBox';
import { createFitter, drawLabels } from '../drawing/labels';
import { rasterise } from '../drawing/raster';
import { fromPixel } from '../theme/color';

/** The whole layout, in the colours of the page. */
export function svgPicture({ result, titles, active }: PageModel, { layout, paint, flipped }: DrawnScene): string {
  if (!result) return '';
  const hex = (part: number): string => part.toString(16).padStart(2, '0');
  const fill = (box: number): string => {
    const { red, green, blue } = fromPixel(paint.fill(box));
    return `#${hex(red)}${hex(green)}${hex(blue)}`;
  };
  const title = titles[active] ?? '';
  return [...drawSvg(layout, result.frames, { title, measure: result.measure, fill, upsideDown: flipped })].join('');
}

const SCALE = 2;
const ROW_HEIGHT = 18;
const WIDTH = 1600;
/** Browsers refuse canvases much taller than 16,000 pixels. */
const MAXIMUM_ROWS = 400;

/** What the viewport shows of the width, and all rows, at twice the pixels of a screen. @throws Error if the browser cannot. */
export async function pngPicture(
  { theme }: PageModel,
  { layout, paint, name, viewport, flipped }: DrawnScene,
): Promise<ArrayBuffer> {
  const canvas = document.createElement('canvas');
  canvas.width = WIDTH * SCALE;
  canvas.height = Math.min(rowCount(layout), MAXIMUM_ROWS) * ROW_HEIGHT * SCALE;
  const context = canvas.getContext('2d', { alpha: false })!;
  const image = context.createImageData(canvas.width, canvas.height);
  const frame = {
    from: viewport.from,
    to: viewport.to,
    rowHeight: ROW_HEIGHT * SCALE,
    scroll: 0,
    flipped,
    labelFrom: 20 * SCALE,
  };
  const wide = rasterise(image, layout, frame, paint);
  context.putImageData(image, 0, 0);
  const font = `${12 * SCALE}px ${theme.fontFamily}`;
  const style = { fitter: createFitter(context, font), font, rowHeight: ROW_HEIGHT * SCALE, padding: 4 * SCALE };
  drawLabels(context, wide, layout.frames, name, paint, style);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (!blob) throw new Error('The browser could not write a PNG of this size.');
  return blob.arrayBuffer();
}
