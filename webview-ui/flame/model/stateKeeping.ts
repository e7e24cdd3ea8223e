import type { FlameState } from '../../../src/core/protocol/flame';
import type { Viewport } from '../interaction/viewport';
import type { Kept } from './keepPlace';
import type { PageModel } from './pageModel';

/** What the drawing adds to the state: the stack that is selected, and what is seen. */
export interface Seen {
  readonly focus: readonly string[];
  readonly zoom: FlameState['zoom'];
}

export function stateOf({ choices, selectedKey }: PageModel, { focus, zoom }: Seen): FlameState {
  return {
    version: 1,
    view: choices.view,
    options: choices.options,
    colour: choices.colour,
    search: choices.search,
    normalised: choices.normalised,
    sort: choices.sort,
    focus,
    ...(selectedKey === undefined ? {} : { selected: selectedKey }),
    zoom,
  };
}

export function zoomOf(view: Viewport, width: number, rowHeight: number): FlameState['zoom'] {
  const most = width > 0 ? width : 1;
  return { from: view.from / most, to: view.to / most, row: Math.round(view.scroll / rowHeight) };
}

/** Where a saved state was, to be found again in the data. */
export function keptOf({ zoom, focus }: Partial<FlameState>, rowHeight: number): Kept | undefined {
  if (!zoom || !(zoom.to > zoom.from)) return undefined;
  return {
    anchor: focus?.slice(0, 1) ?? [''],
    from: zoom.from,
    to: zoom.to,
    scroll: zoom.row * rowHeight,
    selected: focus ?? [],
  };
}
