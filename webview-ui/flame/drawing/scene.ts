import type { FlameLayout } from '../../../src/core/flame/layouts/flameLayout';
import { activeMatches, placeOf, type PageModel } from '../model/pageModel';
import type { ViewResult } from '../model/workerProtocol';
import type { Scene } from './flamePane';
import { labelNames } from './labels';
import { framePaints, paintByFrame, paintDifference } from './paints';

export interface LayerLayout {
  readonly layout: FlameLayout;
  /** Rows grow upward. */
  readonly flipped: boolean;
}

/** The layouts of a result, in the order of their panes: what is drawn alone, or callees and callers. */
export function layoutsOf(result: ViewResult): readonly LayerLayout[] {
  switch (result.view) {
    case 'table':
      return [];
    case 'sandwich':
      return [
        { layout: result.callees, flipped: false },
        { layout: result.callers, flipped: true },
      ];
    case 'timeOrder':
    case 'leftHeavy':
    case 'inverted':
    case 'difference':
      return [{ layout: result.layout, flipped: false }];
  }
}

/** How the model's result looks now: its colours, what the search left bright, and names as the source has them. */
export function createScenes(model: PageModel): (layout: FlameLayout) => Scene {
  const { result, choices, theme } = model;
  const matches = activeMatches(model);
  const name = labelNames((frame) => placeOf(model, frame).name);
  if (result?.view === 'difference') {
    return () => ({ layout: result.layout, name, paint: paintDifference(result.layout, theme, matches) });
  }
  const source = {
    mode: choices.colour,
    frames: result?.frames ?? [],
    selfs: result?.frameSelfs ?? new Float64Array(0),
    packageOf: (frame: number) => placeOf(model, frame).packageName,
    fileOf: (frame: number) => placeOf(model, frame).file ?? '',
  };
  const paints = framePaints(source, theme, matches);
  return (layout) => ({ layout, name, paint: paintByFrame(layout, paints, theme, matches) });
}
