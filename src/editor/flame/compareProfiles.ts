import { basename } from 'node:path';
import * as vscode from 'vscode';
import { encodeColumns } from '../../core/profile/columnsCodec';
import type { ProfileColumns } from '../../core/profile/profileColumns';
import { openProfile } from '../../node/profiles/openProfile';
import { withQuietProgress } from '../messages/progress';
import { whenShown } from './flameContent';
import type { FlamePage } from './flamePage';
import { chooseProfile } from './profileFilters';

/** Who can show a profile file in a page. */
export interface ProfileOpener {
  openInEditor(uri: vscode.Uri): Promise<FlamePage>;
}

const KEY = 'heatlens.flameComparisons';

/** Asks what was before, and shows the page's profile against it. */
export async function compareInPage(page: FlamePage, memento: vscode.Memento): Promise<void> {
  const before = await chooseProfile(vscode.l10n.t('Compare {0} with an earlier profile', page.content.name));
  if (before) await compareWithFile(page, before, memento);
}

/** Two files: what was before, and what is now. */
export async function compareFiles(
  before: vscode.Uri,
  after: vscode.Uri,
  opener: ProfileOpener,
  memento: vscode.Memento,
): Promise<void> {
  await compareWithFile(await opener.openInEditor(after), before, memento);
}

/** What a file was compared with before the window was reloaded, without a change of the view. */
export async function restoreComparison(page: FlamePage, memento: vscode.Memento): Promise<void> {
  const { uri } = page.content;
  const before = uri && memento.get<Record<string, string>>(KEY, {})[uri.toString()];
  if (before === undefined) return;
  const profiles = await openProfile(before);
  const shown = await whenShown(page.content);
  page.compareWith(encodeColumns(counterpart(profiles, shown?.columns.title)));
}

/** The path of what was before; undefined forgets it. */
export function rememberComparison(
  { content: { uri } }: FlamePage,
  path: string | undefined,
  memento: vscode.Memento,
): void {
  if (!uri) return;
  const { [uri.toString()]: known, ...others } = memento.get<Record<string, string>>(KEY, {});
  if (known !== path) void memento.update(KEY, path === undefined ? others : { ...others, [uri.toString()]: path });
}

async function compareWithFile(page: FlamePage, before: vscode.Uri, memento: vscode.Memento): Promise<void> {
  const title = vscode.l10n.t('Reading {0}', basename(before.path));
  const profiles = await withQuietProgress(title, ({ signal, report }) =>
    openProfile(before.fsPath, { signal, onProgress: (fraction) => report(`${Math.round(fraction * 100)} %`) }),
  );
  const shown = await whenShown(page.content);
  page.compareWith(encodeColumns(counterpart(profiles, shown?.columns.title)));
  page.command({ name: 'view', view: 'difference' });
  rememberComparison(page, before.fsPath, memento);
}

/** Of several threads in the file, the one that is called as the one on the page. */
function counterpart(profiles: readonly ProfileColumns[], title: string | undefined): ProfileColumns {
  return profiles.find((profile) => profile.title === title) ?? profiles[0];
}
