import type { FlamePaneEvents, Scene } from '../drawing/flamePane';
import { createScenes } from '../drawing/scene';
import type { KeyCommand } from '../interaction/keyboard';
import type { Viewport } from '../interaction/viewport';
import type { PageActions } from '../model/actions';
import { keysOf, remember, type Kept } from '../model/keepPlace';
import type { PageModel } from '../model/pageModel';
import { zoomOf, type Seen } from '../model/stateKeeping';
import type { Selection } from './details';
import { drawScenes, hover, originOf, paneMoved, showResult } from './stageDrawing';
import { runKey } from './stageKeys';
import { createStageParts, type StageEvents, type StageParts } from './stageParts';
import { resetZoom, select, selectFrame, selectionOf, selectMatch, zoomTo, zoomToFrame } from './stageSelection';

export interface DrawnScene extends Scene {
  readonly viewport: Viewport;
  readonly flipped: boolean;
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

/** The drawings of all views but the table: one, or callers above callees. */
export function createStage(model: PageModel, actions: PageActions, events: StageEvents): Stage {
  const stage = createStageParts(model, events, {
    paneEvents: (index) => paneEvents(() => stage, index, actions),
    minimapMoved: (from, to) => {
      const [{ pane }] = stage.layers;
      pane.moveTo({ ...pane.viewport(), from, to });
    },
    chosen: (box) => select(stage, stage.active, box, true, true),
    treeFocusChanged: () =>
      stage.layers.forEach(({ pane }, index) => pane.mark({ ring: index === stage.active && stage.tree.hasFocus() })),
  });
  return {
    element: stage.host,
    minimap: stage.minimap.element,
    show: (kept) => showResult(stage, kept),
    repaint: () => {
      drawScenes(stage, []);
      const { layout, selected } = stage.layers[stage.active];
      stage.tree.show(model, layout, selected);
    },
    remember: () => rememberPlace(stage),
    seen: () => seenOf(stage),
    selection: () => selectionOf(stage),
    selectFrame: (frame) => selectFrame(stage, frame),
    zoomToFrame: (frame) => zoomToFrame(stage, frame),
    scene: () => drawnScene(stage),
    nextMatch: (step) => selectMatch(stage, step),
    run: (command) => runKey(stage, command),
    resetZoom: () => resetZoom(stage),
    focus: () => stage.tree.focus(),
    rowHeight: () => stage.layers[0].pane.rowHeight(),
  };
}

/** `stageOf`, because panes are made before the stage that they are part of. */
function paneEvents(stageOf: () => StageParts, index: number, actions: PageActions): FlamePaneEvents {
  return {
    selected: (box, { open, toSide }) => {
      const stage = stageOf();
      select(stage, index, box, true);
      stage.tree.focus();
      if (open && box >= 0) actions.openSource(stage.layers[index].layout!.frames[box], toSide);
    },
    zoomedTo: (box) => (box >= 0 ? zoomTo(stageOf(), index, box) : resetZoom(stageOf())),
    hovered: (box, x, y) => hover(stageOf(), index, box, x, y),
    moved: () => paneMoved(stageOf(), index),
  };
}

function rememberPlace(stage: StageParts): Kept | undefined {
  const { layout, pane, selected } = stage.layers[0];
  const { result } = stage.model;
  return layout && result ? remember(layout, result.frameKeys, pane.viewport(), selected, originOf(stage)) : undefined;
}

function seenOf({ model, layers }: StageParts): Seen {
  const { pane, layout, selected } = layers[0];
  return {
    focus: layout && model.result && selected >= 0 ? keysOf(layout, model.result.frameKeys, selected) : [],
    zoom: zoomOf(pane.viewport(), layout?.width ?? 1, pane.rowHeight()),
  };
}

function drawnScene({ model, layers, active }: StageParts): DrawnScene | undefined {
  const { layout, pane } = layers[active];
  return layout && { ...createScenes(model)(layout), viewport: pane.viewport(), flipped: active === 1 };
}
