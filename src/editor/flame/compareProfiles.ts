import { basename } from 'node:path';
import * as vscode from 'vscode';
import { encodeColumns } from '../../core/profile/columnsCodec';
import type { ProfileColumns } from '../../core/profile/profileColumns';
import { openProfile } from '../../node/profiles/openProfile';
import { whenShown } from './flameContent';
import type { FlamePage } from './flamePage';
import { chooseProfile } from './profileFilters';

/** Who can show a profile file in a page. */
export interface ProfileOpener {
  openInEditor(uri: vscode.Uri): Promise<FlamePage>;
}

/** Asks what was before, and shows the page's profile against it. */
export async function compareInPage(page: FlamePage): Promise<void> {
  const before = await chooseProfile(vscode.l10n.t('Compare {0} with (what was before)', page.content.name));
  if (before) await compareWithFile(page, before);
}

/** Two files: what was before, and what is now. */
export async function compareFiles(before: vscode.Uri, after: vscode.Uri, opener: ProfileOpener): Promise<void> {
  await compareWithFile(await opener.openInEditor(after), before);
}

export async function compareWithFile(page: FlamePage, before: vscode.Uri): Promise<void> {
  const title = vscode.l10n.t('Reading {0}', basename(before.path));
  const profiles = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    async (progress, token) => {
      const abort = new AbortController();
      const cancellation = token.onCancellationRequested(() => abort.abort());
      let shown = 0;
      const onProgress = (fraction: number): void => {
        progress.report({ increment: (fraction - shown) * 100 });
        shown = fraction;
      };
      try {
        return await openProfile(before.fsPath, { signal: abort.signal, onProgress });
      } finally {
        cancellation.dispose();
      }
    },
  );
  const shown = await whenShown(page.content);
  page.compareWith(encodeColumns(counterpart(profiles, shown?.columns.title)));
}

/** Of several threads in the file, the one that is called as the one on the page. */
function counterpart(profiles: readonly ProfileColumns[], title: string | undefined): ProfileColumns {
  return profiles.find((profile) => profile.title === title) ?? profiles[0];
}
