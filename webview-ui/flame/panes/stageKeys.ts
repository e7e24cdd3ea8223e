import type { KeyCommand } from '../interaction/keyboard';
import { panned, zoomed, type Limits, type Viewport } from '../interaction/viewport';
import { walk, type Step } from '../interaction/walk';
import { select, zoomTo } from './stageSelection';
import type { StageParts } from './stageParts';

const ZOOM_STEP = 1.4;
const PAN_STEP = 0.15;
/** Of the height that is seen. */
const PAGE_STEP = 0.8;
const MIDDLE = 0.5;

const steps: Partial<Record<string, (flipped: boolean) => Step>> = {
  caller: (flipped) => (flipped ? 'awayFromRoot' : 'towardRoot'),
  callee: (flipped) => (flipped ? 'towardRoot' : 'awayFromRoot'),
  previousSibling: () => 'previous',
  nextSibling: () => 'next',
  root: () => 'root',
};

/** Does what a key asks for in the active layer; false where it is none of the stage's. */
export function runKey(stage: StageParts, command: KeyCommand): boolean {
  const { pane, layout, selected } = stage.layers[stage.active];
  if (!layout || typeof command !== 'string') return false;
  const step = steps[command]?.(stage.active === 1);
  if (step) walkTo(stage, step);
  else if (command === 'zoomToSelected') {
    if (selected >= 0) zoomTo(stage, stage.active, selected);
  } else {
    const view = moved(command, pane.viewport(), pane.limits(), stage.active === 1);
    if (!view) return false;
    pane.moveTo(view, { animated: true });
  }
  return true;
}

function walkTo(stage: StageParts, step: Step): void {
  const { model, layers, active, tree } = stage;
  const { pane, layout, selected } = layers[active];
  if (!layout) return;
  const next = walk(layout, selected, step, pane.viewport(), pane.element.clientWidth);
  // From the method in the middle of a sandwich the way leads on into the other half.
  if (next < 0 && step === 'towardRoot' && model.result?.view === 'sandwich') select(stage, 1 - active, 0, true, true);
  else if (next >= 0) select(stage, active, next, true, true);
  tree.focus();
}

function moved(command: string, view: Viewport, limits: Limits, flipped: boolean): Viewport | undefined {
  switch (command) {
    case 'zoomIn':
    case 'zoomOut':
      return zoomed(view, command === 'zoomIn' ? ZOOM_STEP : 1 / ZOOM_STEP, MIDDLE, limits);
    case 'panLeft':
    case 'panRight':
      return panned(view, command === 'panLeft' ? -PAN_STEP : PAN_STEP, 0, limits);
    case 'rowsUp':
    case 'rowsDown':
      return panned(view, 0, ((command === 'rowsUp') === !flipped ? -PAGE_STEP : PAGE_STEP) * limits.height, limits);
    default:
      return undefined;
  }
}
