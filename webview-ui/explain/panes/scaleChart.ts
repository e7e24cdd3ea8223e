import { axisBottom, axisLeft, format, line, scaleLog, select } from 'd3';
import type { ScalePoint } from '../../../src/core/database/explainRun';
import { element, svgElement } from '../../common/dom';

const WIDTH = 380;
const HEIGHT = 210;
const margin = { top: 10, right: 16, bottom: 34, left: 58 };

export interface ChartSeries {
  readonly label: string;
  readonly xLabel: string;
  /** Undefined where the point does not tell it. */
  value(point: ScalePoint): number | undefined;
  text(value: number): string;
}

/** A line over the number of documents, both on logarithmic axes: a straight line of slope 1 grows as the collection does. */
export function scaleChart(points: readonly ScalePoint[], { label, xLabel, value, text }: ChartSeries): HTMLElement {
  const known = points.flatMap((point) => {
    const y = value(point);
    return y === undefined || point.rows <= 0 ? [] : [{ x: point.rows, y, sampled: point.sampled }];
  });
  // A logarithmic axis has no 0: it is drawn at the bottom.
  const least = Math.min(...known.map(({ y }) => y).filter((y) => y > 0), 1);
  const floor = least > 0 ? Math.min(least, 1) : 1;
  const at = (y: number): number => Math.max(y, floor);
  const most = Math.max(...known.map(({ y }) => at(y)), floor * 10);
  const x = scaleLog()
    .domain(extentOf(known.map((point) => point.x)))
    .range([margin.left, WIDTH - margin.right]);
  const y = scaleLog()
    .domain([floor, most])
    .range([HEIGHT - margin.bottom, margin.top])
    .nice();
  const svg = svgElement('svg', {
    class: 'scale-chart',
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    role: 'img',
    'aria-label': label,
  });
  const root = select(svg);
  const short = format('.3~s');
  root
    .append('g')
    .attr('class', 'axis')
    .attr('transform', `translate(0,${HEIGHT - margin.bottom})`)
    .call(axisBottom(x).ticks(4, '.3~s').tickSizeOuter(0));
  root
    .append('g')
    .attr('class', 'axis')
    .attr('transform', `translate(${margin.left},0)`)
    .call(axisLeft(y).ticks(4, '.3~s').tickSizeOuter(0));
  root
    .append('text')
    .attr('class', 'axis-label')
    .attr('x', WIDTH - margin.right)
    .attr('y', HEIGHT - 4)
    .attr('text-anchor', 'end')
    .text(xLabel);
  const path = line<(typeof known)[number]>(
    (point) => x(point.x),
    (point) => y(at(point.y)),
  );
  root
    .append('path')
    .attr('class', 'scale-line')
    .attr('d', path(known) ?? '');
  for (const point of known) {
    const dot = root
      .append('circle')
      .attr('class', point.sampled ? 'scale-point' : 'scale-point whole')
      .attr('cx', x(point.x))
      .attr('cy', y(at(point.y)))
      .attr('r', 4);
    dot.append('title').text(`${short(point.x)}: ${text(point.y)}`);
  }
  return element('figure', {}, element('figcaption', {}, label), svg);
}

/** One point has no extent: it is put in the middle. */
function extentOf(values: readonly number[]): [number, number] {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return least < most ? [least, most] : [least / 10, most * 10];
}
