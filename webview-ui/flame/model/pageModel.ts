import {
  defaultViewOptions,
  type ColourMode,
  type ViewKind,
  type ViewOptions,
} from '../../../src/core/flame/view/viewOptions';
import type { FlameState } from '../../../src/core/protocol/flame';
import type { Theme } from '../theme/theme';
import type { ProfileFacts, SearchResult, TimeRangeUs, ViewResult } from './workerProtocol';
import type { FramePlaceText, SourceBook } from './sources';

export interface SearchChoice {
  readonly query: string;
  readonly isRegExp: boolean;
  readonly matchCase: boolean;
}

/** What the user chose. It is kept whatever the data are. */
export interface Choices {
  readonly view: ViewKind;
  readonly options: ViewOptions;
  readonly colour: ColourMode;
  readonly search: SearchChoice;
  readonly normalised: boolean;
  readonly sort: { readonly column: string; readonly descending: boolean };
}

/** What a difference is of. */
export type Comparison =
  { readonly kind: 'profile' } | { readonly kind: 'ranges'; readonly before: TimeRangeUs; readonly after: TimeRangeUs };

/** Everything the page shows. One object, changed by the page alone; parts of the page read it. */
export interface PageModel {
  choices: Choices;
  theme: Theme;
  readonly sources: SourceBook;
  titles: readonly string[];
  active: number;
  live: boolean;
  facts?: ProfileFacts;
  result?: ViewResult;
  found?: SearchResult;
  comparison?: Comparison;
  /** Identity of the selected method, in any view. */
  selectedKey?: string;
  /** The method in the middle of the sandwich. */
  sandwichKey?: string;
}

export const defaultChoices: Choices = {
  view: 'leftHeavy',
  options: defaultViewOptions,
  colour: 'heat',
  search: { query: '', isRegExp: false, matchCase: false },
  normalised: true,
  sort: { column: 'self', descending: true },
};

/** What a saved state chose; parts that another version wrote differently are taken from the defaults. */
export function choicesOf(state: Partial<FlameState>): Choices {
  return {
    view: state.view ?? defaultChoices.view,
    options: { ...defaultViewOptions, ...state.options },
    colour: state.colour ?? defaultChoices.colour,
    search: { ...defaultChoices.search, ...state.search },
    normalised: state.normalised ?? defaultChoices.normalised,
    sort: { ...defaultChoices.sort, ...state.sort },
  };
}

export function placeOf({ result, sources }: PageModel, frame: number): FramePlaceText {
  const viewFrame = result?.frames[frame];
  return viewFrame ? sources.of(viewFrame, result.frameKeys[frame]) : { name: '', mapped: false };
}

/** Matches by frame, while a search is on and its expression is sound. */
export function activeMatches({ found, result }: PageModel): Uint8Array | undefined {
  return found && found.hint === undefined && found.matches.length === result?.frames.length
    ? found.matches
    : undefined;
}

/** How one method stands in the layouts of a result; each pane has one. */
export function selectedFrame({ result, selectedKey }: PageModel): number {
  return result && selectedKey !== undefined ? result.frameKeys.indexOf(selectedKey) : -1;
}

/** µs at the left edge of time order. */
export function timeOriginUs({ facts, choices }: PageModel): number {
  const start = facts?.timeline?.startUs ?? 0;
  const { range } = choices.options;
  return range ? Math.max(start, range.startUs) : start;
}

export function hasTimes({ facts, choices }: PageModel): boolean {
  return facts?.timeline?.measure === choices.options.measure;
}
