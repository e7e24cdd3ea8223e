import type { MeasureColumn } from '../profile/profileColumns';
import type { FlameLayout } from './flameLayout';
import { measureText } from '../words/measures';
import { boxShare } from '../words/shares';
import type { ViewFrame } from './profileView';

export interface SvgOptions {
  readonly title: string;
  readonly measure: Pick<MeasureColumn, 'label' | 'unit'>;
  /** Pixels; 1200 by default. */
  readonly width?: number;
  /** Boxes below this width in pixels are drawn together with their neighbours, as one without a name; 0.5 by default. */
  readonly minWidth?: number;
  /** Rows below this many are left out, and a last line says so; 1000 by default. */
  readonly maxRows?: number;
  /** Fill of a box as `#rrggbb`; by default heat, by the self value of its frame. */
  readonly fill?: (box: number) => string;
  /** Callers at the bottom instead of at the top. */
  readonly upsideDown?: boolean;
}

const ROW = 18;
const MARGIN = 12;
const HEADER = 40;
const FONT_SIZE = 12;
/** Of the font size: the mean width of a letter of the system's sans serif, a bit above, so that texts stay in their box. */
const LETTER = 0.58;

/**
 * A layout as an SVG picture: static, self-contained, without a script, valid XML whatever the names are. It follows the
 * viewer's dark or light scheme. Chunks of text.
 */
export function* drawSvg(
  layout: FlameLayout,
  frames: readonly ViewFrame[],
  options: SvgOptions,
): Generator<string, void, undefined> {
  const { title, measure, width = 1200, minWidth = 0.5, maxRows = 1000, upsideDown = false } = options;
  const { rowStarts, lefts, rights, selfs } = layout;
  const rows = Math.min(rowStarts.length - 1, maxRows);
  const cut = rowStarts.length - 1 - rows;
  const height = HEADER + rows * ROW + (cut > 0 ? ROW : 0) + MARGIN;
  const scale = layout.width > 0 ? (width - 2 * MARGIN) / layout.width : 0;
  const fill = options.fill ?? heatFill(layout, frames.length);
  const names = new Map<number, string>();
  const nameOf = (frame: number): string => {
    let name = names.get(frame);
    // An inverted layout sums what is too narrow in a frame that the view does not have.
    if (name === undefined) names.set(frame, (name = frames[frame]?.name ?? '(others)'));
    return name;
  };

  yield head(width, height, title);
  yield `<text class="heading" x="${MARGIN}" y="22">${xml(shortened(title, width - 320))}</text>`;
  yield `<text class="note" x="${width - MARGIN}" y="22" text-anchor="end">${xml(`${measure.label}: ${measureText(layout.width, measure.unit)}`)}</text>\n`;
  for (let row = 0; row < rows; row++) {
    const y = upsideDown ? HEADER + (rows - 1 - row) * ROW : HEADER + row * ROW;
    const narrow: NarrowRun = { from: 0, to: 0, boxes: 0, value: 0 };
    for (let box = rowStarts[row]; box < rowStarts[row + 1]; box++) {
      const boxWidth = (rights[box] - lefts[box]) * scale;
      const gap = narrow.boxes ? (lefts[box] - narrow.to) * scale : 0;
      if (boxWidth >= minWidth || gap >= minWidth)
        yield* drawRun(narrow, y, scale, minWidth, layout.width, measure.unit);
      if (!(boxWidth >= minWidth)) {
        if (!narrow.boxes) narrow.from = lefts[box];
        narrow.to = rights[box];
        narrow.boxes++;
        narrow.value += rights[box] - lefts[box];
        continue;
      }
      const frame = layout.frames[box];
      const x = MARGIN + lefts[box] * scale;
      const colour = fill(box);
      yield `<g><title>${xml(tooltip(frames[frame], nameOf(frame), rights[box] - lefts[box], selfs[box], layout.width, measure.unit))}</title>`;
      yield `<rect x="${short(x)}" y="${y}" width="${short(Math.max(boxWidth - 0.5, 0.3))}" height="${ROW - 1}" fill="${xml(colour)}"/>`;
      const label = shortened(nameOf(frame), boxWidth - 6);
      if (label)
        yield `<text x="${short(x + 3)}" y="${y + 13}" fill="${isDark(colour) ? '#ffffff' : '#111111'}">${xml(label)}</text>`;
      yield '</g>\n';
    }
    yield* drawRun(narrow, y, scale, minWidth, layout.width, measure.unit);
  }
  if (cut > 0)
    yield `<text class="note" x="${MARGIN}" y="${HEADER + rows * ROW + 13}">${xml(`${cut} deeper rows are not drawn.`)}</text>`;
  yield '</svg>\n';
}

