import type { FlameLayout } from '../../../src/core/flame/layouts/flameLayout';
import { element } from '../../common/dom';
import { createStackTree, type StackTree } from '../access/stackTree';
import { createFlamePane, type FlamePane, type FlamePaneEvents } from '../drawing/flamePane';
import { createMinimap, type Minimap } from '../drawing/minimap';
import { createRuler, type Ruler } from '../drawing/ruler';
import type { PageModel } from '../model/pageModel';
import { text } from '../model/strings';
import { createTooltip, type Tooltip } from './tooltip';

/** One drawing and what is in it. */
export interface Layer {
  readonly pane: FlamePane;
  readonly host: HTMLElement;
  layout?: FlameLayout;
  selected: number;
}

export interface StageEvents {
  /** The user chose a box, or what stood for the selection changed with the data. */
  selectionChanged(frame: number | undefined, byUser: boolean): void;
  /** Something that the saved state tells has changed. */
  moved(): void;
}

/** What the stage is made of, and where the user is in it. */
export interface StageParts {
  readonly model: PageModel;
  readonly events: StageEvents;
  readonly host: HTMLElement;
  /** The drawing; for a sandwich the callees, and then the callers. */
  readonly layers: readonly Layer[];
  readonly captions: readonly HTMLElement[];
  readonly minimap: Minimap;
  readonly ruler: Ruler;
  readonly tooltip: Tooltip;
  readonly tree: StackTree;
  /** Index of the layer that has the selection. */
  active: number;
  /** µs; of what is drawn: the facts may be of newer data already. */
  originUs: number;
}

export interface StageInputs {
  /** What happens in a layer. */
  paneEvents(index: number): FlamePaneEvents;
  minimapMoved(from: number, to: number): void;
  /** A box of the active layer was chosen in the list of its stack. */
  chosen(box: number): void;
  treeFocusChanged(): void;
}

export function createStageParts(model: PageModel, events: StageEvents, inputs: StageInputs): StageParts {
  const tooltip = createTooltip();
  const ruler = createRuler();
  const caption = (label: string): HTMLElement => element('div', { class: 'caption' }, label);
  const layers: Layer[] = [false, true].map((flipped, index) => {
    const pane = createFlamePane(flipped, inputs.paneEvents(index));
    const host = element('div', { class: flipped ? 'layer callers' : 'layer' }, pane.element);
    return { pane, host, selected: -1 };
  });
  const captions = [caption(text('flame.callees')), caption(text('flame.callers'))];
  layers.forEach(({ host }, index) => (index === 0 ? host.prepend(captions[0]) : host.append(captions[1])));
  const minimap = createMinimap(inputs.minimapMoved);
  const tree = createStackTree(inputs.chosen, inputs.treeFocusChanged);
  const host = element(
    'div',
    { class: 'drawings' },
    ruler.element,
    layers[1].host,
    layers[0].host,
    tree.element,
    tooltip.element,
  );
  return { model, events, host, layers, captions, minimap, ruler, tooltip, tree, active: 0, originUs: 0 };
}
