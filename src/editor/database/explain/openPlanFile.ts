import { basename } from 'node:path';
import * as vscode from 'vscode';
import { runMarkdown } from '../../../core/database/runText';
import type { Notify } from '../../messages/notify';
import { toClipboard } from '../../messages/tell';
import type { ExplainPanels } from './explainPanels';
import { choosePlanFile, planContent, readPlanFile } from './planFile';
import type { RawDocuments } from './rawDocuments';

export interface PlanFileServices {
  readonly panels: ExplainPanels;
  readonly raw: RawDocuments;
  readonly notify: Notify;
}

/** Shows a saved explain result, see `choosePlanFile`. */
export async function openPlanFile(
  { panels, raw: documents, notify }: PlanFileServices,
  clicked: unknown,
): Promise<void> {
  const uri = await choosePlanFile(clicked);
  if (!uri) return;
  const { run, raw } = await readPlanFile(uri);
  const name = basename(uri.path);
  const content = planContent(vscode.l10n.t('Plan of {0}', name), run, raw, (message) => {
    const done = (): Promise<unknown> | undefined => {
      if (message.type === 'openRaw') return documents.open(name, raw);
      if (message.type === 'openSource') return Promise.resolve(vscode.window.showTextDocument(uri));
      if (message.type === 'copyIndex' && run.suggestions[message.suggestion])
        return toClipboard(run.suggestions[message.suggestion].ddl);
      if (message.type !== 'copy') return undefined;
      return toClipboard(message.what === 'raw' ? raw : message.what === 'markdown' ? runMarkdown(run) : run.text);
    };
    void done()?.catch((error: unknown) => notify.error(error));
  });
  panels.showContent(content);
}
