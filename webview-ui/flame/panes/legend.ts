import { patternCovers, Pattern } from '../drawing/boxPaint';
import { heatShade, needsLightInk } from '../drawing/frameColors';
import { changeShade } from '../drawing/paints';
import { cssColor, type Rgb } from '../theme/color';
import { element } from '../../common/dom';
import type { PageModel } from '../model/pageModel';
import { text, type StringKey } from '../model/strings';

export interface Legend {
  readonly element: HTMLElement;
  update(model: PageModel): void;
}

const changes: readonly (readonly [StringKey, number, Pattern])[] = [
  ['legend.gone', -1, Pattern.falling],
  ['legend.half', -0.5, Pattern.none],
  ['legend.same', 0, Pattern.none],
  ['legend.twice', 0.5, Pattern.none],
  ['legend.new', 1, Pattern.rising],
];

/** What the colours say. Packages and files name themselves in tooltips; there are too many for a legend. */
export function createLegend(): Legend {
  const host = element('div', { class: 'legend' });
  return {
    element: host,
    update: ({ choices, theme }) => {
      if (choices.view === 'table') host.replaceChildren();
      else if (choices.view === 'difference') {
        host.replaceChildren(
          ...changes.map(([label, change, pattern]) => entry(text(label), changeShade(change, theme), pattern)),
        );
      } else if (choices.colour === 'heat') {
        const steps = [0, 0.25, 0.5, 0.75, 1].map((heat) => swatch(heatShade(heat, theme), Pattern.none));
        host.replaceChildren(
          text('legend.heat'),
          ' ',
          element('span', { class: 'muted' }, text('legend.cool')),
          ...steps,
          element('span', { class: 'muted' }, text('legend.hot')),
        );
      } else host.replaceChildren();
    },
  };
}

function entry(label: string, color: Rgb, pattern: Pattern): HTMLElement {
  return element('span', { class: 'legend-entry' }, swatch(color, pattern), label);
}

function swatch(color: Rgb, pattern: Pattern): HTMLCanvasElement {
  const canvas = element('canvas', {
    class: 'swatch',
    attributes: { width: '22', height: '12', 'aria-hidden': 'true' },
  });
  const context = canvas.getContext('2d')!;
  context.fillStyle = cssColor(color);
  context.fillRect(0, 0, 22, 12);
  context.fillStyle = needsLightInk(color) ? 'rgba(255, 255, 255, 0.45)' : 'rgba(0, 0, 0, 0.45)';
  for (let y = 0; y < 12; y++)
    for (let x = 0; x < 22; x++) if (patternCovers(pattern, x, y)) context.fillRect(x, y, 1, 1);
  return canvas;
}
