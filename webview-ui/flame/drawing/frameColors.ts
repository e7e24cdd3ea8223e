import { hcl, interpolateCividis } from 'd3';
import type { ViewFrame } from '../../../src/core/flame/view/profileView';
import type { ColourMode } from '../../../src/core/flame/view/viewOptions';
import { luminance, mix, type Rgb } from '../theme/color';
import { parseColor, type Theme } from '../theme/theme';
import { Pattern } from './boxPaint';

/** What colours depend on, by frame. */
export interface ColorSource {
  readonly mode: ColourMode;
  readonly frames: readonly ViewFrame[];
  /** Self value of each frame, for heat. */
  readonly selfs: Float64Array;
  packageOf(frame: number): string | undefined;
  fileOf(frame: number): string | undefined;
}

/** Ink that reads on a ground: light on dark ones. */
export function needsLightInk(ground: Rgb): boolean {
  return luminance(ground) < 0.26;
}

/** A colour per frame; frames that are no code of a file keep one colour in all modes. */
export function frameColors(source: ColorSource, theme: Theme): Rgb[] {
  const apart = categoryColors(theme);
  const own = groupColors(source, theme);
  return source.frames.map((frame, index) => apart.get(frame.category) ?? own(index));
}

function groupColors(source: ColorSource, theme: Theme): (frame: number) => Rgb {
  if (source.mode === 'heat') return heatColors(source, theme);
  const groups = new Map<string, Rgb>();
  const ofGroup = (name: string | undefined): Rgb => {
    const key = name ?? '';
    let color = groups.get(key);
    if (!color) groups.set(key, (color = groupColor(name, theme)));
    return color;
  };
  return source.mode === 'package'
    ? (frame) => ofGroup(source.packageOf(frame))
    : (frame) => ofGroup(source.fileOf(frame));
}

/** Cividis by what a method costs itself; the square root keeps the many cool ones apart. */
function heatColors({ selfs }: ColorSource, theme: Theme): (frame: number) => Rgb {
  const hottest = selfs.reduce((most, value) => Math.max(most, value), 0) || 1;
  const shades = Array.from({ length: 256 }, (_, at) => heatShade(at / 255, theme));
  return (frame) => shades[Math.round(Math.sqrt(Math.max(0, selfs[frame]) / hottest) * 255)];
}

/** `heat` is 0..1. Also what the legend shows. */
export function heatShade(heat: number, theme: Theme): Rgb {
  if (theme.contrast) return mix(theme.background, theme.foreground, 0.08 + 0.3 * heat);
  const shade = parseColor(interpolateCividis(theme.dark ? 0.12 + 0.83 * heat : 0.2 + 0.8 * heat));
  // Cool boxes are most of the picture: near the background they leave the eye to the hot ones.
  const calm = theme.dark ? 0.3 * (1 - heat) : 0.66 * (1 - heat);
  return mix(shade, theme.background, calm);
}

const HUES = [262, 20, 140, 310, 60, 185, 340, 95, 225, 285, 40, 165];

/** A stable hue by name; the application's own code, which has no package, is always the same blue. */
function groupColor(name: string | undefined, theme: Theme): Rgb {
  if (theme.contrast) return mix(theme.background, theme.foreground, 0.1);
  const hash = name === undefined ? 0 : hashOf(name);
  const hue = name === undefined ? 252 : HUES[hash % HUES.length];
  const tone = name === undefined ? 0 : ((hash >>> 8) % 3) * 4;
  const shade = hcl(hue, theme.dark ? 30 : 34, theme.dark ? 42 + tone : 76 + tone)
    .rgb()
    .clamp();
  return { red: Math.round(shade.r), green: Math.round(shade.g), blue: Math.round(shade.b) };
}

function hashOf(text: string): number {
  let hash = 2166136261;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 16777619);
  return hash >>> 0;
}

function categoryColors(theme: Theme): ReadonlyMap<string, Rgb> {
  const neutral = (share: number): Rgb => mix(theme.background, theme.foreground, share);
  const tinted = (color: string): Rgb =>
    theme.contrast ? neutral(0.08) : mix(parseColor(color), theme.background, theme.dark ? 0.25 : 0.4);
  return new Map([
    ['root', neutral(0.12)],
    ['idle', neutral(0.05)],
    ['program', neutral(0.18)],
    ['gc', tinted('#b5504a')],
    ['native', tinted('#5f7f86')],
    ['node', tinted('#5d8a62')],
    ['wasm', tinted('#8a6fae')],
  ]);
}

/** In high contrast, kinds of frames are told apart without colour. */
export function categoryPattern(category: ViewFrame['category']): Pattern {
  switch (category) {
    case 'gc':
      return Pattern.rising;
    case 'native':
    case 'wasm':
      return Pattern.dots;
    case 'node':
      return Pattern.lines;
    case 'program':
    case 'idle':
      return Pattern.falling;
    case 'root':
    case 'source':
      return Pattern.none;
  }
}
