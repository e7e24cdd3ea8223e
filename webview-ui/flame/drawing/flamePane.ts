import type { FlameLayout } from '../../../src/core/flame/layouts/flameLayout';
import { element } from '../../common/dom';
import { listenToPointer } from '../interaction/pointer';
import { between, clamp, panned, whole, zoomed, type Limits, type Viewport } from '../interaction/viewport';
import type { BoxPaint } from './boxPaint';
import { boxAt, rowCount, rowOf } from '../boxes/findBox';
import { createFitter, drawLabels, type TextFitter } from './labels';
import { drawMarks, type Marks } from './marks';
import { rasterise, type WideBoxes } from './raster';
import type { Theme } from '../theme/theme';

/** What a pane draws. */
export interface Scene {
  readonly layout: FlameLayout;
  readonly paint: BoxPaint;
  /** Label of a frame. */
  readonly name: (frame: number) => string;
}

export interface FlamePaneEvents {
  selected(box: number, how: { readonly open: boolean; readonly toSide: boolean }): void;
  /** Double click; -1 beside all boxes. */
  zoomedTo(box: number): void;
  /** -1 when the pointer left; places in the window. */
  hovered(box: number, clientX: number, clientY: number): void;
  /** The viewport changed, or what can be seen of it. */
  moved(): void;
}

export interface FlamePane {
  readonly element: HTMLElement;
  /** The viewport stays, within what the new layout allows, unless one is given. */
  show(scene: Scene | undefined, viewport?: Viewport): void;
  setTheme(theme: Theme): void;
  mark(marks: Partial<Marks>): void;
  viewport(): Viewport;
  limits(): Limits;
  moveTo(viewport: Viewport, how?: { readonly animated?: boolean }): void;
  rowTop(row: number): number;
  rowHeight(): number;
  /** Where a box stands in the window; undefined when it is out of sight. */
  boxRectangle(box: number): { readonly left: number; readonly top: number } | undefined;
}

const ROW_HEIGHT = 18;
const FONT_SIZE = 11.5;
const REST_MS = 140;
const ANIMATION_MS = 160;

