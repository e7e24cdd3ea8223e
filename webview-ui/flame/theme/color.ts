/** Parts 0..255. */
export interface Rgb {
  readonly red: number;
  readonly green: number;
  readonly blue: number;
}

/** `share` 0 is `a`, 1 is `b`. */
export function mix(a: Rgb, b: Rgb, share: number): Rgb {
  const between = (from: number, to: number): number => Math.round(from + (to - from) * share);
  return { red: between(a.red, b.red), green: between(a.green, b.green), blue: between(a.blue, b.blue) };
}

/** Relative luminance 0..1, as of WCAG. */
export function luminance({ red, green, blue }: Rgb): number {
  const linear = (part: number): number => {
    const value = part / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

export function cssColor({ red, green, blue }: Rgb, alpha = 1): string {
  return `rgba(${red}, ${green}, ${blue}, ${alpha})`;
}

/** As one pixel of `ImageData` on a little-endian machine, which all that run VS Code are. */
export function pixel({ red, green, blue }: Rgb): number {
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

export function fromPixel(value: number): Rgb {
  return { red: value & 255, green: (value >> 8) & 255, blue: (value >> 16) & 255 };
}
