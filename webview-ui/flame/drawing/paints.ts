import { interpolatePuOr } from 'd3';
import type { DifferenceLayout, FlameLayout } from '../../../src/core/flame/layouts/flameLayout';
import { Pattern, type BoxPaint } from './boxPaint';
import { categoryPattern, frameColors, needsLightInk, type ColorSource } from './frameColors';
import { mix, pixel, type Rgb } from '../theme/color';
import { parseColor, type Theme } from '../theme/theme';

/** Colours of frames of one view result, made once and used for every drawing of it. */
export interface FramePaints {
  readonly fills: Uint32Array;
  /** 1: light ink. */
  readonly inks: Uint8Array;
  readonly patterns: Uint8Array;
}

/** How much of a box that a search did not match is taken back into the background. */
const DIMMING = 0.8;

/** `matches` by frame: what does not match is dimmed. */
export function framePaints(source: ColorSource, theme: Theme, matches: Uint8Array | undefined): FramePaints {
  const colors = frameColors(source, theme);
  const fills = new Uint32Array(colors.length);
  const inks = new Uint8Array(colors.length);
  const patterns = new Uint8Array(colors.length);
  for (let frame = 0; frame < colors.length; frame++) {
    const color = matches ? searchedColor(colors[frame], matches[frame] === 1, theme) : colors[frame];
    fills[frame] = pixel(color);
    inks[frame] = needsLightInk(color) ? 1 : 0;
    patterns[frame] = theme.contrast ? categoryPattern(source.frames[frame].category) : Pattern.none;
  }
  return { fills, inks, patterns };
}

function searchedColor(color: Rgb, matched: boolean, theme: Theme): Rgb {
  if (!matched) return mix(color, theme.background, DIMMING);
  return theme.contrast ? mix(color, theme.match, 0.8) : theme.match;
}

export function paintByFrame(
  layout: FlameLayout,
  paints: FramePaints,
  theme: Theme,
  matches: Uint8Array | undefined,
): BoxPaint {
  const { frames } = layout;
  const { fills, inks, patterns } = paints;
  return {
    fill: (box) => fills[frames[box]],
    lightInk: (box) => inks[frames[box]] === 1,
    pattern: (box) => patterns[frames[box]],
    ...matching(layout, matches),
    ...grounds(theme),
  };
}

/**
 * Orange costs more than before, purple less: the ends of the PuOr scheme, which readers with any common colour blindness
 * tell apart, over a middle of the theme. New and vanished ones have a pattern as well.
 */
export function paintDifference(layout: DifferenceLayout, theme: Theme, matches: Uint8Array | undefined): BoxPaint {
  const { frames, before, after } = layout;
  const shades = Array.from({ length: 201 }, (_, at) => changeShade((at - 100) / 100, theme));
  const pick = (dim: boolean): { fills: number[]; inks: boolean[] } => {
    const colors = dim ? shades.map((shade) => mix(shade, theme.background, DIMMING)) : shades;
    return { fills: colors.map(pixel), inks: colors.map(needsLightInk) };
  };
  const plain = pick(false);
  const dimmed = matches ? pick(true) : plain;
  const ofBox = (box: number): typeof plain => (matches && matches[frames[box]] !== 1 ? dimmed : plain);
  const at = (box: number): number => Math.round(changeOf(before[box], after[box]) * 100) + 100;
  return {
    fill: (box) => ofBox(box).fills[at(box)],
    lightInk: (box) => ofBox(box).inks[at(box)],
    pattern: (box) => (before[box] === 0 ? Pattern.rising : after[box] === 0 ? Pattern.falling : Pattern.none),
    ...matching(layout, matches),
    ...grounds(theme),
  };
}

/** -1 is gone, -0.5 half, 0 the same, 0.5 twice, 1 new. */
function changeOf(before: number, after: number): number {
  const most = Math.max(before, after);
  return most > 0 ? (after - before) / most : 0;
}

/** Also what the legend shows. */
export function changeShade(change: number, theme: Theme): Rgb {
  const middle = mix(theme.background, theme.foreground, theme.contrast ? 0.08 : 0.14);
  const end = parseColor(interpolatePuOr(change > 0 ? 0.82 : 0.2));
  return mix(middle, end, Math.abs(change) ** 0.8);
}

function matching({ frames }: FlameLayout, matches: Uint8Array | undefined): Pick<BoxPaint, 'matches'> {
  return matches ? { matches: (box) => matches[frames[box]] === 1 } : {};
}

function grounds(theme: Theme): Pick<BoxPaint, 'background' | 'gap' | 'edge'> {
  const background = pixel(theme.background);
  return theme.contrast
    ? { background, gap: pixel(theme.border), edge: pixel(theme.border) }
    : { background, gap: background };
}
