import type { FlameLayout } from '../../../src/core/flame/layouts/flameLayout';
import { createStackTree } from '../access/stackTree';
import { rowOf, widestOf, widthOf, pathTo } from '../drawing/findBox';
import { createFlamePane, type FlamePane, type Scene } from '../drawing/flamePane';
import { createMinimap } from '../drawing/minimap';
import { createRuler } from '../drawing/ruler';
import { createScenes, layoutsOf } from '../drawing/scene';
import { element, setShown } from '../../common/dom';
import type { KeyCommand } from '../interaction/keyboard';
import { fitted, isWhole, panned, revealed, whole, zoomed, type Viewport } from '../interaction/viewport';
import { matchPosition, nextMatch, walk, type Step } from '../interaction/walk';
import type { PageActions } from '../model/actions';
import { keysOf, remember, restore, type Kept } from '../model/keepPlace';
import { activeMatches, selectedFrame, timeOriginUs, type PageModel } from '../model/pageModel';
import { zoomOf, type Seen } from '../model/stateKeeping';
import { text } from '../strings';
import type { Selection } from './details';
import { createTooltip } from './tooltip';

/** One drawing and what is in it. */
interface Layer {
  readonly pane: FlamePane;
  readonly host: HTMLElement;
  layout?: FlameLayout;
  selected: number;
}

export interface DrawnScene extends Scene {
  readonly viewport: Viewport;
  readonly flipped: boolean;
}

export interface StageEvents {
  /** The user chose a box, or what stood for the selection changed with the data. */
  selectionChanged(frame: number | undefined, byUser: boolean): void;
  /** Something that the saved state tells has changed. */
  moved(): void;
}

export interface Stage {
  readonly element: HTMLElement;
  readonly minimap: HTMLElement;
  /** Draws a result; `kept` says where the user was. */
  show(kept: Kept | undefined): void;
  /** Same boxes, other colours or names. */
  repaint(): void;
  remember(): Kept | undefined;
  seen(): Seen;
  selection(): Selection | undefined;
  selectFrame(frame: number): boolean;
  zoomToFrame(frame: number): boolean;
  /** What is drawn, for an export of it. */
  scene(): DrawnScene | undefined;
  nextMatch(step: 1 | -1): { readonly position: number; readonly count: number } | undefined;
  run(command: KeyCommand): boolean;
  resetZoom(): void;
  focus(): void;
  rowHeight(): number;
}

const captionHeight = 24;
const zoomStep = 1.4;
const panStep = 0.15;

