import { brushX, select, type BrushSelection, type D3BrushEvent } from 'd3';
import { cssColor, mix, pixel } from '../theme/color';
import type { Theme } from '../theme/theme';
import { element, svgElement } from '../../common/dom';
import type { PageActions } from '../model/actions';
import type { PageModel } from '../model/pageModel';
import { text } from '../model/strings';
import type { HeatMap, TimeRangeUs } from '../model/workerProtocol';

export interface HeatStrip {
  readonly element: HTMLElement;
  show(map: HeatMap | undefined, theme: Theme): void;
  update(model: PageModel): void;
  /** The next range that is dragged is compared with the present one. */
  awaitSecond(): void;
  /** What to ask the worker for at the present width. */
  resolution(): { readonly columns: number; readonly rows: number };
}

const BUCKET_ROWS = 10;
const COLUMN_WIDTH = 4;

/** Busy and quiet times of the whole profile; a range that is dragged over it restricts every view. */
export function createHeatStrip(actions: PageActions): HeatStrip {
  const canvas = element('canvas', { class: 'heat-cells', attributes: { 'aria-hidden': 'true' } });
  const second = svgElement('g', { class: 'brush second' });
  const first = svgElement('g', { class: 'brush first' });
  const overlay = svgElement('svg', { class: 'heat-brush', width: '100%', height: '100%' }, second, first);
  const host = element(
    'div',
    {
      class: 'heat-strip',
      title: text('time'),
      attributes: { role: 'group', tabindex: '0', 'aria-label': `${text('time')}. ${text('time.hint')}` },
    },
    canvas,
  );
  host.append(overlay);
  const context = canvas.getContext('2d')!;

  let map: HeatMap | undefined;
  let theme: Theme | undefined;
  let range: TimeRangeUs | undefined;
  let compared: { readonly before: TimeRangeUs; readonly after: TimeRangeUs } | undefined;
  let waiting = false;
  /** While a program moves the brush its events are not the user's. */
  let moving = false;

  const startUs = (): number => map?.startUs ?? 0;
  const lengthUs = (): number => (map ? map.columns * map.rows * map.bucketUs : 1);
  const toX = (us: number): number => ((us - startUs()) / lengthUs()) * host.clientWidth;
  const toUs = (x: number): number => startUs() + (x / Math.max(1, host.clientWidth)) * lengthUs();

  const firstBrush = brushX<unknown>()
    .keyModifiers(false)
    .on('end', (event) => ended(event, false));
  const secondBrush = brushX<unknown>()
    .keyModifiers(false)
    .on('end', (event) => ended(event, true));

  function ended(event: D3BrushEvent<unknown>, isSecond: boolean): void {
    // Only what a hand did has an event of the browser behind it.
    if (moving || !event.sourceEvent) return;
    const selection = event.selection as readonly [number, number] | null;
    const chosen =
      selection && selection[1] - selection[0] >= 2
        ? { startUs: toUs(selection[0]), endUs: toUs(selection[1]) }
        : undefined;
    if (isSecond || compared) {
      const before = compared?.before ?? range;
      const other = isSecond ? before : compared?.after;
      if (!chosen || !before || !other) actions.endComparison();
      else if (isSecond) actions.compareRanges(before, chosen);
      else actions.compareRanges(chosen, other);
      waiting = false;
    } else actions.setRange(chosen);
  }

  function placeBrushes(): void {
    const extent: [[number, number], [number, number]] = [
      [0, 0],
      [host.clientWidth, host.clientHeight],
    ];
    moving = true;
    const place = (group: SVGGElement, brush: typeof firstBrush, shown: TimeRangeUs | undefined): void => {
      const selection: BrushSelection | null = shown
        ? [Math.max(0, toX(shown.startUs)), Math.min(host.clientWidth, toX(shown.endUs))]
        : null;
      select<SVGGElement, unknown>(group).call(brush.extent(extent)).call(brush.move, selection);
    };
    place(first, firstBrush, compared?.before ?? range);
    place(second, secondBrush, compared?.after);
    moving = false;
    // The upper group gets the pointer: the second brush while its range is awaited.
    const on = waiting || compared !== undefined;
    overlay.append(...(waiting ? [first, second] : [second, first]));
    second.toggleAttribute('hidden', !on);
    first.classList.toggle('passive', waiting);
    host.classList.toggle('waiting', waiting);
  }

  function draw(): void {
    if (!map || !theme || host.clientWidth === 0) return;
    canvas.width = map.columns;
    canvas.height = map.rows;
    const image = context.createImageData(map.columns, map.rows);
    const pixels = new Uint32Array(image.data.buffer);
    const shades = Array.from({ length: 64 }, (_, at) => pixel(mix(theme!.background, theme!.focus, (at / 63) * 0.6)));
    for (let column = 0; column < map.columns; column++) {
      for (let row = 0; row < map.rows; row++) {
        pixels[row * map.columns + column] = shades[Math.round(map.values[column * map.rows + row] * 63)];
      }
    }
    context.putImageData(image, 0, 0);
    canvas.style.background = cssColor(theme.background);
  }

  host.addEventListener('keydown', (event) => {
    if (!map || waiting) return;
    const columnUs = map.rows * map.bucketUs;
    const end = startUs() + lengthUs();
    const now = range ?? { startUs: startUs() + lengthUs() * 0.25, endUs: startUs() + lengthUs() * 0.75 };
    const step = event.key === 'ArrowRight' ? columnUs : event.key === 'ArrowLeft' ? -columnUs : 0;
    if (step) {
      const startsAt = event.shiftKey ? now.startUs : Math.min(Math.max(now.startUs + step, startUs()), end - columnUs);
      const endsAt = Math.min(Math.max(now.endUs + step, startsAt + columnUs), end);
      actions.setRange({ startUs: startsAt, endUs: endsAt });
    } else if (event.key === 'Delete' || event.key === 'Backspace') actions.setRange(undefined);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  new ResizeObserver(placeBrushes).observe(host);

  return {
    element: host,
    show: (next, current) => {
      map = next;
      theme = current;
      draw();
      placeBrushes();
    },
    update: ({ choices, comparison }) => {
      range = choices.options.range;
      compared = comparison?.kind === 'ranges' ? comparison : undefined;
      if (!range && !compared) waiting = false;
      if (map) placeBrushes();
    },
    awaitSecond: () => {
      waiting = true;
      placeBrushes();
      host.focus({ preventScroll: true });
    },
    resolution: () => ({
      columns: Math.max(20, Math.floor((host.clientWidth || 1000) / COLUMN_WIDTH)),
      rows: BUCKET_ROWS,
    }),
  };
}
