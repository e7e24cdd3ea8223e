/** How boxes look, as a drawing asks for it. */
export interface BoxPaint {
  /** Pixel of the fill, see `pixel`. */
  fill(box: number): number;
  /** Whether the text on it is light. */
  lightInk(box: number): boolean;
  pattern(box: number): Pattern;
  /** Wins where boxes are narrower than a pixel, so that a match is seen at any zoom. */
  readonly matches?: (box: number) => boolean;
  readonly background: number;
  /** Last pixel of a box. */
  readonly gap: number;
  /** Last line of a row, under its boxes; the background where it is left out. */
  readonly edge?: number;
}

/** Told apart without colour: what is new and what is gone, and in high contrast the kinds of frames. */
export enum Pattern {
  none = 0,
  rising = 1,
  falling = 2,
  dots = 3,
  lines = 4,
}

/** Whether a pattern's ink covers a pixel. */
export function patternCovers(pattern: Pattern, x: number, y: number): boolean {
  switch (pattern) {
    case Pattern.none:
      return false;
    case Pattern.rising:
      return (x + y) % 7 < 2;
    case Pattern.falling:
      return (((x - y) % 7) + 7) % 7 < 2;
    case Pattern.dots:
      return x % 5 < 2 && y % 5 < 2;
    case Pattern.lines:
      return y % 4 === 0;
  }
}
