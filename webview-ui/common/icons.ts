import { svgElement } from './dom';

/** Line icons on a grid of 16, drawn with the colour of the text around them. */
const paths = {
  timeOrder: 'M2 3h12M2 7h4M8 7h2M12 7h2M2 11h2M9 11h1',
  leftHeavy: 'M2 3h12M2 7h9M2 11h5',
  inverted: 'M2 13h12M2 9h9M2 5h5',
  sandwich: 'M4 2h8M3 5h10M2 8h12M3 11h10M4 14h8',
  table: 'M2.5 3.5h11v9h-11zM2.5 6.5h11M6.5 6.5v6',
  difference: 'M8 2v5M5.5 4.5h5M5.5 13h5M3 9.5h10',
  search: 'M7 2.5a4.5 4.5 0 1 1 0 9a4.5 4.5 0 0 1 0-9M10.5 10.5L14 14',
  previous: 'M4 10l4-4 4 4',
  next: 'M4 6l4 4 4-4',
  close: 'M4 4l8 8M12 4l-8 8',
  options: 'M2 4h12M2 8h12M2 12h12M6 2.5v3M10 6.5v3M5 10.5v3',
  export: 'M8 2v8M5 7l3 3 3-3M3 13h10',
  help: 'M6 6a2 2 0 1 1 2.8 1.8c-.5.3-.8.7-.8 1.4M8 11.6v.4M8 1.8a6.2 6.2 0 1 0 0 12.4a6.2 6.2 0 1 0 0-12.4',
  source: 'M9.5 2.5h4v4M13.5 2.5L8 8M11.5 9v4.500h-9v-9H7',
  zoomOut: 'M3 6V3h3M13 6V3h-3M3 10v3h3M13 10v3h-3',
  warning: 'M8 2.500L14.500 13.500h-13zM8 6.500v3.500M8 11.600v.4',
  compare: 'M5 3v10M11 3v10M2.500 5.500L5 3l2.500 2.500M8.500 10.500L11 13l2.500-2.500',
} as const;

export type IconName = keyof typeof paths;

/** Decoration: the control around it has the name. */
export function icon(name: IconName): SVGElement {
  return svgElement(
    'svg',
    { class: 'icon', viewBox: '0 0 16 16', width: '16', height: '16', 'aria-hidden': 'true', focusable: 'false' },
    svgElement('path', { d: paths[name] }),
  );
}
