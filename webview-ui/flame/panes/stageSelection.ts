import type { FlameLayout } from '../../../src/core/flame/layouts/flameLayout';
import { pathTo, rowOf, widestOf, widthOf } from '../boxes/findBox';
import { fitted, isWhole, revealed, whole } from '../interaction/viewport';
import { matchPosition, nextMatch } from '../interaction/walk';
import { activeMatches } from '../model/pageModel';
import type { Selection } from './details';
import type { StageParts } from './stageParts';
import type { BoxValues } from './valueTexts';

/** A box of a layer; -1 is none. */
export function select(stage: StageParts, index: number, box: number, byUser: boolean, reveal = false): void {
  const { layers, tree, model, events } = stage;
  stage.active = index;
  layers.forEach((layer, at) => {
    layer.selected = at === index ? box : -1;
    layer.pane.mark({ selected: layer.selected, ring: at === index && tree.hasFocus() });
  });
  const { layout } = layers[index];
  tree.show(model, layout, box);
  if (reveal && layout && box >= 0) revealBox(stage, index, box);
  events.selectionChanged(layout && box >= 0 ? layout.frames[box] : undefined, byUser);
  events.moved();
}

function revealBox({ layers }: StageParts, index: number, box: number): void {
  const { pane, layout } = layers[index];
  if (!layout) return;
  const top = pane.rowTop(rowOf(layout, box));
  pane.moveTo(revealed(pane.viewport(), layout.lefts[box], layout.rights[box], top, pane.rowHeight(), pane.limits()), {
    animated: true,
  });
}

export function zoomTo(stage: StageParts, index: number, box: number): void {
  const { pane, layout } = stage.layers[index];
  if (!layout) return;
  select(stage, index, box, true);
  const { lefts, rights } = layout;
  pane.moveTo(fitted(lefts[box], rights[box], pane.rowTop(rowOf(layout, box)), pane.limits()), { animated: true });
}

/** The whole width; the second time the first row too. */
export function resetZoom({ layers }: StageParts): void {
  for (const { pane } of layers) {
    const [view, limits] = [pane.viewport(), pane.limits()];
    pane.moveTo({ ...whole(limits), scroll: isWhole(view, limits) ? 0 : view.scroll }, { animated: true });
  }
}

/** The widest box of a method; false where none is drawn. */
export function selectFrame(stage: StageParts, frame: number): boolean {
  for (const index of [stage.active, 1 - stage.active]) {
    const { layout } = stage.layers[index];
    const box = layout ? widestOf(layout, frame) : -1;
    if (box < 0) continue;
    select(stage, index, box, true, true);
    return true;
  }
  return false;
}

export function zoomToFrame(stage: StageParts, frame: number): boolean {
  const { layout } = stage.layers[0];
  const box = layout ? widestOf(layout, frame) : -1;
  if (box < 0) return false;
  zoomTo(stage, 0, box);
  return true;
}

export function selectMatch(
  stage: StageParts,
  step: 1 | -1,
): { readonly position: number; readonly count: number } | undefined {
  const { layout, selected } = stage.layers[stage.active];
  const matches = activeMatches(stage.model);
  const box = layout && matches ? nextMatch(layout, matches, selected, step) : -1;
  if (!layout || !matches || box < 0) return undefined;
  select(stage, stage.active, box, true, true);
  return matchPosition(layout, matches, box);
}

/** What the details show of the selected box. */
export function selectionOf(stage: StageParts): Selection | undefined {
  const index = stage.active;
  const { layout, selected } = stage.layers[index];
  if (!layout || selected < 0) return undefined;
  const stack = pathTo(layout, selected).map((box) => ({
    frame: layout.frames[box],
    choose: () => select(stage, index, box, true, true),
  }));
  return {
    frame: layout.frames[selected],
    stack,
    box: valuesOf(stage, layout, selected),
    zoom: () => zoomTo(stage, index, selected),
  };
}

export function valuesOf({ model }: StageParts, layout: FlameLayout, box: number): BoxValues {
  const { result } = model;
  const self = layout.selfs[box];
  if (result?.view === 'difference')
    return { self, total: result.layout.after[box], before: result.layout.before[box] };
  return { self, total: widthOf(layout, box) };
}
