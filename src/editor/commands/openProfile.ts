import * as vscode from 'vscode';
import type { Log } from '../messages/log';
import type { Notify } from '../messages/notify';
import { withStatusProgress } from '../messages/progress';
import { askFiles } from '../messages/questions';
import { requireFile } from '../workspace/requireFile';
import type { RecordingHost } from '../recording/recordingHost';

/** Loads profiles as heat: those given (the explorer hands over its selection), else those the user chooses. */
export async function openProfile(
  uris: readonly vscode.Uri[],
  host: RecordingHost,
  notify: Notify,
  log: Log,
): Promise<void> {
  const files = uris.length ? uris : await chooseProfiles();
  if (!files?.length) return;
  const { recording } = await host.start();
  const paths = files.map((uri) => uri.fsPath);
  const title = vscode.l10n.t('Reading profiles');
  const { problems } = await withStatusProgress(title, () => recording.loadFiles(paths));
  log.info(`loaded ${paths.join(', ')}`);
  // One message for all files; the log has each.
  for (const problem of problems) log.warn(problem);
  const [first] = problems;
  if (first === undefined) return;
  const more = problems.length - 1;
  const text = more > 0 ? vscode.l10n.t('{0} (and {1} more in the log)', first, more) : first;
  notify.warn(text);
}

function chooseProfiles(): Thenable<vscode.Uri[] | undefined> {
  return askFiles({
    title: vscode.l10n.t('Profiles to show as heat'),
    several: true,
    filters: { [vscode.l10n.t('CPU and heap profiles')]: ['cpuprofile', 'heapprofile'] },
  });
}

/** The explorer passes the clicked file and the whole selection. Throws `uriRefused`. */
export function profileUris(clicked: unknown, selection: unknown): vscode.Uri[] {
  const all = Array.isArray(selection) && selection.length ? (selection as unknown[]) : [clicked];
  return all.filter((uri) => uri instanceof vscode.Uri).map(requireFile);
}
