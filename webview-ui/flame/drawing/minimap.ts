import type { FlameLayout } from '../../../src/core/flame/layouts/flameLayout';
import { element } from '../../common/dom';
import type { Viewport } from '../interaction/viewport';
import { text } from '../model/strings';
import type { BoxPaint } from './boxPaint';
import { rowCount } from '../boxes/findBox';
import { rasterise } from './raster';
import { cssColor } from '../theme/color';
import type { Theme } from '../theme/theme';

export interface Minimap {
  readonly element: HTMLElement;
  show(scene: { readonly layout: FlameLayout; readonly paint: BoxPaint } | undefined, theme: Theme): void;
  /** `from` and `to` of the layout's width; undefined where everything is seen. */
  setViewport(view: Viewport): void;
}

/** Deeper rows than this are pixels that nobody could tell apart. */
const MAXIMUM_ROWS = 240;

/** The whole width at a glance, one line of pixels per row, with a window on what the pane shows. */
export function createMinimap(moved: (from: number, to: number) => void): Minimap {
  const canvas = element('canvas', { attributes: { 'aria-hidden': 'true' } });
  const host = element('div', { class: 'minimap', title: text('minimap') }, canvas);
  const context = canvas.getContext('2d', { alpha: false })!;
  const picture = document.createElement('canvas');
  const pictureContext = picture.getContext('2d', { alpha: false })!;
  let scene: { readonly layout: FlameLayout; readonly paint: BoxPaint } | undefined;
  let theme: Theme | undefined;
  let view: Viewport = { from: 0, to: 1, scroll: 0 };
  let pictureIsStale = true;
  let frame = 0;

  function drawPicture(width: number): void {
    if (!scene) return;
    const rows = Math.max(8, Math.min(MAXIMUM_ROWS, rowCount(scene.layout)));
    picture.width = width;
    picture.height = rows;
    const image = pictureContext.createImageData(width, rows);
    const whole = {
      from: 0,
      to: scene.layout.width || 1,
      rowHeight: 1,
      scroll: 0,
      flipped: false,
      labelFrom: Infinity,
    };
    rasterise(image, scene.layout, whole, scene.paint);
    pictureContext.putImageData(image, 0, 0);
  }

  function draw(): void {
    frame = 0;
    const ratio = window.devicePixelRatio || 1;
    const width = Math.round(host.clientWidth * ratio);
    const height = Math.round(host.clientHeight * ratio);
    if (!theme || width === 0 || height === 0) return;
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
      pictureIsStale = true;
    }
    if (pictureIsStale) drawPicture(width);
    pictureIsStale = false;
    context.fillStyle = cssColor(theme.background);
    context.fillRect(0, 0, width, height);
    if (!scene) return;
    // Rows are stretched to at most three pixels: a shallow profile stays shallow.
    const tall = Math.min(height, picture.height * 3 * ratio);
    context.imageSmoothingEnabled = tall < picture.height;
    context.drawImage(picture, 0, 0, width, tall);
    const left = (view.from / scene.layout.width) * width;
    const right = (view.to / scene.layout.width) * width;
    if (right - left >= width - 1) return;
    context.fillStyle = cssColor(theme.background, 0.62);
    context.fillRect(0, 0, left, height);
    context.fillRect(right, 0, width - right, height);
    context.strokeStyle = cssColor(theme.focus);
    context.lineWidth = Math.max(1, Math.round(ratio));
    context.strokeRect(left + 0.5, 0.5, Math.max(2, right - left - 1), height - 1);
  }

  const invalidate = (): void => {
    frame ||= requestAnimationFrame(draw);
  };
  const moveTo = (event: PointerEvent): void => {
    if (!scene) return;
    const { left, width } = host.getBoundingClientRect();
    const middle = ((event.clientX - left) / width) * scene.layout.width;
    const half = (view.to - view.from) / 2;
    moved(middle - half, middle + half);
  };
  host.addEventListener('pointerdown', (event) => {
    host.setPointerCapture(event.pointerId);
    moveTo(event);
  });
  host.addEventListener('pointermove', (event) => {
    if (host.hasPointerCapture(event.pointerId)) moveTo(event);
  });
  new ResizeObserver(invalidate).observe(host);

  return {
    element: host,
    show: (next, current) => {
      scene = next;
      theme = current;
      pictureIsStale = true;
      invalidate();
    },
    setViewport: (next) => {
      view = next;
      invalidate();
    },
  };
}
