import type { ColourMode, ViewKind, ViewOptions } from '../../../src/core/flame/view/viewOptions';
import type { PageExportFormat } from '../../../src/core/protocol/flame';
import type { TimeRangeUs } from './workerProtocol';
import type { Choices, SearchChoice } from './pageModel';

/** What the parts of the page ask for; the page does it, and then shows the new model in all parts. */
export interface PageActions {
  setView(view: ViewKind): void;
  setOptions(options: Partial<ViewOptions>): void;
  setColour(colour: ColourMode): void;
  setNormalised(normalised: boolean): void;
  setSearch(search: SearchChoice): void;
  setSort(sort: Choices['sort']): void;
  /** Undefined is the whole time. */
  setRange(range: TimeRangeUs | undefined): void;
  compareRanges(before: TimeRangeUs, after: TimeRangeUs): void;
  endComparison(): void;
  chooseComparison(): void;
  chooseProfile(index: number): void;
  /** A method by its frame in the current result; undefined selects nothing. */
  selectFrame(frame: number | undefined): void;
  openSource(frame: number, toSide: boolean): void;
  showSandwich(frame: number): void;
  nextMatch(step: 1 | -1): void;
  /** One of the page's own formats, or the question for any of all. */
  exportAs(format: PageExportFormat | 'other'): void;
  resetZoom(): void;
  showHelp(): void;
  cancelWork(): void;
  announce(text: string): void;
}
