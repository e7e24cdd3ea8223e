import { rgb } from 'd3';
import { luminance, mix, type Rgb } from './color';

/** What a canvas needs of the editor's theme, resolved to numbers. */
export interface Theme {
  readonly dark: boolean;
  /** High contrast, or colours forced by the system: outlines and patterns instead of fills. */
  readonly contrast: boolean;
  readonly background: Rgb;
  readonly foreground: Rgb;
  readonly muted: Rgb;
  /** Outline of boxes in high contrast, else a quiet line. */
  readonly border: Rgb;
  readonly focus: Rgb;
  readonly match: Rgb;
  readonly reducedMotion: boolean;
  /** As of `CanvasRenderingContext2D.font`, without the size. */
  readonly fontFamily: string;
}

const media = {
  motion: '(prefers-reduced-motion: reduce)',
  forced: '(forced-colors: active)',
  scheme: '(prefers-color-scheme: dark)',
};

/**
 * Resolved through an element, because the values may be any CSS colour: a theme's `#rrggbbaa`, a fallback of the style sheet,
 * a system colour.
 */
export function readTheme(): Theme {
  const probe = document.createElement('span');
  probe.hidden = true;
  document.body.append(probe);
  const ground: Rgb = { red: 255, green: 255, blue: 255 };
  const color = (variable: string, under: Rgb): Rgb => {
    probe.style.color = `var(${variable})`;
    const { r, g, b, opacity } = rgb(getComputedStyle(probe).color);
    return Number.isNaN(r) ? under : mix(under, { red: r, green: g, blue: b }, opacity);
  };
  try {
    const background = color('--hl-background', ground);
    const { classList } = document.body;
    const contrast = classList.contains('vscode-high-contrast') || matchMedia(media.forced).matches;
    return {
      dark: luminance(background) < 0.4,
      contrast,
      background,
      foreground: color('--hl-foreground', background),
      muted: color('--hl-muted', background),
      border: color(contrast ? '--hl-contrast-border' : '--hl-border', background),
      focus: color('--hl-focus', background),
      match: color('--hl-match', background),
      reducedMotion: classList.contains('vscode-reduce-motion') || matchMedia(media.motion).matches,
      fontFamily: getComputedStyle(document.body).getPropertyValue('--hl-mono').trim() || 'monospace',
    };
  } finally {
    probe.remove();
  }
}

/** The editor changes a theme by classes of the body and variables on the document's element. */
export function watchTheme(changed: () => void): void {
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] });
  observer.observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-id'] });
  for (const query of Object.values(media)) matchMedia(query).addEventListener('change', changed);
}

export function parseColor(text: string): Rgb {
  const { r, g, b } = rgb(text);
  return { red: Math.round(r), green: Math.round(g), blue: Math.round(b) };
}