/** The drawings of all views but the table: one, or callers above callees. */
export function createStage(model: PageModel, actions: PageActions, events: StageEvents): Stage {
  const tooltip = createTooltip();
  const ruler = createRuler();
  const caption = (label: string): HTMLElement => element('div', { class: 'caption' }, label);
  const layers: Layer[] = [false, true].map((flipped, index) => {
    const pane = createFlamePane(flipped, {
      selected: (box, { open, toSide }) => {
        select(index, box, true);
        tree.focus();
        if (open && box >= 0) actions.openSource(layers[index].layout!.frames[box], toSide);
      },
      zoomedTo: (box) => (box >= 0 ? zoomTo(index, box) : resetZoom()),
      hovered: (box, x, y) => hover(index, box, x, y),
      moved: () => paneMoved(index),
    });
    const host = element('div', { class: flipped ? 'layer callers' : 'layer' }, pane.element);
    return { pane, host, selected: -1 };
  });
  const captions = [caption(text('flame.callees')), caption(text('flame.callers'))];
  layers.forEach(({ host }, index) => (index === 0 ? host.prepend(captions[0]) : host.append(captions[1])));
  const minimap = createMinimap((from, to) => layers[0].pane.moveTo({ ...layers[0].pane.viewport(), from, to }));
  const tree = createStackTree(
    (box) => select(active, box, true, true),
    () => layers.forEach(({ pane }, index) => pane.mark({ ring: index === active && tree.hasFocus() })),
  );
  const host = element(
    'div',
    { class: 'drawings' },
    ruler.element,
    layers[1].host,
    layers[0].host,
    tree.element,
    tooltip.element,
  );
  let active = 0;
  /** Of what is drawn; the facts may be of newer data already. */
  let originUs = 0;
  const originOf = (): number | undefined => (model.result?.view === 'timeOrder' ? originUs : undefined);

  function paneMoved(index: number): void {
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

  function hover(index: number, box: number, x: number, y: number): void {
    const { pane, layout } = layers[index];
    pane.mark({ hovered: box });
    pane.element.classList.toggle('over-box', box >= 0);
    if (box < 0 || !layout) tooltip.hide();
    else tooltip.show(model, layout.frames[box], valuesOf(layout, box), x, y);
  }

  function valuesOf(layout: FlameLayout, box: number): { self: number; total: number; before?: number } {
    const { result } = model;
    const self = layout.selfs[box];
    if (result?.view === 'difference')
      return { self, total: result.layout.after[box], before: result.layout.before[box] };
    return { self, total: widthOf(layout, box) };
  }

  function select(index: number, box: number, byUser: boolean, reveal = false): void {
    active = index;
    layers.forEach((layer, at) => {
      layer.selected = at === index ? box : -1;
      layer.pane.mark({ selected: layer.selected, ring: at === index && tree.hasFocus() });
    });
    const { layout } = layers[index];
    tree.show(model, layout, box);
    if (reveal && layout && box >= 0) revealBox(index, box);
    events.selectionChanged(layout && box >= 0 ? layout.frames[box] : undefined, byUser);
    events.moved();
  }

  function revealBox(index: number, box: number): void {
    const { pane, layout } = layers[index];
    if (!layout) return;
    const top = pane.rowTop(rowOf(layout, box));
    pane.moveTo(
      revealed(pane.viewport(), layout.lefts[box], layout.rights[box], top, pane.rowHeight(), pane.limits()),
      { animated: true },
    );
  }

  function zoomTo(index: number, box: number): void {
    const { pane, layout } = layers[index];
    if (!layout) return;
    select(index, box, true);
    const { lefts, rights } = layout;
    pane.moveTo(fitted(lefts[box], rights[box], pane.rowTop(rowOf(layout, box)), pane.limits()), { animated: true });
  }

  function drawScenes(viewports: readonly (Viewport | undefined)[]): void {
    const { result, theme } = model;
    const sceneOf = createScenes(model);
    layers.forEach(({ pane, layout }, index) => {
      pane.setTheme(theme);
      pane.show(layout && sceneOf(layout), viewports[index]);
    });
    const first = layers[0].layout;
    minimap.show(first && result?.view !== 'sandwich' ? sceneOf(first) : undefined, theme);
  }

  function show(kept: Kept | undefined): void {
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
    if (layouts.length < 2) active = 0;
    originUs = timeOriginUs(model);
    const { layout } = layers[0];
    const back = kept && layout && result ? restore(layout, result.frameKeys, kept, originOf()) : undefined;
    const wholes = layers.map((layer) => layer.layout && { from: 0, to: layer.layout.width, scroll: 0 });
    drawScenes([back?.view ?? wholes[0], wholes[1]]);
    // Callers take no more room than they need; what is called gets the rest.
    layers[1].host.style.flexBasis = `${layers[1].pane.limits().contentHeight + captionHeight}px`;
    if (!result || !layout) {
      select(0, -1, false);
      return;
    }
    const frame = selectedFrame(model);
    const box = back && back.selected >= 0 ? back.selected : frame >= 0 ? widestOf(layout, frame) : -1;
    select(0, box, false);
    paneMoved(0);
  }

  /** The whole width; the second time the first row too. */
  function resetZoom(): void {
    for (const { pane } of layers) {
      const [view, limits] = [pane.viewport(), pane.limits()];
      pane.moveTo({ ...whole(limits), scroll: isWhole(view, limits) ? 0 : view.scroll }, { animated: true });
    }
  }

  const steps: Partial<Record<string, (flipped: boolean) => Step>> = {
    caller: (flipped) => (flipped ? 'awayFromRoot' : 'towardRoot'),
    callee: (flipped) => (flipped ? 'towardRoot' : 'awayFromRoot'),
    previousSibling: () => 'previous',
    nextSibling: () => 'next',
    root: () => 'root',
  };

  function run(command: KeyCommand): boolean {
    const { pane, layout, selected } = layers[active];
    if (!layout || typeof command !== 'string') return false;
    const step = steps[command]?.(active === 1);
    if (step) {
      const next = walk(layout, selected, step, pane.viewport(), pane.element.clientWidth);
      // From the method in the middle of a sandwich the way leads on into the other half.
      if (next < 0 && step === 'towardRoot' && model.result?.view === 'sandwich') select(1 - active, 0, true, true);
      else if (next >= 0) select(active, next, true, true);
      tree.focus();
      return true;
    }
    const view = pane.viewport();
    const limits = pane.limits();
    const middle = 0.5;
    if (command === 'zoomIn' || command === 'zoomOut') {
      pane.moveTo(zoomed(view, command === 'zoomIn' ? zoomStep : 1 / zoomStep, middle, limits), { animated: true });
    } else if (command === 'panLeft' || command === 'panRight') {
      pane.moveTo(panned(view, command === 'panLeft' ? -panStep : panStep, 0, limits), { animated: true });
    } else if (command === 'rowsUp' || command === 'rowsDown') {
      const by = (command === 'rowsUp') === (active === 0) ? -limits.height * 0.8 : limits.height * 0.8;
      pane.moveTo(panned(view, 0, by, limits), { animated: true });
    } else if (command === 'zoomToSelected') {
      if (selected >= 0) zoomTo(active, selected);
    } else return false;
    return true;
  }

  return {
    element: host,
    minimap: minimap.element,
    show,
    repaint: () => {
      drawScenes([]);
      tree.show(model, layers[active].layout, layers[active].selected);
    },
    remember: () => {
      const { layout, pane, selected } = layers[0];
      return layout && model.result
        ? remember(layout, model.result.frameKeys, pane.viewport(), selected, originOf())
        : undefined;
    },
    seen: () => {
      const { pane, layout, selected } = layers[0];
      return {
        focus: layout && model.result && selected >= 0 ? keysOf(layout, model.result.frameKeys, selected) : [],
        zoom: zoomOf(pane.viewport(), layout?.width ?? 1, pane.rowHeight()),
      };
    },
    selection: () => {
      const { layout, selected } = layers[active];
      if (!layout || selected < 0) return undefined;
      const index = active;
      const stack = pathTo(layout, selected).map((box) => ({
        frame: layout.frames[box],
        choose: () => select(index, box, true, true),
      }));
      return {
        frame: layout.frames[selected],
        stack,
        box: valuesOf(layout, selected),
        zoom: () => zoomTo(index, selected),
      };
    },
    selectFrame: (frame) => {
      for (const index of [active, 1 - active]) {
        const { layout } = layers[index];
        const box = layout ? widestOf(layout, frame) : -1;
        if (box < 0) continue;
        select(index, box, true, true);
        return true;
      }
      return false;
    },
    zoomToFrame: (frame) => {
      const { layout } = layers[0];
      const box = layout ? widestOf(layout, frame) : -1;
      if (box < 0) return false;
      zoomTo(0, box);
      return true;
    },
    scene: () => {
      const { layout } = layers[active];
      return (
        layout && { ...createScenes(model)(layout), viewport: layers[active].pane.viewport(), flipped: active === 1 }
      );
    },
    nextMatch: (step) => {
      const { layout, selected } = layers[active];
      const matches = activeMatches(model);
      const box = layout && matches ? nextMatch(layout, matches, selected, step) : -1;
      if (!layout || !matches || box < 0) return undefined;
      select(active, box, true, true);
      return matchPosition(layout, matches, box);
    },
    run,
    resetZoom,
    focus: () => tree.focus(),
    rowHeight: () => layers[0].pane.rowHeight(),
  };
}
