import { axisTop, scaleLinear, select } from 'd3';
import { element, svgElement } from '../../common/dom';
import { formatTick } from '../../../src/core/words/measures';

export interface Ruler {
  readonly element: HTMLElement;
  /** µs from the left to the right edge. */
  show(fromUs: number, toUs: number): void;
}

const HEIGHT = 18;

/** Times above the boxes of time order; it says nothing to those who cannot see where the boxes are. */
export function createRuler(): Ruler {
  const group = svgElement('g', { transform: `translate(0,${HEIGHT - 1})` });
  const host = element('div', { class: 'ruler', attributes: { 'aria-hidden': 'true' } });
  host.append(svgElement('svg', { width: '100%', height: String(HEIGHT) }, group));
  const axis = select<SVGGElement, unknown>(group);
  let range: readonly [number, number] = [0, 1];
  let frame = 0;
  const draw = (): void => {
    frame = 0;
    const width = host.clientWidth;
    if (width === 0) return;
    const scale = scaleLinear([...range], [0, width]);
    const count = Math.max(2, Math.floor(width / 110));
    const ticks = scale.ticks(count);
    const step = ticks.length > 1 ? ticks[1] - ticks[0] : range[1] - range[0];
    axis.call(
      axisTop<number>(scale)
        .tickValues(ticks.filter((tick) => scale(tick) > 20 && scale(tick) < width - 24))
        .tickFormat((tick) => formatTick(tick, step))
        .tickSize(4)
        .tickPadding(3),
    );
  };
  const invalidate = (): void => {
    frame ||= requestAnimationFrame(draw);
  };
  new ResizeObserver(invalidate).observe(host);
  return {
    element: host,
    show: (fromUs, toUs) => {
      range = [fromUs, toUs];
      invalidate();
    },
  };
}
