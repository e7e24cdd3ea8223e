import type { Scene } from './flamePane';
import type { WideBoxes } from './raster';
import { cssColor } from '../theme/color';
import type { Theme } from '../theme/theme';

/** What is drawn over the boxes; box numbers, -1 for none. */
export interface Marks {
  readonly selected: number;
  readonly hovered: number;
  /** The keyboard's focus is on the selected box. */
  readonly ring: boolean;
}

interface Rectangle {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface MarkFrame {
  readonly theme: Theme;
  /** Canvas pixels per CSS pixel. */
  readonly scale: number;
  /** CSS pixels. */
  readonly size: { readonly width: number; readonly height: number };
  /** CSS pixels; undefined for no box. */
  rectangleOf(box: number): Rectangle | undefined;
}

export function drawMarks(
  context: CanvasRenderingContext2D,
  scene: Scene | undefined,
  marks: Marks,
  wide: WideBoxes,
  { theme, scale, size, rectangleOf }: MarkFrame,
): void {
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, context.canvas.width, context.canvas.height);
  if (!scene) return;
  context.setTransform(scale, 0, 0, scale, 0, 0);
  const outline = (rectangle: Rectangle, color: string, width: number): void => {
    // Cut at the edges, so that the outline of a box that goes on is not closed there but can be seen.
    const left = Math.max(-2, rectangle.left);
    const right = Math.min(size.width + 2, rectangle.left + Math.max(3, rectangle.width));
    if (right <= left) return;
    context.strokeStyle = color;
    context.lineWidth = width;
    context.strokeRect(
      left + width / 2,
      rectangle.top + width / 2 - 0.5,
      right - left - width - 0.5,
      rectangle.height - width,
    );
  };
  if (theme.contrast && scene.paint.matches) {
    for (let at = 0; at < wide.length; at += 4) {
      const rectangle = scene.paint.matches(wide[at]) ? rectangleOf(wide[at]) : undefined;
      if (rectangle) outline(rectangle, cssColor(theme.match), 2);
    }
  }
  const { frames } = scene.layout;
  if (marks.selected >= 0) {
    // The same function elsewhere.
    for (let at = 0; at < wide.length; at += 4) {
      const rectangle =
        wide[at] !== marks.selected && frames[wide[at]] === frames[marks.selected] ? rectangleOf(wide[at]) : undefined;
      if (rectangle) outline(rectangle, cssColor(theme.focus, 0.55), 1);
    }
  }
  const hovered = marks.hovered >= 0 && marks.hovered !== marks.selected ? rectangleOf(marks.hovered) : undefined;
  if (hovered) outline(hovered, cssColor(theme.foreground, 0.8), 1);
  const selected = rectangleOf(marks.selected);
  if (selected) outline(selected, cssColor(marks.ring ? theme.focus : theme.foreground), marks.ring ? 2 : 1.5);
}
