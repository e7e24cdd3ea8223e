import { displayText } from '../../common/dom';
import type { BoxPaint } from './boxPaint';
import type { WideBoxes } from './raster';
import { cssColor, fromPixel } from '../theme/color';

/** Widths of texts in one font, without asking the canvas for each: plain letters are measured once. */
export interface TextFitter {
  /** The text, or its beginning with an ellipsis; '' when not even three letters fit. Pixels. */
  fit(text: string, width: number): string;
}

export function createFitter(context: CanvasRenderingContext2D, font: string): TextFitter {
  context.font = font;
  const letters = new Float64Array(128);
  for (let code = 32; code < 127; code++) letters[code] = context.measureText(String.fromCharCode(code)).width;
  const others = new Map<string, number>();
  const ellipsis = context.measureText('…').width;
  const widthOf = (letter: string): number => {
    const code = letter.charCodeAt(0);
    if (code < 128) return letters[code];
    let width = others.get(letter);
    if (width === undefined) others.set(letter, (width = context.measureText(letter).width));
    return width;
  };
  return {
    fit: (text, width) => {
      let used = 0;
      let fitting = 0;
      let at = 0;
      for (const letter of text) {
        used += widthOf(letter);
        at += letter.length;
        if (used + ellipsis <= width) fitting = at;
        if (used > width) return fitting > 2 ? `${text.slice(0, fitting)}…` : '';
      }
      return text;
    },
  };
}

export interface LabelStyle {
  readonly fitter: TextFitter;
  readonly font: string;
  readonly rowHeight: number;
  readonly padding: number;
}

/** Names of frames as labels show them, made when they are first needed. */
export function labelNames(nameOf: (frame: number) => string): (frame: number) => string {
  const names = new Map<number, string>();
  return (frame) => {
    let name = names.get(frame);
    if (name === undefined) names.set(frame, (name = displayText(nameOf(frame), 200)));
    return name;
  };
}

/** Light texts, then dark ones: changing a canvas's fill costs more than the text. */
export function drawLabels(
  context: CanvasRenderingContext2D,
  wide: WideBoxes,
  frames: Int32Array,
  name: (frame: number) => string,
  paint: BoxPaint,
  { fitter, font, rowHeight, padding }: LabelStyle,
): void {
  context.font = font;
  context.textBaseline = 'middle';
  context.direction = 'ltr';
  const middle = Math.round(rowHeight / 2);
  for (const light of [true, false]) {
    context.fillStyle = light ? 'rgb(250, 250, 250)' : 'rgb(20, 20, 20)';
    for (let at = 0; at < wide.length; at += 4) {
      const box = wide[at];
      if (paint.lightInk(box) !== light) continue;
      const text = fitter.fit(name(frames[box]), wide[at + 2] - wide[at + 1] - 2 * padding);
      if (!text) continue;
      if (paint.pattern(box)) clearBehind(context, text, wide, at, paint.fill(box), padding, rowHeight);
      context.fillText(text, wide[at + 1] + padding, wide[at + 3] + middle);
    }
  }
}

/** A text on a pattern needs a ground of its own. */
function clearBehind(
  context: CanvasRenderingContext2D,
  text: string,
  wide: WideBoxes,
  at: number,
  fill: number,
  padding: number,
  rowHeight: number,
): void {
  const ink = context.fillStyle;
  context.fillStyle = cssColor(fromPixel(fill));
  context.fillRect(wide[at + 1] + padding - 2, wide[at + 3] + 2, context.measureText(text).width + 4, rowHeight - 5);
  context.fillStyle = ink;
}
