import type { FramePlace } from '../../../src/core/profile/frame';
import type { FlameHost } from '../host/connectHost';
import type { DataFlow } from '../host/dataFlow';
import { placeOf, type PageModel } from '../model/pageModel';
import type { Stage } from '../panes/stage';
import type { TablePane } from '../panes/tablePane';

/** What actions act on. */
export interface ActionContext {
  readonly model: PageModel;
  readonly host: FlameHost;
  readonly flow: DataFlow;
  announce(words: string): void;
  info(words: string): void;
  update(): void;
  repaint(): void;
  stage(): Stage;
  table(): TablePane;
  help(): void;
  /** The next result is drawn from its beginning. */
  forgetPlace(): void;
  showPosition(position: number | undefined, count: number): void;
  showDetails(): void;
  /** Something that the saved state tells has changed. */
  changed(): void;
}

export function choose({ model, changed }: ActionContext, choices: Partial<PageModel['choices']>): void {
  model.choices = { ...model.choices, ...choices };
  changed();
}

export async function refresh({ update, flow }: ActionContext): Promise<void> {
  update();
  await flow.refresh();
}

export function nameOf({ model }: ActionContext, frame: number): string {
  return placeOf(model, frame).name;
}

/** Undefined for what has no source. */
export function sourcePlaceOf({ model }: ActionContext, frame: number): FramePlace | undefined {
  const viewFrame = model.result?.frames[frame];
  if (!viewFrame || viewFrame.frame < 0 || viewFrame.category !== 'source') return undefined;
  return { functionName: viewFrame.name, ...viewFrame.place };
}
