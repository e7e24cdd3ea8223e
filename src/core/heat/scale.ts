/**
 * The colours of heat. Shares fall into six fixed buckets, coldest first. The hue runs from slate blue to yellow, the
 * axis of the Cividis map, which readers with any common colour blindness can tell apart; lightness and the width of
 * the gutter bar say the same once more. package.json contributes exactly these values (a test compares them).
 */

export type HeatTheme = 'dark' | 'light' | 'highContrast' | 'highContrastLight';

export const HEAT_THEMES: readonly HeatTheme[] = ['dark', 'light', 'highContrast', 'highContrastLight'];

/** Lower bounds of the buckets as shares 0..1. Roughly doubling: near the top a step is a matter of seconds, not of noise. */
export const BUCKET_FLOORS: readonly number[] = [0, 0.02, 0.05, 0.1, 0.2, 0.4];

export const bucketCount = BUCKET_FLOORS.length;

/** 1 (coldest) to 6 (hottest). */
export function heatBucket(share: number): number {
  let bucket = 1;
  while (bucket < bucketCount && share >= BUCKET_FLOORS[bucket]) bucket++;
  return bucket;
}

type Rgb = readonly [number, number, number];

/** Cold, middle, hot. Chosen for 4.5:1 against the theme's background, so that they can colour text as well. */
const stops: Record<HeatTheme, readonly [Rgb, Rgb, Rgb]> = {
  dark: [rgb('#8d99b5'), rgb('#b5ac86'), rgb('#ffea46')],
  light: [rgb('#66728c'), rgb('#6d675c'), rgb('#7f5a00')],
  highContrast: [rgb('#a9b6d6'), rgb('#cbc29a'), rgb('#ffea46')],
  highContrastLight: [rgb('#4f5b75'), rgb('#575148'), rgb('#6b4a00')],
};

/** On light paper yellow works as a highlighter does: as a ground, not as ink. */
const groundStops: Record<HeatTheme, readonly [Rgb, Rgb, Rgb]> = {
  dark: stops.dark,
  light: [rgb('#66728c'), rgb('#b3a25c'), rgb('#ffc800')],
  highContrast: stops.highContrast,
  highContrastLight: [rgb('#66728c'), rgb('#b3a25c'), rgb('#ffc800')],
};

const groundAlpha: Record<HeatTheme, readonly [number, number]> = {
  dark: [0.07, 0.3],
  light: [0.08, 0.45],
  highContrast: [0.12, 0.35],
  highContrastLight: [0.1, 0.5],
};

/** Opaque `#rrggbb`: text, badges, gutter bars and the overview ruler. */
export function heatColor(theme: HeatTheme, bucket: number): string {
  return hex(mix(stops[theme], position(bucket)));
}

/** Translucent `#rrggbbaa`: behind the code. */
export function heatGround(theme: HeatTheme, bucket: number): string {
  const [low, high] = groundAlpha[theme];
  const at = position(bucket);
  const alpha = Math.round((low + (high - low) * at) * 255);
  return hex(mix(groundStops[theme], at)) + alpha.toString(16).padStart(2, '0');
}

/** A bar for the gutter, as an SVG document; wider when hotter. */
export function gutterSvg(theme: HeatTheme, bucket: number): string {
  const width = 2 + Math.round((bucket - 1) * 1.6);
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16" viewBox="0 0 16 16">` +
    `<rect x="${16 - width}" y="0" width="${width}" height="16" fill="${heatColor(theme, bucket)}"/></svg>`
  );
}

function position(bucket: number): number {
  return (Math.min(Math.max(bucket, 1), bucketCount) - 1) / (bucketCount - 1);
}

function mix([cold, middle, hot]: readonly [Rgb, Rgb, Rgb], at: number): Rgb {
  const [from, to, t] = at < 0.5 ? [cold, middle, at * 2] : [middle, hot, at * 2 - 1];
  return [0, 1, 2].map((i) => Math.round(from[i] + (to[i] - from[i]) * t)) as unknown as Rgb;
}

function rgb(text: string): Rgb {
  return [1, 3, 5].map((at) => parseInt(text.slice(at, at + 2), 16)) as unknown as Rgb;
}

function hex(color: Rgb): string {
  return '#' + color.map((part) => part.toString(16).padStart(2, '0')).join('');
}