/** Only the viewport is allocated: canvases of a whole profile's height crash browsers. */
export function createFlamePane(flipped: boolean, events: FlamePaneEvents): FlamePane {
  const canvas = element('canvas', { class: 'boxes', attributes: { 'aria-hidden': 'true' } });
  const overlay = element('canvas', { class: 'marks', attributes: { 'aria-hidden': 'true' } });
  const host = element('div', { class: 'flame-pane' }, canvas, overlay);
  const context = canvas.getContext('2d', { alpha: false })!;
  const overlayContext = overlay.getContext('2d')!;

  let scene: Scene | undefined;
  let theme: Theme | undefined;
  let view: Viewport = { from: 0, to: 1, scroll: 0 };
  let marks: Marks = { selected: -1, hovered: -1, ring: false };
  let size = { width: 0, height: 0 };
  let image: ImageData | undefined;
  let fitter: { readonly font: string; readonly fitter: TextFitter } | undefined;
  let wide: WideBoxes = [];
  let drawnScale = 1;
  let frame = 0;
  let boxesAreStale = false;
  let restTimer = 0;
  let animation = 0;
  let moving = false;

  const ratio = (): number => window.devicePixelRatio || 1;
  /** A row is a whole number of device pixels. */
  const rowCss = (): number => Math.round(ROW_HEIGHT * ratio()) / ratio();
  const limits = (): Limits => ({
    width: scene?.layout.width ?? 1,
    contentHeight: scene ? rowCount(scene.layout) * rowCss() : 0,
    height: size.height,
  });

  function invalidate(boxes: boolean): void {
    boxesAreStale ||= boxes;
    frame ||= requestAnimationFrame(draw);
  }

  function draw(): void {
    frame = 0;
    if (size.width === 0 || size.height === 0 || !theme) return;
    if (boxesAreStale) drawBoxes(theme);
    drawMarks(overlayContext, scene, marks, wide, { theme, scale: drawnScale, size, rectangleOf });
    boxesAreStale = false;
  }

  function measure(): void {
    size = { width: host.clientWidth, height: host.clientHeight };
  }

  function drawBoxes(current: Theme): void {
    // While things move, a sharper picture than one pixel per CSS pixel is work that nobody sees.
    const scale = moving && Number.isInteger(rowCss()) ? 1 : ratio();
    drawnScale = scale;
    const width = Math.max(1, Math.round(size.width * scale));
    const height = Math.max(1, Math.round(size.height * scale));
    for (const each of [canvas, overlay]) {
      if (each.width !== width) each.width = width;
      if (each.height !== height) each.height = height;
    }
    if (image?.width !== width || image.height !== height) image = context.createImageData(width, height);
    if (!scene) {
      wide = [];
      context.fillStyle = `rgb(${current.background.red}, ${current.background.green}, ${current.background.blue})`;
      context.fillRect(0, 0, width, height);
      return;
    }
    const row = Math.round(rowCss() * scale);
    const labelFrom = Math.round((moving ? 34 : 22) * scale);
    const raster = {
      from: view.from,
      to: view.to,
      rowHeight: row,
      scroll: Math.round(view.scroll * scale),
      flipped,
      labelFrom,
    };
    wide = rasterise(image, scene.layout, raster, scene.paint);
    context.putImageData(image, 0, 0);
    const font = `${FONT_SIZE * scale}px ${current.fontFamily}`;
    if (fitter?.font !== font) fitter = { font, fitter: createFitter(context, font) };
    const style = { fitter: fitter.fitter, font, rowHeight: row, padding: Math.round(4 * scale) };
    drawLabels(context, wide, scene.layout.frames, scene.name, scene.paint, style);
  }

  /** In CSS pixels of the pane, not clipped. */
  function rectangleOf(box: number): { left: number; top: number; width: number; height: number } | undefined {
    if (!scene || box < 0 || box >= scene.layout.frames.length) return undefined;
    const scale = size.width / (view.to - view.from);
    const near = rowOf(scene.layout, box) * rowCss() - view.scroll;
    const left = (scene.layout.lefts[box] - view.from) * scale;
    return {
      left,
      top: flipped ? size.height - near - rowCss() : near,
      width: (scene.layout.rights[box] - view.from) * scale - left,
      height: rowCss(),
    };
  }

  function hit(x: number, y: number): number {
    if (!scene) return -1;
    const row = Math.floor(((flipped ? size.height - y : y) + view.scroll) / rowCss());
    const perPixel = (view.to - view.from) / size.width;
    return boxAt(scene.layout, row, view.from + x * perPixel, perPixel * 1.5);
  }

  function set(next: Viewport): void {
    if (next.from === view.from && next.to === view.to && next.scroll === view.scroll) return;
    view = next;
    moving = true;
    clearTimeout(restTimer);
    restTimer = window.setTimeout(() => {
      moving = false;
      invalidate(true);
    }, REST_MS);
    invalidate(true);
    events.moved();
  }

  function stop(): void {
    cancelAnimationFrame(animation);
    animation = 0;
  }

  function moveTo(next: Viewport, { animated = false }: { readonly animated?: boolean } = {}): void {
    stop();
    const target = clamp(next, limits());
    if (!animated || theme?.reducedMotion) {
      set(target);
      return;
    }
    const start = view;
    let begin = 0;
    const step = (now: number): void => {
      begin ||= now;
      const share = Math.min(1, (now - begin) / ANIMATION_MS);
      set(share === 1 ? target : between(start, target, 1 - (1 - share) ** 3));
      animation = share === 1 ? 0 : requestAnimationFrame(step);
    };
    animation = requestAnimationFrame(step);
  }

  listenToPointer(host, {
    panned: (right, down) => moveTo(panned(view, right / size.width, flipped ? -down : down, limits())),
    zoomed: (factor, x) => moveTo(zoomed(view, factor, x / size.width, limits())),
    hovered: (x, y) => {
      const { left, top } = host.getBoundingClientRect();
      events.hovered(hit(x, y), left + x, top + y);
    },
    left: () => events.hovered(-1, 0, 0),
    clicked: (x, y, how) => events.selected(hit(x, y), how),
    doubleClicked: (x, y) => events.zoomedTo(hit(x, y)),
  });

  new ResizeObserver(() => {
    const { width, height } = size;
    measure();
    if (size.width === width && size.height === height) return;
    view = clamp(view, limits());
    invalidate(true);
    events.moved();
  }).observe(host);

  return {
    element: host,
    show: (next, viewport) => {
      stop();
      scene = next;
      measure();
      view = viewport ? clamp(viewport, limits()) : view.to > view.from ? clamp(view, limits()) : whole(limits());
      wide = [];
      // At once: new data need not wait for the next frame to be in it.
      cancelAnimationFrame(frame);
      boxesAreStale = true;
      draw();
      events.moved();
    },
    setTheme: (next) => {
      theme = next;
      fitter = undefined;
      invalidate(true);
    },
    mark: (next) => {
      marks = { ...marks, ...next };
      invalidate(false);
    },
    viewport: () => view,
    limits,
    moveTo,
    rowTop: (row) => row * rowCss(),
    rowHeight: rowCss,
    boxRectangle: (box) => {
      const place = rectangleOf(box);
      if (!place || place.left > size.width || place.left + place.width < 0) return undefined;
      const { left, top } = host.getBoundingClientRect();
      return { left: left + Math.max(0, place.left), top: top + place.top + place.height };
    },
  };
}
