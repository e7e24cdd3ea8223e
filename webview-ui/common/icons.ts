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
  copy: 'M5.500 5.500v-3h8v8h-3M2.500 5.500h8v8h-8z',
  info: 'M8 1.8a6.2 6.2 0 1 0 0 12.4a6.2 6.2 0 1 0 0-12.4M8 7v4.500M8 4.600v.4',
  error: 'M8 1.8a6.2 6.2 0 1 0 0 12.4a6.2 6.2 0 1 0 0-12.4M5.800 5.800l4.400 4.400M10.200 5.800l-4.400 4.400',
  tree: 'M3 3h5M5 6.500h5M7 10h5M5 13h4M3 3v10h2',
  rejected: 'M2.500 3.500h4.500v9h-4.500zM9 3.500h4.500v9h-4.500zM10 8h2.500',
  comparison: 'M2 13V8h3v5zM6.500 13V3h3v10zM11 13v-3h3v3z',
  scale: 'M2.500 2.500v11h11M4.500 11c4 0 6-2 8-7.500',
  raw: 'M6 3c-2 0-2 1-2 2.500S4 8 2.500 8C4 8 4 9 4 10.500S4 13 6 13M10 3c2 0 2 1 2 2.500S12 8 13.500 8C12 8 12 9 12 10.500S12 13 10 13',
  history: 'M8 4.500V8l2.500 1.500M2.500 8a5.500 5.500 0 1 0 2-4.200M2.500 2.500v2.500h2.500',
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
