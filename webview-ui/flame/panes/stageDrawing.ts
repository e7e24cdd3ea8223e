import { setShown } from '../../common/dom';
import { widestOf } from '../boxes/findBox';
import { createScenes, layoutsOf } from '../drawing/scene';
import type { Viewport } from '../interaction/viewport';
import { restore, type Kept } from '../model/keepPlace';
import { selectedFrame, timeOriginUs } from '../model/pageModel';
import { select, valuesOf } from './stageSelection';
import type { StageParts } from './stageParts';

const CAPTION_HEIGHT = 24;

/** Draws a result; `kept` says where the user was. */
export function showResult(stage: StageParts, kept: Kept | undefined): void {
  const { model, layers } = stage;
  const { result } = model;
  setLayouts(stage);
  stage.originUs = timeOriginUs(model);
  const { layout } = layers[0];
  const back = kept && layout && result ? restore(layout, result.frameKeys, kept, originOf(stage)) : undefined;
  const wholes = layers.map((layer) => layer.layout && { from: 0, to: layer.layout.width, scroll: 0 });
  drawScenes(stage, [back?.view ?? wholes[0], wholes[1]]);
  // Callers take no more room than they need; what is called gets the rest.
  layers[1].host.style.flexBasis = `${layers[1].pane.limits().contentHeight + CAPTION_HEIGHT}px`;
  if (!result || !layout) {
    select(stage, 0, -1, false);
    return;
  }
  const frame = selectedFrame(model);
  const box = back && back.selected >= 0 ? back.selected : frame >= 0 ? widestOf(layout, frame) : -1;
  select(stage, 0, box, false);
  paneMoved(stage, 0);
}

/** Gives each layer what it draws of the result, and shows those that draw something. */
function setLayouts(stage: StageParts): void {
  const { model, host, layers, ruler, minimap, captions } = stage;
  const { result } = model;
  const layouts = result ? layoutsOf(result) : [];
  const isSandwich = result?.view === 'sandwich';
  host.classList.toggle('sandwich', isSandwich);
  setShown(ruler.element, result?.view === 'timeOrder');
  setShown(minimap.element, layouts.length === 1);
  setShown(layers[1].host, isSandwich);
  captions.forEach((each) => setShown(each, isSandwich));
  layers.forEach((layer, index) => {
    layer.layout = layouts[index]?.layout;
    layer.selected = -1;
  });
  if (layouts.length < 2) stage.active = 0;
}

/** A layer without a viewport stays where it is. */
export function drawScenes({ model, layers, minimap }: StageParts, viewports: readonly (Viewport | undefined)[]): void {
  const { result, theme } = model;
  const sceneOf = createScenes(model);
  layers.forEach(({ pane, layout }, index) => {
    pane.setTheme(theme);
    pane.show(layout && sceneOf(layout), viewports[index]);
  });
  const first = layers[0].layout;
  minimap.show(first && result?.view !== 'sandwich' ? sceneOf(first) : undefined, theme);
}

export function originOf({ model, originUs }: StageParts): number | undefined {
  return model.result?.view === 'timeOrder' ? originUs : undefined;
}

export function paneMoved({ model, layers, minimap, ruler, tooltip, events }: StageParts, index: number): void {
  tooltip.hide();
  if (index !== 0) return;
  const view = layers[0].pane.viewport();
  minimap.setViewport(view);
  if (model.result?.view === 'timeOrder') {
    const origin = timeOriginUs(model) - (model.facts?.timeline?.startUs ?? 0);
    ruler.show(view.from + origin, view.to + origin);
  }
  events.moved();
}

export function hover(stage: StageParts, index: number, box: number, x: number, y: number): void {
  const { pane, layout } = stage.layers[index];
  pane.mark({ hovered: box });
  pane.element.classList.toggle('over-box', box >= 0);
  if (box < 0 || !layout) stage.tooltip.hide();
  else stage.tooltip.show(stage.model, layout.frames[box], valuesOf(stage, layout, box), x, y);
}
