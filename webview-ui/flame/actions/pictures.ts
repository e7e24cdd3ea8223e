import type { PageExportFormat } from '../../../src/core/protocol/flame';
import { pngPicture, svgPicture } from '../panes/exportPicture';
import { download } from '../host/report';
import type { PageActions } from '../model/actions';
import { text } from '../model/strings';
import type { ActionContext } from './context';

export interface PictureActions extends Pick<PageActions, 'exportAs'> {
  /** A drawing of what is shown. @throws Error with a text for people, which is shown here as well where it helps here. */
  draw(format: PageExportFormat): Promise<ArrayBuffer | string>;
}

export function pictureActions(context: ActionContext): PictureActions {
  return {
    draw: (format) => draw(context, format),
    exportAs: (format) => {
      if (format === 'other') context.host.post({ type: 'askExport' });
      else if (context.host.kind === 'editor') context.host.post({ type: 'askExport', format });
      // A picture that cannot be made is told of where it is asked for.
      else
        void draw(context, format).then(
          (data) => download(data, `flame-graph.${format}`),
          () => undefined,
        );
    },
  };
}

async function draw(
  { model, flow, stage, info }: ActionContext,
  format: PageExportFormat,
): Promise<ArrayBuffer | string> {
  // Another view may have been chosen a moment ago.
  await flow.settled();
  const scene = stage().scene();
  if (!scene || model.choices.view === 'table') {
    info(text('export.noPicture'));
    throw new Error(text('export.noPicture'));
  }
  return format === 'svg' ? svgPicture(model, scene) : pngPicture(model, scene);
}
