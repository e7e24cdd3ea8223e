import { setShown } from '../common/dom';
import { readTheme } from './theme/theme';
import type { DataFlow } from './host/dataFlow';
import type { Kept } from './model/keepPlace';
import { hasTimes, selectedFrame, type PageModel } from './model/pageModel';
import type { PageParts } from './pageParts';

/** Shows the model in all parts of the page. */
export interface PageView {
  update(): void;
  /** Of the model; `kept` says where the user was. `problem`: why there is none. */
  showResult(kept: Kept | undefined, problem: string | undefined): void;
  /** Of the search. */
  showMatches(): void;
  showDetails(): void;
  /** Same result, other names. Those that come soon after one another are shown together. */
  namesChanged(): void;
  themeChanged(): void;
}

const NAMES_REST_MS = 60;
/** Arrow keys pass many boxes by. */
const DETAILS_REST_MS = 80;

export function createPageView(model: PageModel, flow: DataFlow, parts: PageParts): PageView {
  const { stage, table, search, heatStrip } = parts;
  let problem: string | undefined;
  let namesTimer = 0;
  const showDetails = createDetailsLoader(model, flow, parts);

  function update(): void {
    const { view } = model.choices;
    for (const part of [parts.toolbar, search, parts.rangeBar, parts.legend, heatStrip]) part.update(model);
    showParts(model, parts, problem);
    parts.stageHost.setAttribute('aria-labelledby', `tab-${view}`);
    if (view === 'table') table.update(model);
    showDetails();
  }

  return {
    update,
    showDetails,
    showResult: (kept, reason) => {
      problem = reason;
      // What is hidden has no size, and cannot be drawn.
      showParts(model, parts, problem);
      stage.show(kept);
      update();
      showHeatMap(model, flow, parts);
    },
    showMatches: () => {
      stage.repaint();
      update();
      if (model.found && model.result && model.found.hint === undefined && model.choices.search.query)
        parts.announce(search.element.querySelector('.search-result')?.textContent ?? '');
    },
    namesChanged: () => {
      namesTimer ||= window.setTimeout(() => {
        namesTimer = 0;
        if (!model.result) return;
        stage.repaint();
        update();
      }, NAMES_REST_MS);
    },
    themeChanged: () => {
      model.theme = readTheme();
      stage.repaint();
      update();
      showHeatMap(model, flow, parts);
    },
  };
}

function showParts(model: PageModel, { empty, stage, table, heatStrip }: PageParts, problem: string | undefined): void {
  const { view } = model.choices;
  const isEmpty = empty.update(model, problem);
  setShown(stage.element, !isEmpty && view !== 'table');
  setShown(table.element, !isEmpty && view === 'table');
  setShown(stage.minimap, !isEmpty && view !== 'table' && view !== 'sandwich');
  setShown(heatStrip.element, view === 'timeOrder' && hasTimes(model));
}

/** What is known of the selection at once, and the rest when the worker has it. */
function createDetailsLoader(model: PageModel, flow: DataFlow, { stage, details }: PageParts): () => void {
  let turn = 0;
  return () => {
    const mine = ++turn;
    const frame = selectedFrame(model);
    const selection =
      (model.choices.view === 'table' ? undefined : stage.selection()) ??
      (frame >= 0 ? { frame, stack: [] } : undefined);
    details.show(model, selection, undefined);
    if (!selection) return;
    setTimeout(() => {
      if (mine !== turn) return;
      void flow.details(selection.frame).then(
        (found) => mine === turn && details.show(model, selection, found),
        () => undefined,
      );
    }, DETAILS_REST_MS);
  };
}

function showHeatMap(model: PageModel, flow: DataFlow, { heatStrip }: PageParts): void {
  if (model.choices.view !== 'timeOrder' || !hasTimes(model)) return;
  const { columns, rows } = heatStrip.resolution();
  void flow.heatMap(columns, rows).then(
    (map) => heatStrip.show(map, model.theme),
    () => undefined,
  );
}