/** Neighbours in a row of which none is wide enough to be drawn. In the layout's unit. */
interface NarrowRun {
  from: number;
  to: number;
  boxes: number;
  value: number;
}

/** The run, unless all of it is too narrow; empty afterwards. Without it deep stacks would look as if they ended early. */
function* drawRun(
  run: NarrowRun,
  y: number,
  scale: number,
  minWidth: number,
  total: number,
  unit: MeasureColumn['unit'],
): Generator<string, void, undefined> {
  const width = (run.to - run.from) * scale;
  if (run.boxes && width >= minWidth) {
    const text = `${run.boxes} narrow ${run.boxes === 1 ? 'box' : 'boxes'}: ${measureText(run.value, unit)} (${boxShare(run.value, total)})`;
    yield `<g><title>${xml(text)}</title><rect class="narrow" x="${short(MARGIN + run.from * scale)}" y="${y}" width="${short(width)}" height="${ROW - 1}"/></g>\n`;
  }
  run.boxes = 0;
  run.value = 0;
}

function head(width: number, height: number, title: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" font-family="system-ui, sans-serif" font-size="${FONT_SIZE}">
<title>${xml(title)}</title>
<style>.ground{fill:#ffffff}.heading{fill:#1f1f1f;font-weight:600}.note{fill:#5a5a5a}.narrow{fill:#c8cbd0}@media (prefers-color-scheme:dark){.ground{fill:#1e1e1e}.heading{fill:#e6e6e6}.note{fill:#b0b0b0}.narrow{fill:#6a6d72}}</style>
<rect class="ground" width="100%" height="100%"/>
`;
}

function tooltip(
  frame: ViewFrame | undefined,
  name: string,
  value: number,
  self: number,
  total: number,
  unit: MeasureColumn['unit'],
): string {
  const place = frame?.place.url
    ? `\n${frame.place.url}${frame.place.line >= 0 ? `:${frame.place.line + 1}` : ''}`
    : '';
  const own = self > 0 ? `, self ${measureText(self, unit)}` : '';
  return `${name}: ${measureText(value, unit)} (${boxShare(value, total)})${own}${place}`;
}

/** What fits into so many pixels; '' when not even two letters and an ellipsis do. */
function shortened(text: string, pixels: number): string {
  const letters = Math.floor(pixels / (FONT_SIZE * LETTER));
  if (letters < 3) return '';
  // By code points: half a pair would be no valid text. A name of 10 kB is not spread out for ten letters of it.
  const points = [...text.slice(0, letters * 2 + 2)];
  return points.length <= letters ? points.join('') : `${points.slice(0, letters - 1).join('')}…`;
}

/**
 * Text of XML: markup escaped; what XML cannot hold (controls, halves of surrogate pairs) and what would reorder the text
 * around it replaced by a mark.
 */
export function xml(text: string): string {
  return text
    .replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd')
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufffe\uffff]/g, '\ufffd')
    .replace(/[&<>"']/g, (character) => entities[character]);
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Cool to hot; dark and light ends are apart in brightness too, so that it reads without colours. */
const heat = ['#d9dfe8', '#c8cbd0', '#d3c48f', '#e0b24a', '#d9822b', '#b5431f'].map(channels);

function heatFill({ frames, selfs }: FlameLayout, frameCount: number): (box: number) => string {
  // The layout's own frame of what is left out comes after the view's.
  const own = new Float64Array(frameCount + 1);
  for (let box = 0; box < frames.length; box++) own[frames[box]] += selfs[box];
  const hottest = own.reduce((most, value) => Math.max(most, value), 0) || 1;
  // The square root keeps the many cool ones apart.
  return (box) => heatShade(Math.sqrt(own[frames[box]] / hottest));
}

/** `share` from 0 to 1. */
function heatShade(share: number): string {
  const at = Math.min(Math.max(share, 0), 1) * (heat.length - 1);
  const from = Math.min(Math.floor(at), heat.length - 2);
  const mixed = heat[from].map((channel, i) => Math.round(channel + (heat[from + 1][i] - channel) * (at - from)));
  return `#${mixed.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}

function channels(colour: string): number[] {
  return [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
}

function isDark(colour: string): boolean {
  const [red, green, blue] = channels(colour);
  return red * 0.299 + green * 0.587 + blue * 0.114 < 140;
}

/** Two decimals are a hundredth of a pixel. */
function short(pixels: number): string {
  return String(Math.round(pixels * 100) / 100);
}
