import type { FrameSources } from '../flame/frameSources';
import type { ColourMode, TimeRange, ViewKind, ViewOptions } from '../flame/view/viewOptions';
import type { FramePlace } from '../profile/frame';
import type { FlameHostSide, FlamePageSide, FlamePageCommand, FlameState } from './flame';
import {
  either,
  isBoolean,
  isBuffer,
  isCount,
  isNumber,
  listOf,
  LONGEST_TEXT,
  made,
  oneOf,
  optional,
  shapeOf,
  textOf,
} from './guards';
import type { SideGuards } from './messenger';
import { pageEventGuards } from './page';

/** UTF-16 units: a script may be named by a `data:` URL that is the script. */
const isName = textOf(10_000_000);
const isLine = textOf(100_000);
const MAX_PROFILES = 10_000;

const isFormat = oneOf('svg', 'png');
const isView = oneOf<ViewKind>('timeOrder', 'leftHeavy', 'inverted', 'sandwich', 'table', 'difference');
const isColour = oneOf<ColourMode>('heat', 'package', 'file');

const isPlace = shapeOf<FramePlace>({ functionName: isName, url: isName, line: isNumber, column: isNumber });

const isOptions = shapeOf<ViewOptions>({
  measure: isCount,
  mergeRecursion: isBoolean,
  foldPackages: isBoolean,
  hideInternals: isBoolean,
  hideIdle: isBoolean,
  range: optional(shapeOf<TimeRange>({ startUs: isNumber, endUs: isNumber })),
});

const isSearch = shapeOf<FlameState['search']>({ query: isLine, isRegExp: isBoolean, matchCase: isBoolean });

const hasStateFields = shapeOf<Omit<FlameState, 'version'>>({
  view: isView,
  options: isOptions,
  colour: isColour,
  search: isSearch,
  normalised: isBoolean,
  focus: listOf(isName),
  selected: optional(isName),
  zoom: shapeOf<FlameState['zoom']>({ from: isNumber, to: isNumber, row: isNumber }),
  sort: shapeOf<FlameState['sort']>({ column: isLine, descending: isBoolean }),
});

export function isFlameState(value: unknown): value is FlameState {
  return hasStateFields(value) && (value as Partial<FlameState>).version === 1;
}

const isCommand = either(
  shapeOf<Exclude<FlamePageCommand, { name: 'view' }>>({
    name: oneOf('find', 'nextMatch', 'previousMatch', 'resetZoom'),
  }),
  shapeOf<Extract<FlamePageCommand, { name: 'view' }>>({ name: oneOf('view'), view: isView }),
);

export const flameHostGuards: SideGuards<FlameHostSide> = {
  events: {
    ...pageEventGuards,
    state: shapeOf({ state: isFlameState }),
    openSource: shapeOf({ place: isPlace, toSide: isBoolean }),
    selected: shapeOf({ place: optional(isPlace) }),
    askExport: shapeOf({ format: optional(isFormat) }),
    askComparison: shapeOf({}),
    chooseProfile: shapeOf({ index: isCount }),
    cancelWork: shapeOf({}),
  },
  requests: {},
};

export const flamePageGuards: SideGuards<FlamePageSide> = {
  events: {
    profile: shapeOf({
      data: isBuffer,
      live: isBoolean,
      titles: listOf(isName, MAX_PROFILES),
      active: isCount,
      state: optional(made<FlameState>()),
    }),
    comparison: shapeOf({ data: isBuffer }),
    sources: shapeOf({ sources: made<FrameSources>() }),
    focus: shapeOf({ frames: listOf(isPlace) }),
    progress: shapeOf({ text: isLine, fraction: optional(isNumber) }),
    failure: shapeOf({ message: isName, nextStep: isLine }),
    ended: shapeOf({ message: isLine }),
    command: shapeOf({ command: isCommand }),
  },
  requests: {
    draw: { params: shapeOf({ format: isFormat }), result: either(textOf(LONGEST_TEXT), isBuffer) },
  },
};
